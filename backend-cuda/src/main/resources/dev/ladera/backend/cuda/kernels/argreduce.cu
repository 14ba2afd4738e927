// The place of the largest or least element along an axis: the first of equals, and NaN wins.
HERE bool better(T a, i64 at, T b, i64 bt) {
  if (is_nan(a) || is_nan(b)) return is_nan(a) && (!is_nan(b) || at < bt);
  return a BETTER b || (a == b && at < bt);
}

extern "C" __global__ void by_thread(const T* x, i64* out, Walk kept, i64 stride, i64 outputs, i64 length) {
  for (i64 output = thread_index(); output < outputs; output += thread_count()) {
    const T* from = x + locate(kept, (u64) output);
    T best = from[0];
    i64 place = 0;
    for (i64 i = 1; i < length; i++) {
      T value = from[i * stride];
      if (better(value, i, best, place)) {
        best = value;
        place = i;
      }
    }
    out[output] = place;
  }
}

extern "C" __global__ void by_block(const T* x, i64* out, Walk kept, i64 stride, i64 length) {
  __shared__ T values[256];
  __shared__ i64 places[256];
  const T* from = x + locate(kept, blockIdx.x);
  i64 place = threadIdx.x < length ? (i64) threadIdx.x : 0;
  T best = from[place * stride];
  for (i64 i = place + blockDim.x; i < length; i += blockDim.x) {
    T value = from[i * stride];
    if (better(value, i, best, place)) {
      best = value;
      place = i;
    }
  }
  values[threadIdx.x] = best;
  places[threadIdx.x] = place;
  __syncthreads();
  for (u32 half = blockDim.x / 2; half > 0; half /= 2) {
    u32 other = threadIdx.x + half;
    if (threadIdx.x < half && better(values[other], places[other], values[threadIdx.x], places[threadIdx.x])) {
      values[threadIdx.x] = values[other];
      places[threadIdx.x] = places[other];
    }
    __syncthreads();
  }
  if (threadIdx.x == 0) out[blockIdx.x] = places[0];
}
