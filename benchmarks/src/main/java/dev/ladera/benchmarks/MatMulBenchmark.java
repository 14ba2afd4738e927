package dev.ladera.benchmarks;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Generator;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Products of square float32 matrices. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class MatMulBenchmark {
  /** The device's name. */
  @Param("cpu")
  public String device = "cpu";

  /** Rows and columns. */
  @Param({"64", "256", "1024"})
  public int size;

  private Tensor left = Tensor.scalar(0);
  private Tensor right = Tensor.scalar(0);

  /** Made by JMH. */
  public MatMulBenchmark() {}

  /** Makes the operands. */
  @Setup
  public void operands() {
    Device where = Device.of(device);
    Generator generator = new Generator(1);
    left = generator.uniform(Shape.of(size, size), DType.FLOAT32, where);
    right = generator.uniform(Shape.of(size, size), DType.FLOAT32, where);
  }

  /** One product. */
  @Benchmark
  public Tensor matmul() {
    return left.matmul(right);
  }
}
