// Elements added at indexed places of "out", which holds the base. A line is what varies along the axis; all
// that is added to a line's places comes from the same line, in order, so the bits are the same each time.
// Several threads share a line, each with the places that are its own number
// modulo their count, a power of two. The walk's operands are out, index and source, each without the axis.
extern "C" __global__ void scatter(T* out, const I* index, const T* source, Walk lines, i64 outStride, i64 indexStride, i64 sourceStride, i64 size, i64 length, i64 count, i64 owners, int* fault, int ticket) {
  for (i64 task = thread_index(); task < count * owners; task += thread_count()) {
    i64 at[OPERANDS];
    locate(lines, (u64) (task % count), at);
    i64 own = task / count;
    for (i64 i = 0; i < length; i++) {
      i64 place = index[at[1] + i * indexStride];
      if (!inside(place, size, fault, ticket) || (place & (owners - 1)) != own) continue;
      T* target = out + at[0] + place * outStride;
      *target = add(*target, source[at[2] + i * sourceStride]);
    }
  }
}
