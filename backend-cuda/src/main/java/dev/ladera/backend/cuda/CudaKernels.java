package dev.ladera.backend.cuda;

import dev.ladera.DType;
import dev.ladera.op.Convolution;
import dev.ladera.op.Pointwise;
import dev.ladera.op.Pool;
import dev.ladera.op.Primitive;
import dev.ladera.op.Signature;
import dev.ladera.spi.Kernel;

/** Every primitive, and what runs it. */
final class CudaKernels {
  private final Workshop workshop;

  CudaKernels(Workshop workshop) {
    this.workshop = workshop;
  }

  Kernel of(Primitive primitive, Signature signature) {
    return switch (primitive) {
      case Pointwise p -> pointwise(p, signature);
      case Primitive.Assign p -> assign(p, signature);
      case Primitive.Reduce p -> reduce(p, signature.dtype(0));
      case Primitive.ArgReduce p -> argReduce(p, signature.dtype(0));
      case Primitive.Cumulative p -> cumulative(p, signature.dtype(0));
      case Primitive.Sort p -> sort(p, signature.dtype(0));
      case Primitive.TopK p -> topK(p, signature.dtype(0));
      case Primitive.MatMul _ -> matmul(signature.dtype(0));
      case Convolution p -> convolution(p, signature.dtype(0));
      case Convolution.InputGradient p -> inputGradient(p, signature.dtype(0));
      case Convolution.WeightGradient p -> weightGradient(p, signature.dtype(0));
      case Pool p -> pool(p, signature.dtype(0));
      case Pool.Gradient p -> poolGradient(p, signature);
      case Primitive.Gather p -> gather(p, signature);
      case Primitive.ScatterAdd p -> scatterAdd(p, signature);
      case Primitive.Concat p -> concat(p, signature.dtype(0));
      case Primitive.Pad p -> pad(p, signature.dtype(0));
      case Primitive.Fill p -> fill(p.dtype());
      case Primitive.Arange p -> arange(p);
      case Primitive.RandomBits _ -> randomBits();
    };
  }

  private Kernel pointwise(Pointwise p, Signature signature) {
    var program = p.program(signature);
    PointwiseKernel kernel = new PointwiseKernel(workshop, program, program.dtype());
    return (operator, in, out) -> kernel.run((Pointwise) operator, in, out[0]);
  }

  private Kernel assign(Primitive.Assign p, Signature signature) {
    PointwiseKernel kernel =
        new PointwiseKernel(workshop, p.body().program(signature), signature.dtype(0));
    return (operator, in, _) -> kernel.run(((Primitive.Assign) operator).body(), in, in[0]);
  }

  private Kernel reduce(Primitive.Reduce p, DType dtype) {
    ReduceKernel kernel = new ReduceKernel(workshop, p.reduction(), dtype);
    return (_, in, out) -> kernel.run(p, in[0], out[0]);
  }

  private Kernel argReduce(Primitive.ArgReduce p, DType dtype) {
    ArgReduceKernel kernel = new ArgReduceKernel(workshop, p.largest(), dtype);
    return (_, in, out) -> kernel.run(p, in[0], out[0]);
  }

  private Kernel cumulative(Primitive.Cumulative p, DType dtype) {
    CumulativeKernel kernel = new CumulativeKernel(workshop, p.scan(), dtype);
    return (_, in, out) -> kernel.run(p, in[0], out[0]);
  }

  private Kernel sort(Primitive.Sort p, DType dtype) {
    SortKernel kernel = new SortKernel(workshop, dtype);
    return (_, in, out) ->
        kernel.run(in[0], out, p.axis(), p.descending(), in[0].shape().size(p.axis()));
  }

  private Kernel topK(Primitive.TopK p, DType dtype) {
    SortKernel kernel = new SortKernel(workshop, dtype);
    return (_, in, out) -> kernel.run(in[0], out, p.axis(), p.largest(), p.k());
  }

