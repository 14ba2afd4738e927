// Layer normalisation and its gradients, of rows that lie one after the other; factor and summand may be null.
struct Moments { T mean; T scale; };

HERE Moments moments(const T* x, i64 length, double eps) {
  A sum = 0;
  for (i64 i = first_place(); i < length; i = next_place(i)) sum = add(sum, (A) x[i]);
  T mean = (T) (all_sum(sum) / (A) length);
  A squares = 0;
  for (i64 i = first_place(); i < length; i = next_place(i)) {
    T distance = x[i] - mean;
    squares = add(squares, (A) (distance * distance));
  }
  T variance = (T) (all_sum(squares) / (A) length);
  return Moments{mean, m_rsqrt(variance + (T) eps)};
}

extern "C" __global__ void normalize(const T* x, const T* factor, const T* summand, T* out, double eps, i64 rows, i64 length) {
  for (i64 row = first_line(); row < rows; row = next_line(row)) {
    const T* from = x + row * length;
    Moments own = moments(from, length, eps);
    for (i64 i = first_place(); i < length; i = next_place(i)) {
      T value = (from[i] - own.mean) * own.scale;
      if (factor) value = value * factor[i];
      out[row * length + i] = summand ? value + summand[i] : value;
    }
  }
}

// The input's gradient; keeps each row's moments for the other two.
extern "C" __global__ void input_gradient(const T* g, const T* x, const T* factor, T* out, Moments* kept, double eps, i64 rows, i64 length) {
  for (i64 row = first_line(); row < rows; row = next_line(row)) {
    const T* gradient = g + row * length;
    const T* from = x + row * length;
    Moments own = moments(from, length, eps);
    A sum = 0;
    A weighted = 0;
    for (i64 i = first_place(); i < length; i = next_place(i)) {
      T value = factor ? gradient[i] * factor[i] : gradient[i];
      sum = add(sum, (A) value);
      weighted = add(weighted, (A) (value * ((from[i] - own.mean) * own.scale)));
    }
    T mean = (T) (all_sum(sum) / (A) length);
    T along = (T) (all_sum(weighted) / (A) length);
    for (i64 i = first_place(); i < length; i = next_place(i)) {
      T value = factor ? gradient[i] * factor[i] : gradient[i];
      T normal = (from[i] - own.mean) * own.scale;
      out[row * length + i] = (value - mean - normal * along) * own.scale;
    }
    if (kept && first_place() == 0) kept[row] = own;
  }
}

// The gradients of factor and summand, each of a place and some rows: parts, which the next kernel adds.
extern "C" __global__ void column_parts(const T* g, const T* x, const Moments* kept, A* parts, i64 rows, i64 length, i64 chunk, i64 chunks) {
  for (i64 part = thread_index(); part < chunks * length; part += thread_count()) {
    i64 column = part % length;
    i64 begin = part / length * chunk;
    i64 end = begin + chunk < rows ? begin + chunk : rows;
    A factor = 0;
    A summand = 0;
    for (i64 row = begin; row < end; row++) {
      T gradient = g[row * length + column];
      factor = add(factor, (A) (gradient * ((x[row * length + column] - kept[row].mean) * kept[row].scale)));
      summand = add(summand, (A) gradient);
    }
    parts[part] = factor;
    parts[chunks * length + part] = summand;
  }
}

extern "C" __global__ void columns(const A* parts, T* factor, T* summand, i64 length, i64 chunks) {
  for (i64 column = thread_index(); column < length; column += thread_count()) {
    A ofFactor = 0;
    A ofSummand = 0;
    for (i64 chunk = 0; chunk < chunks; chunk++) {
      ofFactor = add(ofFactor, parts[chunk * length + column]);
      ofSummand = add(ofSummand, parts[(chunks + chunk) * length + column]);
    }
    factor[column] = (T) ofFactor;
    summand[column] = (T) ofSummand;
  }
}
