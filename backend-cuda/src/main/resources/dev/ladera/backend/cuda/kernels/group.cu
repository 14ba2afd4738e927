// A line of elements is one thread's (SOLO), or a block's, whose threads take every blockDim-th element and join
// what they have in a tree: always in the same order. A block's joins may stand in loops that all its threads run.
#ifdef SOLO
HERE i64 first_line() { return thread_index(); }
HERE i64 next_line(i64 line) { return line + thread_count(); }
HERE i64 first_place() { return 0; }
HERE i64 next_place(i64 place) { return place + 1; }
HERE T all_largest(T own) { return own; }
HERE A all_sum(A own) { return own; }
#else
HERE i64 first_line() { return blockIdx.x; }
HERE i64 next_line(i64 line) { return line + gridDim.x; }
HERE i64 first_place() { return threadIdx.x; }
HERE i64 next_place(i64 place) { return place + blockDim.x; }

HERE T all_largest(T own) {
  __shared__ T shared[256];
  shared[threadIdx.x] = own;
  __syncthreads();
  for (u32 half = blockDim.x / 2; half > 0; half /= 2) {
    if (threadIdx.x < half) shared[threadIdx.x] = larger(shared[threadIdx.x], shared[threadIdx.x + half]);
    __syncthreads();
  }
  T largest = shared[0];
  __syncthreads();
  return largest;
}

HERE A all_sum(A own) {
  __shared__ A shared[256];
  shared[threadIdx.x] = own;
  __syncthreads();
  for (u32 half = blockDim.x / 2; half > 0; half /= 2) {
    if (threadIdx.x < half) shared[threadIdx.x] = add(shared[threadIdx.x], shared[threadIdx.x + half]);
    __syncthreads();
  }
  A sum = shared[0];
  __syncthreads();
  return sum;
}
#endif
