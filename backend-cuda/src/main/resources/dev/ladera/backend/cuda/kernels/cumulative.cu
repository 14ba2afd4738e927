// Running sums or products along an axis: float32 in float64, integers in int64.
HERE A join(A a, A b) { return JOIN(a, b); }

extern "C" __global__ void by_thread(const T* x, T* out, Walk lines, i64 stride, i64 outStride, i64 count, i64 length) {
  for (i64 line = thread_index(); line < count; line += thread_count()) {
    i64 at[OPERANDS];
    locate(lines, (u64) line, at);
    A running = FIRST;
    for (i64 i = 0; i < length; i++) {
      running = join(running, (A) x[at[0] + i * stride]);
      out[at[1] + i * outStride] = (T) running;
    }
  }
}

// A block a line: as many elements at a time as the block has threads, by doubling distances.
extern "C" __global__ void by_block(const T* x, T* out, Walk lines, i64 stride, i64 outStride, i64 length) {
  __shared__ A parts[2][256];
  i64 at[OPERANDS];
  locate(lines, blockIdx.x, at);
  A before = FIRST;
  for (i64 begin = 0; begin < length; begin += blockDim.x) {
    i64 i = begin + threadIdx.x;
    int side = 0;
    parts[0][threadIdx.x] = i < length ? (A) x[at[0] + i * stride] : (A) FIRST;
    __syncthreads();
    for (u32 distance = 1; distance < blockDim.x; distance *= 2) {
      A own = parts[side][threadIdx.x];
      parts[1 - side][threadIdx.x] = threadIdx.x >= distance ? join(parts[side][threadIdx.x - distance], own) : own;
      side = 1 - side;
      __syncthreads();
    }
    if (i < length) out[at[1] + i * outStride] = (T) join(before, parts[side][threadIdx.x]);
    before = join(before, parts[side][blockDim.x - 1]);
    __syncthreads();
  }
}
