// Elements of one size moved from one layout to another.
extern "C" __global__ void copy(T* out, const T* x, Walk walk, i64 count) {
  for (i64 place = thread_index(); place < count; place += thread_count()) {
    i64 at[OPERANDS];
    locate(walk, (u64) place, at);
    out[at[0]] = x[at[1]];
  }
}
