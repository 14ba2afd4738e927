package dev.ladera.backend.cpu;

import dev.ladera.Tensor;
import dev.ladera.op.Operator;
import dev.ladera.op.Philox;
import dev.ladera.op.Primitive.Arange;
import dev.ladera.op.Primitive.Fill;
import dev.ladera.op.Primitive.RandomBits;
import dev.ladera.spi.Kernel;
import java.util.Arrays;

/** Kernels without inputs. */
final class CreationKernels {
  private static final int WORDS = 4;

  /** Blocks of random words that a chunk of work has. */
  private static final int CHUNK = 1 << 10;

  private CreationKernels() {}

  static Kernel fill() {
    return (Operator call, Tensor[] inputs, Tensor[] outputs) -> {
      Number value = ((Fill) call).value();
      switch (Engine.array(outputs[0])) {
        case int[] values -> Arrays.fill(values, (int) asLong(value));
        case long[] values -> Arrays.fill(values, asLong(value));
        case Object array -> fill(array, value.doubleValue());
      }
    };
  }

  private static long asLong(Number value) {
    return value instanceof Long || value instanceof Integer
        ? value.longValue()
        : (long) value.doubleValue();
  }

  /** Fills an array with a number converted to its type. */
  static void fill(Object array, double value) {
    switch (array) {
      case float[] values -> Arrays.fill(values, (float) value);
      case double[] values -> Arrays.fill(values, value);
      case int[] values -> Arrays.fill(values, (int) value);
      case long[] values -> Arrays.fill(values, (long) value);
      case boolean[] values -> Arrays.fill(values, value != 0);
      default -> throw new IllegalArgumentException("no elements: " + array.getClass());
    }
  }

  static Kernel arange() {
    return (Operator call, Tensor[] inputs, Tensor[] outputs) -> {
      Arange range = (Arange) call;
      double start = range.start();
      double step = range.step();
      switch (Engine.array(outputs[0])) {
        case float[] values -> {
          for (int i = 0; i < values.length; i++) {
            values[i] = (float) (start + i * step);
          }
        }
        case double[] values -> {
          for (int i = 0; i < values.length; i++) {
            values[i] = start + i * step;
          }
        }
        case int[] values -> {
          for (int i = 0; i < values.length; i++) {
            values[i] = (int) ((long) start + i * (long) step);
          }
        }
        case long[] values -> {
          for (int i = 0; i < values.length; i++) {
            values[i] = (long) start + i * (long) step;
          }
        }
        case Object array -> throw new IllegalArgumentException("no numbers: " + array.getClass());
      }
    };
  }

  static Kernel randomBits(Engine engine) {
    return (Operator call, Tensor[] inputs, Tensor[] outputs) -> {
      RandomBits bits = (RandomBits) call;
      int[] out = (int[]) Engine.array(outputs[0]);
      int whole = out.length / WORDS;
      engine
          .parallel()
          .forRange(
              whole,
              CHUNK,
              (from, to) -> {
                for (int block = from; block < to; block++) {
                  Philox.block(bits.seed(), bits.offset() + block, out, block * WORDS);
                }
              });
      if (whole * WORDS < out.length) {
        int[] last = new int[WORDS];
        Philox.block(bits.seed(), bits.offset() + whole, last, 0);
        System.arraycopy(last, 0, out, whole * WORDS, out.length - whole * WORDS);
      }
    };
  }
}
