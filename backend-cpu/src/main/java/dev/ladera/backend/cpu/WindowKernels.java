package dev.ladera.backend.cpu;

import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.op.Convolution.InputGradient;
import dev.ladera.op.Convolution.WeightGradient;
import dev.ladera.op.Operator;
import dev.ladera.op.Pool;
import dev.ladera.spi.Kernel;
import java.util.List;

/** Kernels of windows that slide: convolution, pooling and their gradients. */
final class WindowKernels {
  private WindowKernels() {}

  static Kernel convolution(Engine engine, dev.ladera.op.Convolution operator) {
    return (Operator call, Tensor[] inputs, Tensor[] outputs) -> {
      ConvolutionShape shape =
          shape(operator, inputs[0].shape(), inputs[1].shape(), outputs[0].shape());
      Engine.Dense x = engine.dense(inputs[0]);
      Engine.Dense weight = engine.dense(inputs[1]);
      switch (Engine.array(outputs[0])) {
        case float[] out ->
            new Convolution<>(engine.floats())
                .forward(
                    shape,
                    (float[]) x.array(),
                    x.offset(),
                    (float[]) weight.array(),
                    weight.offset(),
                    out,
                    0);
        case double[] out ->
            new Convolution<>(engine.doubles())
                .forward(
                    shape,
                    (double[]) x.array(),
                    x.offset(),
                    (double[]) weight.array(),
                    weight.offset(),
                    out,
                    0);
        case Object array -> throw notFloating(array);
      }
    };
  }

  static Kernel inputGradient(Engine engine, InputGradient operator) {
    return (Operator call, Tensor[] inputs, Tensor[] outputs) -> {
      ConvolutionShape shape =
          shape(operator.convolution(), outputs[0].shape(), inputs[1].shape(), inputs[0].shape());
      Engine.Dense gradient = engine.dense(inputs[0]);
      Engine.Dense weight = engine.dense(inputs[1]);
      switch (Engine.array(outputs[0])) {
        case float[] out ->
            new Convolution<>(engine.floats())
                .inputGradient(
                    shape,
                    (float[]) gradient.array(),
                    gradient.offset(),
                    (float[]) weight.array(),
                    weight.offset(),
                    out,
                    0);
        case double[] out ->
            new Convolution<>(engine.doubles())
                .inputGradient(
                    shape,
                    (double[]) gradient.array(),
                    gradient.offset(),
                    (double[]) weight.array(),
                    weight.offset(),
                    out,
                    0);
        case Object array -> throw notFloating(array);
      }
    };
  }

  static Kernel weightGradient(Engine engine, WeightGradient operator) {
    return (Operator call, Tensor[] inputs, Tensor[] outputs) -> {
      ConvolutionShape shape =
          shape(operator.convolution(), inputs[1].shape(), outputs[0].shape(), inputs[0].shape());
      Engine.Dense gradient = engine.dense(inputs[0]);
      Engine.Dense x = engine.dense(inputs[1]);
      switch (Engine.array(outputs[0])) {
        case float[] out ->
            new Convolution<>(engine.floats())
                .weightGradient(
                    shape,
                    (float[]) x.array(),
                    x.offset(),
                    (float[]) gradient.array(),
                    gradient.offset(),
                    out,
                    0);
        case double[] out ->
            new Convolution<>(engine.doubles())
                .weightGradient(
                    shape,
                    (double[]) x.array(),
                    x.offset(),
                    (double[]) gradient.array(),
                    gradient.offset(),
                    out,
                    0);
        case Object array -> throw notFloating(array);
      }
    };
  }

  private static ConvolutionShape shape(
      dev.ladera.op.Convolution operator, Shape x, Shape weight, Shape out) {
    WindowAxis[] axes = {WindowAxis.NONE, WindowAxis.NONE, WindowAxis.NONE};
    int spatial = operator.stride().size();
    for (int i = 0; i < spatial; i++) {
      int padding = operator.padding().get(i);
      axes[3 - spatial + i] =
          new WindowAxis(
              x.size(i + 2),
              out.size(i + 2),
              weight.size(i + 2),
              operator.stride().get(i),
              padding,
              padding,
              operator.dilation().get(i));
    }
    return new ConvolutionShape(
        x.size(0), x.size(1), weight.size(0), operator.groups(), axes[0], axes[1], axes[2]);
  }

