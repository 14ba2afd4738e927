package dev.ladera.examples.operators;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.ladera.DType;
import dev.ladera.backend.cpu.CpuMemory;
import dev.ladera.op.Composite;
import dev.ladera.op.Signature;
import dev.ladera.spi.Kernel;
import dev.ladera.spi.KernelProvider;
import java.lang.foreign.MemorySegment;

/** A kernel for {@link RmsNorm} on {@code cpu}: two passes over each row, and no temporaries. */
public final class RmsNormOnCpu implements KernelProvider {
  /** Used by {@link java.util.ServiceLoader}. */
  public RmsNormOnCpu() {}

  @Override
  public Class<? extends Composite> operator() {
    return RmsNorm.class;
  }

  @Override
  public String backend() {
    return "cpu";
  }

  /** The kernel serves all shapes; which type it is made for is known here. */
  @Override
  public Kernel prepare(Composite operator, Signature signature) {
    boolean wide = signature.dtype(0) == DType.FLOAT64;
    return (op, inputs, outputs) -> {
      MemorySegment x = CpuMemory.read(inputs[0]);
      MemorySegment y = CpuMemory.write(outputs[0]);
      double eps = ((RmsNorm) op).eps();
      int width = inputs[0].size(-1);
      for (long row = 0; row < inputs[0].elements(); row += width) {
        if (wide) {
          normalizeDoubles(x, y, row, width, eps);
        } else {
          normalizeFloats(x, y, row, width, eps);
        }
      }
    };
  }

  private static void normalizeFloats(
      MemorySegment x, MemorySegment y, long row, int width, double eps) {
    double sum = 0;
    for (long i = row; i < row + width; i++) {
      double value = x.getAtIndex(JAVA_FLOAT, i);
      sum += value * value;
    }
    double scale = 1 / Math.sqrt(sum / width + eps);
    for (long i = row; i < row + width; i++) {
      y.setAtIndex(JAVA_FLOAT, i, (float) (x.getAtIndex(JAVA_FLOAT, i) * scale));
    }
  }

  private static void normalizeDoubles(
      MemorySegment x, MemorySegment y, long row, int width, double eps) {
    double sum = 0;
    for (long i = row; i < row + width; i++) {
      double value = x.getAtIndex(JAVA_DOUBLE, i);
      sum += value * value;
    }
    double scale = 1 / Math.sqrt(sum / width + eps);
    for (long i = row; i < row + width; i++) {
      y.setAtIndex(JAVA_DOUBLE, i, x.getAtIndex(JAVA_DOUBLE, i) * scale);
    }
  }
}
