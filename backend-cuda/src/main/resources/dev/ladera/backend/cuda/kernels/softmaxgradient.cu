// The gradients of softmax and its logarithm, from the gradient g of the output y, with the roundings of their
// decompositions.
template <bool logarithm> HERE void along(const T* g, const T* y, T* out, const Walk& lines, i64 gStride, i64 yStride, i64 outStride, i64 count, i64 length) {
  for (i64 line = first_line(); line < count; line = next_line(line)) {
    i64 at[OPERANDS];
    locate(lines, (u64) line, at);
    const T* gradient = g + at[0];
    const T* output = y + at[1];
    T* to = out + at[2];
    A sum = 0;
    for (i64 i = first_place(); i < length; i = next_place(i)) {
      sum = add(sum, (A) (logarithm ? gradient[i * gStride] : gradient[i * gStride] * output[i * yStride]));
    }
    T total = (T) all_sum(sum);
    for (i64 i = first_place(); i < length; i = next_place(i)) {
      T own = gradient[i * gStride];
      T value = output[i * yStride];
      to[i * outStride] = logarithm ? own - m_exp(value) * total : own * value - value * total;
    }
  }
}

extern "C" __global__ void softmax(const T* g, const T* y, T* out, Walk lines, i64 gStride, i64 yStride, i64 outStride, i64 count, i64 length) { along<false>(g, y, out, lines, gStride, yStride, outStride, count, length); }
extern "C" __global__ void log_softmax(const T* g, const T* y, T* out, Walk lines, i64 gStride, i64 yStride, i64 outStride, i64 count, i64 length) { along<true>(g, y, out, lines, gStride, yStride, outStride, count, length); }
