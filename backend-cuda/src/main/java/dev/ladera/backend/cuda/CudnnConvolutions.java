package dev.ladera.backend.cuda;

import dev.ladera.Layout;
import dev.ladera.Tensor;
import dev.ladera.op.Convolution;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Convolutions and their gradients by cuDNN, where layouts suit it; plans are kept by sizes and
 * strides, those asked for least recently dropped. Only algorithms that answer the same bits each
 * time are taken, and float32 is float32 unless {@code -Dladera.cuda.tf32=true} allows TF32. One
 * thread at a time, as the library's handle wants it.
 */
final class CudnnConvolutions {
  private static final int MOST_PLANS = 512;
  private static final String TF32 = "ladera.cuda.tf32";

  private final Cudnn library;
  private final DeviceMemory memory;
  private final long handle;
  private final boolean tf32 = Boolean.getBoolean(TF32);
  private final Map<ConvolutionPlan.Key, ConvolutionPlan> plans =
      new LinkedHashMap<>(16, 0.75f, true);

  /**
   * Starts the library on a device.
   *
   * @throws CallFailure if it does not start
   */
  CudnnConvolutions(Cudnn library, CudaDevice device, DeviceMemory memory) {
    this.library = library;
    this.memory = memory;
    this.handle = library.create(device.stream());
  }

  /** Each answers false, having done nothing, where the library cannot. */
  boolean forward(Convolution convolution, Tensor[] in, Tensor out) {
    return run(Cudnn.Direction.FORWARD, convolution, in[0], in[1], out);
  }

  boolean inputGradient(Convolution convolution, Tensor[] in, Tensor out) {
    return run(Cudnn.Direction.INPUT_GRADIENT, convolution, out, in[1], in[0]);
  }

  boolean weightGradient(Convolution convolution, Tensor[] in, Tensor out) {
    return run(Cudnn.Direction.WEIGHT_GRADIENT, convolution, in[1], out, in[0]);
  }

  private boolean run(
      Cudnn.Direction direction, Convolution convolution, Tensor x, Tensor weight, Tensor y) {
    if (!suits(x.layout()) || !suits(y.layout()) || !isPlain(weight)) {
      return false;
    }
    ConvolutionPlan plan =
        plan(
            new ConvolutionPlan.Key(
                direction,
                x.dtype(),
                tf32,
                convolution,
                atOrigin(x.layout()),
                atOrigin(weight.layout()),
                atOrigin(y.layout())));
    if (!plan.works()) {
      return false;
    }
    Tensor first = direction == Cudnn.Direction.INPUT_GRADIENT ? weight : x;
    Tensor second = direction == Cudnn.Direction.FORWARD ? weight : y;
    Tensor result =
        switch (direction) {
          case FORWARD -> y;
          case INPUT_GRADIENT -> x;
          case WEIGHT_GRADIENT -> weight;
        };
    long a = CudaStorage.address(first);
    long b = CudaStorage.address(second);
    long target = CudaStorage.address(result);
    if (plan.chosen().workspace() == 0) {
      library.run(handle, plan, a, b, target, 0);
    } else {
      try (Scratch scratch = memory.scratch(plan.chosen().workspace())) {
        library.run(handle, plan, a, b, target, scratch.address());
      }
    }
    return true;
  }

  /** Whether the library takes a layout: no axis repeated or reversed, and all counted in ints. */
  private static boolean suits(Layout layout) {
    for (int axis = 0; axis < layout.rank(); axis++) {
      if (layout.stride(axis) < 1 || layout.stride(axis) > Integer.MAX_VALUE) {
        return false;
      }
    }
    return layout.shape().elements() > 0 && layout.shape().elements() <= Integer.MAX_VALUE;
  }

  private static boolean isPlain(Tensor weight) {
    return weight.layout().isContiguous() && weight.elements() > 0;
  }

  private static Layout atOrigin(Layout layout) {
    return layout.offset() == 0 ? layout : Layout.of(layout.shape(), layout.strides(), 0);
  }

  private ConvolutionPlan plan(ConvolutionPlan.Key key) {
    ConvolutionPlan plan = plans.get(key);
    if (plan == null) {
      plan = ConvolutionPlan.make(library, handle, key);
      plans.put(key, plan);
      if (plans.size() > MOST_PLANS) {
        Iterator<ConvolutionPlan> oldest = plans.values().iterator();
        library.destroy(oldest.next());
        oldest.remove();
      }
    }
    return plan;
  }
}
