// Elements joined along axes: float32 in float64, integers in int64. Every order is fixed by sizes alone, so
// the bits are the same on every device. Long ways are cut into chunks whose parts a second pass joins.
HERE A first() { return FIRST; }
HERE A join(A a, A b) { return JOIN(a, b); }

// A thread an output and chunk; neighbouring threads read neighbouring elements where outputs are neighbours.
template <class In, class Out> HERE void by_thread(const In* x, Out* out, const Walk& kept, const Walk& along, i64 outputs, i64 length, i64 chunk, i64 parts) {
  for (i64 part = thread_index(); part < parts; part += thread_count()) {
    const In* from = x + locate(kept, (u64) (part % outputs));
    i64 begin = part / outputs * chunk;
    i64 end = begin + chunk < length ? begin + chunk : length;
    A joined = first();
    for (i64 i = begin; i < end; i++) joined = join(joined, (A) from[locate(along, (u64) i)]);
    out[part] = (Out) joined;
  }
}

// A block an output and chunk: threads join what is a block apart, and a tree joins the threads.
template <class In, class Out> HERE void by_block(const In* x, Out* out, const Walk& kept, const Walk& along, i64 outputs, i64 length, i64 chunk) {
  __shared__ A shared[256];
  i64 part = blockIdx.x;
  const In* from = x + locate(kept, (u64) (part % outputs));
  i64 begin = part / outputs * chunk;
  i64 end = begin + chunk < length ? begin + chunk : length;
  A joined = first();
  for (i64 i = begin + threadIdx.x; i < end; i += blockDim.x) joined = join(joined, (A) from[locate(along, (u64) i)]);
  shared[threadIdx.x] = joined;
  __syncthreads();
  for (u32 half = blockDim.x / 2; half > 0; half /= 2) {
    if (threadIdx.x < half) shared[threadIdx.x] = join(shared[threadIdx.x], shared[threadIdx.x + half]);
    __syncthreads();
  }
  if (threadIdx.x == 0) out[part] = (Out) shared[0];
}

extern "C" __global__ void threads_whole(const T* x, T* out, Walk kept, Walk along, i64 outputs, i64 length, i64 chunk, i64 parts) { by_thread(x, out, kept, along, outputs, length, chunk, parts); }
extern "C" __global__ void blocks_whole(const T* x, T* out, Walk kept, Walk along, i64 outputs, i64 length, i64 chunk, i64 parts) { by_block(x, out, kept, along, outputs, length, chunk); }
extern "C" __global__ void threads_parts(const T* x, A* out, Walk kept, Walk along, i64 outputs, i64 length, i64 chunk, i64 parts) { by_thread(x, out, kept, along, outputs, length, chunk, parts); }
extern "C" __global__ void blocks_parts(const T* x, A* out, Walk kept, Walk along, i64 outputs, i64 length, i64 chunk, i64 parts) { by_block(x, out, kept, along, outputs, length, chunk); }
extern "C" __global__ void threads_finish(const A* x, T* out, Walk kept, Walk along, i64 outputs, i64 length, i64 chunk, i64 parts) { by_thread(x, out, kept, along, outputs, length, chunk, parts); }
extern "C" __global__ void blocks_finish(const A* x, T* out, Walk kept, Walk along, i64 outputs, i64 length, i64 chunk, i64 parts) { by_block(x, out, kept, along, outputs, length, chunk); }
