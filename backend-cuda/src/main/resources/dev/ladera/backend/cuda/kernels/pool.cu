// Pooling over up to three spatial axes; missing ones are put in front, with size 1. Sums are float64.
struct Window {
  int size[3];
  int out[3];
  int kernel[3];
  int stride[3];
  int padding[3];
  int dilation[3];
  i64 channels;
};
struct Strides { i64 at[5]; };

// The index of a place of (plane, o0, o1, o2) as three spatial indices; answers the plane.
HERE i64 split(i64 place, const int* sizes, int* index) {
  for (int axis = 2; axis >= 0; axis--) {
    index[axis] = (int) (place % sizes[axis]);
    place /= sizes[axis];
  }
  return place;
}
HERE i64 offset(const Strides& strides, const Window& w, i64 plane, const int* index) {
  i64 at = plane / w.channels * strides.at[0] + plane % w.channels * strides.at[1];
  for (int axis = 0; axis < 3; axis++) at += index[axis] * strides.at[axis + 2];
  return at;
}

// What an average over the window at a position divides by.
HERE double area(const Window& w, const int* position, int withPadding) {
  i64 product = 1;
  for (int axis = 0; axis < 3; axis++) {
    i64 start = (i64) position[axis] * w.stride[axis] - w.padding[axis];
    i64 end = start + w.kernel[axis];
    i64 first = start;
    i64 last = end < w.size[axis] + w.padding[axis] ? end : w.size[axis] + w.padding[axis];
    if (!withPadding) {
      first = first > 0 ? first : 0;
      last = last < w.size[axis] ? last : w.size[axis];
    }
    product *= last - first;
  }
  return (double) product;
}

extern "C" __global__ void maximum(const T* x, T* out, i64* places, Window w, Strides strides, i64 count) {
  for (i64 at = thread_index(); at < count; at += thread_count()) {
    int o[3], i[3];
    i64 plane = split(at, w.out, o);
    T best = 0;
    i64 place = -1;
    for (int a = 0; a < w.kernel[0]; a++) {
      i[0] = o[0] * w.stride[0] - w.padding[0] + a * w.dilation[0];
      if (i[0] < 0 || i[0] >= w.size[0]) continue;
      for (int b = 0; b < w.kernel[1]; b++) {
        i[1] = o[1] * w.stride[1] - w.padding[1] + b * w.dilation[1];
        if (i[1] < 0 || i[1] >= w.size[1]) continue;
        for (int c = 0; c < w.kernel[2]; c++) {
          i[2] = o[2] * w.stride[2] - w.padding[2] + c * w.dilation[2];
          if (i[2] < 0 || i[2] >= w.size[2]) continue;
          T value = x[offset(strides, w, plane, i)];
          if (place < 0 || value > best || is_nan(value)) {
            best = value;
            place = ((i64) i[0] * w.size[1] + i[1]) * w.size[2] + i[2];
          }
        }
      }
    }
    out[at] = best;
    places[at] = place;
  }
}

extern "C" __global__ void average(const T* x, T* out, Window w, Strides strides, int withPadding, i64 count) {
  for (i64 at = thread_index(); at < count; at += thread_count()) {
    int o[3], i[3];
    i64 plane = split(at, w.out, o);
    double sum = 0;
    for (int a = 0; a < w.kernel[0]; a++) {
      i[0] = o[0] * w.stride[0] - w.padding[0] + a;
      if (i[0] < 0 || i[0] >= w.size[0]) continue;
      for (int b = 0; b < w.kernel[1]; b++) {
        i[1] = o[1] * w.stride[1] - w.padding[1] + b;
        if (i[1] < 0 || i[1] >= w.size[1]) continue;
        for (int c = 0; c < w.kernel[2]; c++) {
          i[2] = o[2] * w.stride[2] - w.padding[2] + c;
          if (i[2] < 0 || i[2] >= w.size[2]) continue;
          sum += (double) x[offset(strides, w, plane, i)];
        }
      }
    }
    out[at] = (T) (sum / area(w, o, withPadding));
  }
}

// Which position has the element under its tap; -1 where there is none.
HERE int position(const Window& w, int axis, int index, int tap) {
  int distance = index + w.padding[axis] - tap * w.dilation[axis];
  if (distance < 0 || distance % w.stride[axis] != 0) return -1;
  int found = distance / w.stride[axis];
  return found < w.out[axis] ? found : -1;
}

// Each element of the input gathers from the windows that cover it, in their order.
template <class Share> HERE double gathered(const Window& w, const int* i, Share share) {
  double sum = 0;
  int o[3];
  for (int a = w.kernel[0] - 1; a >= 0; a--) {
    if ((o[0] = position(w, 0, i[0], a)) < 0) continue;
    for (int b = w.kernel[1] - 1; b >= 0; b--) {
      if ((o[1] = position(w, 1, i[1], b)) < 0) continue;
      for (int c = w.kernel[2] - 1; c >= 0; c--) {
        if ((o[2] = position(w, 2, i[2], c)) >= 0) sum += share(o);
      }
    }
  }
  return sum;
}

struct MaximumShare {
  const T* gradient;
  const P* places;
  const Window& w;
  const Strides& strides;
  const Strides& placeStrides;
  i64 plane;
  i64 own;
  __device__ double operator()(const int* o) const {
    return places[offset(placeStrides, w, plane, o)] == own ? (double) gradient[offset(strides, w, plane, o)] : 0.0;
  }
};
struct AverageShare {
  const T* gradient;
  const Window& w;
  const Strides& strides;
  int withPadding;
  i64 plane;
  __device__ double operator()(const int* o) const { return (double) gradient[offset(strides, w, plane, o)] / area(w, o, withPadding); }
};

extern "C" __global__ void maximum_gradient(const T* gradient, const P* places, T* out, Window w, Strides strides, Strides placeStrides, i64 count) {
  for (i64 at = thread_index(); at < count; at += thread_count()) {
    int i[3];
    i64 plane = split(at, w.size, i);
    i64 own = ((i64) i[0] * w.size[1] + i[1]) * w.size[2] + i[2];
    MaximumShare share = {gradient, places, w, strides, placeStrides, plane, own};
    out[at] = (T) gathered(w, i, share);
  }
}

extern "C" __global__ void average_gradient(const T* gradient, T* out, Window w, Strides strides, int withPadding, i64 count) {
  for (i64 at = thread_index(); at < count; at += thread_count()) {
    int i[3];
    i64 plane = split(at, w.size, i);
    AverageShare share = {gradient, w, strides, withPadding, plane};
    out[at] = (T) gathered(w, i, share);
  }
}
