// Convolution over up to three spatial axes and its gradients, straight from the definition: what lies in the
// padding is no term, so that infinite weights make no NaN of it. Missing axes are put in front, with size 1.
struct Geometry {
  i64 channels, outputs, channelsPerGroup, outputsPerGroup, batch;
  int size[3];
  int out[3];
  int kernel[3];
  int stride[3];
  int padding[3];
  int dilation[3];
};
struct Strides { i64 at[5]; };

HERE i64 split(i64 place, const int* sizes, int* index) {
  for (int axis = 2; axis >= 0; axis--) {
    index[axis] = (int) (place % sizes[axis]);
    place /= sizes[axis];
  }
  return place;
}
HERE i64 offset(const Strides& strides, i64 first, i64 second, const int* index) {
  i64 at = first * strides.at[0] + second * strides.at[1];
  for (int axis = 0; axis < 3; axis++) at += index[axis] * strides.at[axis + 2];
  return at;
}
// Where a tap at a position meets the input; -1 in the padding.
HERE int met(const Geometry& g, int axis, int position, int tap) {
  int at = position * g.stride[axis] - g.padding[axis] + tap * g.dilation[axis];
  return at < g.size[axis] ? at : -1;
}
// Which position has the input's element under a tap; -1 where none has.
HERE int position(const Geometry& g, int axis, int index, int tap) {
  int distance = index + g.padding[axis] - tap * g.dilation[axis];
  if (distance < 0 || distance % g.stride[axis] != 0) return -1;
  int found = distance / g.stride[axis];
  return found < g.out[axis] ? found : -1;
}

extern "C" __global__ void forward(const T* x, const T* weight, T* out, Geometry g, Strides xs, Strides ws, i64 count) {
  for (i64 at = thread_index(); at < count; at += thread_count()) {
    int o[3], t[3], i[3];
    i64 plane = split(at, g.out, o);
    i64 output = plane % g.outputs, n = plane / g.outputs;
    i64 firstChannel = output / g.outputsPerGroup * g.channelsPerGroup;
    T sum = 0;
    for (i64 c = 0; c < g.channelsPerGroup; c++) {
      for (t[0] = 0; t[0] < g.kernel[0]; t[0]++) {
        if ((i[0] = met(g, 0, o[0], t[0])) < 0) continue;
        for (t[1] = 0; t[1] < g.kernel[1]; t[1]++) {
          if ((i[1] = met(g, 1, o[1], t[1])) < 0) continue;
          for (t[2] = 0; t[2] < g.kernel[2]; t[2]++) {
            if ((i[2] = met(g, 2, o[2], t[2])) < 0) continue;
            sum = multiply_add(x[offset(xs, n, firstChannel + c, i)], weight[offset(ws, output, c, t)], sum);
          }
        }
      }
    }
    out[at] = sum;
  }
}

extern "C" __global__ void input_gradient(const T* gradient, const T* weight, T* out, Geometry g, Strides gs, Strides ws, i64 count) {
  for (i64 at = thread_index(); at < count; at += thread_count()) {
    int o[3], t[3], i[3];
    i64 plane = split(at, g.size, i);
    i64 channel = plane % g.channels, n = plane / g.channels;
    i64 firstOutput = channel / g.channelsPerGroup * g.outputsPerGroup;
    i64 c = channel % g.channelsPerGroup;
    T sum = 0;
    for (i64 k = 0; k < g.outputsPerGroup; k++) {
      for (t[0] = 0; t[0] < g.kernel[0]; t[0]++) {
        if ((o[0] = position(g, 0, i[0], t[0])) < 0) continue;
        for (t[1] = 0; t[1] < g.kernel[1]; t[1]++) {
          if ((o[1] = position(g, 1, i[1], t[1])) < 0) continue;
          for (t[2] = 0; t[2] < g.kernel[2]; t[2]++) {
            if ((o[2] = position(g, 2, i[2], t[2])) < 0) continue;
            sum = multiply_add(gradient[offset(gs, n, firstOutput + k, o)], weight[offset(ws, firstOutput + k, c, t)], sum);
          }
        }
      }
    }
    out[at] = sum;
  }
}

// A block an element of the weight; its threads take the positions of all images in turn.
extern "C" __global__ void weight_gradient(const T* gradient, const T* x, T* out, Geometry g, Strides gs, Strides xs) {
  __shared__ T parts[128];
  int o[3], t[3], i[3];
  i64 plane = split(blockIdx.x, g.kernel, t);
  i64 c = plane % g.channelsPerGroup, output = plane / g.channelsPerGroup;
  i64 channel = output / g.outputsPerGroup * g.channelsPerGroup + c;
  i64 count = g.batch * g.out[0] * g.out[1] * g.out[2];
  T sum = 0;
  for (i64 at = threadIdx.x; at < count; at += blockDim.x) {
    i64 n = split(at, g.out, o);
    if ((i[0] = met(g, 0, o[0], t[0])) < 0 || (i[1] = met(g, 1, o[1], t[1])) < 0 || (i[2] = met(g, 2, o[2], t[2])) < 0) continue;
    sum = multiply_add(gradient[offset(gs, n, output, o)], x[offset(xs, n, channel, i)], sum);
  }
  parts[threadIdx.x] = sum;
  __syncthreads();
  for (u32 half = blockDim.x / 2; half > 0; half /= 2) {
    if (threadIdx.x < half) parts[threadIdx.x] = add(parts[threadIdx.x], parts[threadIdx.x + half]);
    __syncthreads();
  }
  if (threadIdx.x == 0) out[blockIdx.x] = parts[0];
}