  static Kernel pool(Engine engine, Pool operator) {
    Pooling pooling = new Pooling(engine.parallel(), engine.pairMaxima());
    return (Operator call, Tensor[] inputs, Tensor[] outputs) -> {
      Shape x = inputs[0].shape();
      PoolShape shape = shape(operator, x, outputs[0].shape());
      Engine.Dense dense = engine.dense(inputs[0]);
      boolean counted = operator.countIncludePad();
      boolean max = operator.kind() == Pool.Kind.MAX;
      switch (Engine.array(outputs[0])) {
        case float[] out -> {
          float[] in = (float[]) dense.array();
          if (max) {
            pooling.max(shape, in, dense.offset(), out, 0, (long[]) Engine.array(outputs[1]), 0);
          } else {
            pooling.average(shape, counted, in, dense.offset(), out, 0);
          }
        }
        case double[] out -> {
          double[] in = (double[]) dense.array();
          if (max) {
            pooling.max(shape, in, dense.offset(), out, 0, (long[]) Engine.array(outputs[1]), 0);
          } else {
            pooling.average(shape, counted, in, dense.offset(), out, 0);
          }
        }
        case Object array -> throw notFloating(array);
      }
    };
  }

  static Kernel poolGradient(Engine engine, Pool.Gradient operator) {
    Pooling pooling = new Pooling(engine.parallel(), engine.pairMaxima());
    Pool pool = operator.pool();
    return (Operator call, Tensor[] inputs, Tensor[] outputs) -> {
      Shape x = outputs[0].shape();
      PoolShape shape = shape(pool, x, inputs[0].shape());
      Engine.Dense gradient = engine.dense(inputs[0]);
      boolean max = pool.kind() == Pool.Kind.MAX;
      long[] places = {};
      int placesAt = 0;
      if (max) {
        Engine.Dense dense = engine.dense(inputs[1]);
        places = longs(dense, (int) inputs[1].elements());
        placesAt = dense.array() == places ? dense.offset() : 0;
      }
      switch (Engine.array(outputs[0])) {
        case float[] out -> {
          float[] in = (float[]) gradient.array();
          if (max) {
            pooling.maxGradient(shape, in, gradient.offset(), places, placesAt, out, 0);
          } else {
            pooling.averageGradient(shape, pool.countIncludePad(), in, gradient.offset(), out, 0);
          }
        }
        case double[] out -> {
          double[] in = (double[]) gradient.array();
          if (max) {
            pooling.maxGradient(shape, in, gradient.offset(), places, placesAt, out, 0);
          } else {
            pooling.averageGradient(shape, pool.countIncludePad(), in, gradient.offset(), out, 0);
          }
        }
        case Object array -> throw notFloating(array);
      }
    };
  }

  /** Places as longs: the array itself, or a copy from 0. */
  private static long[] longs(Engine.Dense places, int count) {
    if (places.array() instanceof long[] array) {
      return array;
    }
    int[] narrow = (int[]) places.array();
    long[] wide = new long[count];
    for (int i = 0; i < count; i++) {
      wide[i] = narrow[places.offset() + i];
    }
    return wide;
  }

  private static PoolShape shape(Pool pool, Shape x, Shape out) {
    WindowAxis[] axes = {WindowAxis.NONE, WindowAxis.NONE, WindowAxis.NONE};
    List<Integer> kernel = pool.kernel();
    int spatial = kernel.size();
    for (int i = 0; i < spatial; i++) {
      int padding = pool.padding().get(i);
      axes[3 - spatial + i] =
          new WindowAxis(
              x.size(i + 2),
              out.size(i + 2),
              kernel.get(i),
              pool.stride().get(i),
              padding,
              padding,
              pool.dilation().get(i));
    }
    return new PoolShape(x.size(0) * x.size(1), axes[0], axes[1], axes[2]);
  }

  private static IllegalArgumentException notFloating(Object array) {
    return new IllegalArgumentException("no floating numbers: " + array.getClass());
  }
}
