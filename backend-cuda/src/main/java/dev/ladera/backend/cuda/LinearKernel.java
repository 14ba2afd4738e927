package dev.ladera.backend.cuda;

import dev.ladera.DType;
import dev.ladera.Tensor;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/** A product with a transposed weight, to whose sums the bias is added by the way. */
final class LinearKernel {
  private final MatMulKernel own;
  private final @Nullable CublasProducts vendor;

  LinearKernel(Workshop workshop, DType dtype) {
    this.own = new MatMulKernel(workshop, dtype);
    this.vendor = workshop.vendor().products();
  }

  /** Computes the output from the tensor, the weight, and the bias if there is one. */
  void run(Tensor[] in, Tensor out) {
    Tensor left = matrix(in[0]);
    Tensor right = in[1].detach().t();
    Tensor target = matrix(out);
    Tensor bias = in.length == 3 ? in[2].detach().contiguous() : null;
    try {
      if (vendor == null || !vendor.run(left, right, target, bias)) {
        own.run(left, right, target, bias);
      }
    } finally {
      // It may be a copy that nothing else holds.
      Reference.reachabilityFence(bias);
    }
  }

  private static Tensor matrix(Tensor x) {
    return x.rank() == 1 ? x.detach().unsqueeze(0) : x;
  }
}
