// Elements picked along an axis by index. The walk's operands are the input, without a stride along the
// axis, and the index.
extern "C" __global__ void gather(T* out, const T* x, const I* index, Walk walk, i64 stride, i64 size, i64 count, int* fault, int ticket) {
  for (i64 place = thread_index(); place < count; place += thread_count()) {
    i64 at[OPERANDS];
    locate(walk, (u64) place, at);
    i64 picked = index[at[1]];
    out[place] = inside(picked, size, fault, ticket) ? x[at[0] + picked * stride] : (T) 0;
  }
}