  private Kernel matmul(DType dtype) {
    MatMulKernel own = new MatMulKernel(workshop, dtype);
    CublasProducts vendor = dtype.isFloating() ? workshop.vendor().products() : null;
    return (_, in, out) -> {
      if (vendor == null || !vendor.run(in[0], in[1], out[0], null)) {
        own.run(in[0], in[1], out[0], null);
      }
    };
  }

  private Kernel convolution(Convolution p, DType dtype) {
    ConvolutionKernels own = new ConvolutionKernels(workshop, dtype);
    CudnnConvolutions vendor = workshop.vendor().convolutions();
    return (_, in, out) -> {
      if (vendor == null || !vendor.forward(p, in, out[0])) {
        own.forward(p, in, out[0]);
      }
    };
  }

  private Kernel inputGradient(Convolution.InputGradient p, DType dtype) {
    ConvolutionKernels own = new ConvolutionKernels(workshop, dtype);
    CudnnConvolutions vendor = workshop.vendor().convolutions();
    return (_, in, out) -> {
      if (vendor == null || !vendor.inputGradient(p.convolution(), in, out[0])) {
        own.inputGradient(p.convolution(), in, out[0]);
      }
    };
  }

  private Kernel weightGradient(Convolution.WeightGradient p, DType dtype) {
    ConvolutionKernels own = new ConvolutionKernels(workshop, dtype);
    CudnnConvolutions vendor = workshop.vendor().convolutions();
    return (_, in, out) -> {
      if (vendor == null || !vendor.weightGradient(p.convolution(), in, out[0])) {
        own.weightGradient(p.convolution(), in, out[0]);
      }
    };
  }

  private Kernel pool(Pool p, DType dtype) {
    PoolKernels kernels = new PoolKernels(workshop, p.kind(), dtype, DType.INT64);
    return (_, in, out) -> kernels.forward(p, in[0], out);
  }

  private Kernel poolGradient(Pool.Gradient p, Signature signature) {
    DType places = signature.size() == 2 ? signature.dtype(1) : DType.INT64;
    PoolKernels kernels = new PoolKernels(workshop, p.pool().kind(), signature.dtype(0), places);
    return (_, in, out) -> kernels.gradient(p, in, out[0]);
  }

  private Kernel gather(Primitive.Gather p, Signature signature) {
    SizedKernel kernel = IndexKernels.gather(workshop, signature.dtype(0), signature.dtype(1));
    return (_, in, out) -> IndexKernels.gather(workshop, kernel, p.axis(), in, out[0]);
  }

  private Kernel scatterAdd(Primitive.ScatterAdd p, Signature signature) {
    SizedKernel kernel = IndexKernels.scatterAdd(workshop, signature.dtype(0), signature.dtype(1));
    CopyKernels copy = new CopyKernels(workshop, signature.dtype(0));
    return (_, in, out) -> IndexKernels.scatterAdd(workshop, kernel, copy, p.axis(), in, out[0]);
  }

  private Kernel concat(Primitive.Concat p, DType dtype) {
    CopyKernels kernels = new CopyKernels(workshop, dtype);
    return (_, in, out) -> kernels.concat(p, in, out[0]);
  }

  private Kernel pad(Primitive.Pad p, DType dtype) {
    CopyKernels kernels = new CopyKernels(workshop, dtype);
    return (_, in, out) -> kernels.pad(p, in[0], out[0]);
  }

  private Kernel fill(DType dtype) {
    FillKernel kernel = new FillKernel(workshop, dtype);
    return (operator, _, out) -> kernel.run(((Primitive.Fill) operator).value(), out[0]);
  }

  private Kernel arange(Primitive.Arange p) {
    CudaKernel kernel = CreationKernels.arange(workshop, p);
    return (operator, _, out) ->
        CreationKernels.arange(workshop.device(), kernel, (Primitive.Arange) operator, out[0]);
  }

  private Kernel randomBits() {
    CudaKernel kernel = CreationKernels.randomBits(workshop);
    return (operator, _, out) ->
        CreationKernels.randomBits(
            workshop.device(), kernel, (Primitive.RandomBits) operator, out[0]);
  }
}
