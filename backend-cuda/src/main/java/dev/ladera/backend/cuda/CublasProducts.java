package dev.ladera.backend.cuda;

import dev.ladera.DType;
import dev.ladera.Layout;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Products of floating matrices by cuBLASLt, where their layouts suit it; plans are kept by sizes
 * and strides, those asked for least recently dropped. float32 is float32 unless {@code
 * -Dladera.cuda.tf32=true} allows TF32.
 */
final class CublasProducts {
  private static final int MOST_PLANS = 1024;
  private static final int MOST_ALIGNMENT = 256;
  private static final String TF32 = "ladera.cuda.tf32";

  private final CublasLt library;
  private final CudaDevice device;
  private final DeviceMemory memory;
  private final long handle;
  private final boolean tf32 = Boolean.getBoolean(TF32);
  private final Map<ProductPlan.Key, ProductPlan> plans = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * Starts the library on a device.
   *
   * @throws CallFailure if it does not start
   */
  CublasProducts(CublasLt library, CudaDevice device, DeviceMemory memory) {
    this.library = library;
    this.device = device;
    this.memory = memory;
    this.handle = library.create();
  }

  /** A matrix as the library sees it; {@code lead} is 0 where it cannot. */
  private record Operand(boolean transposed, long lead) {
    static Operand of(Layout layout) {
      int rank = layout.rank();
      long rows = layout.shape().size(rank - 2);
      long columns = layout.shape().size(rank - 1);
      long rowStride = layout.stride(rank - 2);
      long columnStride = layout.stride(rank - 1);
      if ((columns == 1 || columnStride == 1) && (rows == 1 || rowStride >= columns)) {
        return new Operand(false, rows == 1 ? columns : rowStride);
      }
      if ((rows == 1 || rowStride == 1) && (columns == 1 || columnStride >= rows)) {
        return new Operand(true, columns == 1 ? rows : columnStride);
      }
      return new Operand(false, 0);
    }
  }

  /**
   * Computes a product; answers false, having done nothing, where the library cannot.
   *
   * @param bias what is added to each row, without gaps; null for nothing
   */
  boolean run(Tensor left, Tensor right, Tensor out, @Nullable Tensor bias) {
    Operand a = Operand.of(left.layout());
    Operand b = Operand.of(right.layout());
    long depth = left.layout().shape().size(-1);
    if (a.lead == 0 || b.lead == 0 || depth == 0) {
      return false;
    }
    Shape shape = out.shape();
    long rows = shape.size(-2);
    long columns = shape.size(-1);
    Walk batches = MatMulKernel.batches(device.arguments(), left.layout(), right.layout(), shape);
    if (batches.rank() > 1) {
      return false;
    }
    long batch = batches.size(0);
    long leftDistance = batches.strideOf(0, 0);
    long rightDistance = batches.strideOf(1, 0);
    if (batch > 1 && rightDistance == 0 && !a.transposed && leftDistance == rows * a.lead) {
      // One matrix for all batches: one tall product.
      rows *= batch;
      batch = 1;
      leftDistance = 0;
    }
    long leftAddress = CudaStorage.address(left);
    long rightAddress = CudaStorage.address(right);
    long biasAddress = bias == null ? 0 : CudaStorage.address(bias);
    ProductPlan plan =
        plan(
            biasAddress,
            new ProductPlan.Key(
                out.dtype() == DType.FLOAT32,
                tf32,
                rows,
                columns,
                depth,
                batch,
                a.transposed,
                a.lead,
                leftDistance,
                b.transposed,
                b.lead,
                rightDistance,
                bias == null ? 0 : alignment(biasAddress),
                alignment(leftAddress),
                alignment(rightAddress)));
    if (!plan.works()) {
      return false;
    }
    if (bias != null) {
      library.bias(plan.descriptor(), biasAddress);
    }
    long target = CudaStorage.address(out);
    if (plan.workspace() == 0) {
      library.matmul(handle, plan, rightAddress, leftAddress, target, 0, device.stream());
    } else {
      try (Scratch scratch = memory.scratch(plan.workspace())) {
        library.matmul(
            handle, plan, rightAddress, leftAddress, target, scratch.address(), device.stream());
      }
    }
    return true;
  }

  private static int alignment(long address) {
    return (int) Math.min(MOST_ALIGNMENT, Long.lowestOneBit(address));
  }

  private ProductPlan plan(long bias, ProductPlan.Key key) {
    ProductPlan plan = plans.get(key);
    if (plan == null) {
      plan = ProductPlan.make(library, handle, key, bias);
      plans.put(key, plan);
      if (plans.size() > MOST_PLANS) {
        Iterator<ProductPlan> oldest = plans.values().iterator();
        oldest.next().destroy(library);
        oldest.remove();
      }
    }
    return plan;
  }
}
