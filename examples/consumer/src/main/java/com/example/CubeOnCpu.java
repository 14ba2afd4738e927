package com.example;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.ladera.DType;
import dev.ladera.Tensor;
import dev.ladera.backend.cpu.CpuMemory;
import dev.ladera.op.Composite;
import dev.ladera.op.Signature;
import dev.ladera.spi.Kernel;
import dev.ladera.spi.KernelProvider;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

/** The kernel of {@link Cube}, found by the service loader. */
public final class CubeOnCpu implements KernelProvider {
  /** How often the kernel ran. */
  static final AtomicInteger RUNS = new AtomicInteger();

  @Override
  public Class<? extends Composite> operator() {
    return Cube.class;
  }

  @Override
  public String backend() {
    return "cpu";
  }

  @Override
  public Kernel prepare(Composite operator, Signature signature) {
    return signature.dtype(0) == DType.FLOAT32 ? (_, in, out) -> cube(in[0], out[0]) : null;
  }

  private static void cube(Tensor input, Tensor output) {
    RUNS.incrementAndGet();
    MemorySegment x = CpuMemory.read(input);
    MemorySegment y = CpuMemory.write(output);
    for (long i = 0; i < output.elements(); i++) {
      float value = x.getAtIndex(JAVA_FLOAT, i);
      y.setAtIndex(JAVA_FLOAT, i, value * value * value);
    }
  }
}
