package dev.ladera.backend.cuda;

import dev.ladera.DType;
import dev.ladera.Layout;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.op.Convolution;

/** Convolution and its gradients by kernels of our own, which take any layout and any size. */
final class ConvolutionKernels {
  private static final int GEOMETRY_BYTES = 5 * Long.BYTES + 6 * 3 * Integer.BYTES;
  private static final int WEIGHT_THREADS = 128;

  private final CudaDevice device;
  private final CudaKernel forward;
  private final CudaKernel inputGradient;
  private final CudaKernel weightGradient;

  ConvolutionKernels(Workshop workshop, DType dtype) {
    this.device = workshop.device();
    KernelSource source = source(dtype);
    this.forward = workshop.kernel("forward", source);
    this.inputGradient = workshop.kernel("input_gradient", source);
    this.weightGradient = workshop.kernel("weight_gradient", source);
  }

  static KernelSource source(DType dtype) {
    return new KernelSource().define("T", CType.of(dtype)).file("prelude").file("convolution");
  }

  void forward(Convolution convolution, Tensor[] in, Tensor out) {
    Arguments arguments = arguments(in, out);
    addGeometry(arguments, convolution, in[0].layout(), in[1].layout(), out.layout());
    Spatial.addStrides(arguments, in[0].layout());
    Spatial.addStrides(arguments, in[1].layout());
    forward.launch(arguments.int64(out.elements()), out.elements());
  }

  void inputGradient(Convolution convolution, Tensor[] in, Tensor out) {
    Arguments arguments = arguments(in, out);
    addGeometry(arguments, convolution, out.layout(), in[1].layout(), in[0].layout());
    Spatial.addStrides(arguments, in[0].layout());
    Spatial.addStrides(arguments, in[1].layout());
    inputGradient.launch(arguments.int64(out.elements()), out.elements());
  }

  void weightGradient(Convolution convolution, Tensor[] in, Tensor out) {
    Arguments arguments = arguments(in, out);
    addGeometry(arguments, convolution, in[1].layout(), out.layout(), in[0].layout());
    Spatial.addStrides(arguments, in[0].layout());
    Spatial.addStrides(arguments, in[1].layout());
    weightGradient.launch(arguments, Math.toIntExact(out.elements()), WEIGHT_THREADS);
  }

  private Arguments arguments(Tensor[] in, Tensor out) {
    return device
        .arguments()
        .pointer(CudaStorage.address(in[0]))
        .pointer(CudaStorage.address(in[1]))
        .pointer(CudaStorage.address(out));
  }

  /** The structure {@code Geometry} of convolution.cu, for layouts of input, weight and output. */
  private static void addGeometry(
      Arguments arguments, Convolution convolution, Layout x, Layout weight, Layout out) {
    Shape weights = weight.shape();
    int at = arguments.structure(GEOMETRY_BYTES);
    long groups = convolution.groups();
    arguments.put(at, (long) x.shape().size(1));
    arguments.put(at + Long.BYTES, (long) weights.size(0));
    arguments.put(at + 2 * Long.BYTES, (long) weights.size(1));
    arguments.put(at + 3 * Long.BYTES, weights.size(0) / groups);
    arguments.put(at + 4 * Long.BYTES, (long) x.shape().size(0));
    at = Spatial.put(arguments, at + 5 * Long.BYTES, Spatial.sizes(x), 1);
    at = Spatial.put(arguments, at, Spatial.sizes(out), 1);
    at = Spatial.put(arguments, at, Spatial.sizes(weight), 1);
    at = Spatial.put(arguments, at, convolution.stride(), 1);
    at = Spatial.put(arguments, at, convolution.padding(), 0);
    Spatial.put(arguments, at, convolution.dilation(), 1);
  }
}
