package dev.ladera.backend.cuda;

/**
 * A kernel in two forms: one that counts places in 32 bits, which is faster, and one for walks of
 * 2³¹ places and more.
 *
 * @param narrow the fast one
 * @param wide the other
 */
record SizedKernel(CudaKernel narrow, CudaKernel wide) {
  CudaKernel of(long places) {
    return places < Walk.WIDE ? narrow : wide;
  }
}
