// Softmax and its logarithm along an axis, with the roundings of their decompositions.
template <bool logarithm> HERE void along(const T* x, T* out, const Walk& lines, i64 stride, i64 outStride, i64 count, i64 length) {
  for (i64 line = first_line(); line < count; line = next_line(line)) {
    i64 at[OPERANDS];
    locate(lines, (u64) line, at);
    const T* from = x + at[0];
    T* to = out + at[1];
    T own = (T) as_double(0xFFF0000000000000ull);
    for (i64 i = first_place(); i < length; i = next_place(i)) own = larger(own, from[i * stride]);
    T largest = all_largest(own);
    A sum = 0;
    for (i64 i = first_place(); i < length; i = next_place(i)) sum = add(sum, (A) m_exp(from[i * stride] - largest));
    T total = (T) all_sum(sum);
    for (i64 i = first_place(); i < length; i = next_place(i)) {
      T shifted = from[i * stride] - largest;
      to[i * outStride] = logarithm ? shifted - m_log(total) : m_exp(shifted) / total;
    }
  }
}

extern "C" __global__ void softmax(const T* x, T* out, Walk lines, i64 stride, i64 outStride, i64 count, i64 length) { along<false>(x, out, lines, stride, outStride, count, length); }
extern "C" __global__ void log_softmax(const T* x, T* out, Walk lines, i64 stride, i64 outStride, i64 count, i64 length) { along<true>(x, out, lines, stride, outStride, count, length); }
