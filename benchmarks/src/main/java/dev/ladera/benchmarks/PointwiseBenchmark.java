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

/** Elementwise expressions and sums over float32 vectors. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class PointwiseBenchmark {
  /** The device's name. */
  @Param("cpu")
  public String device = "cpu";

  /** The number of elements. */
  @Param({"100", "16384", "10000000"})
  public int size;

  private Tensor left = Tensor.scalar(0);
  private Tensor right = Tensor.scalar(0);

  /** Made by JMH. */
  public PointwiseBenchmark() {}

  /** Makes the operands. */
  @Setup
  public void operands() {
    Device where = Device.of(device);
    Generator generator = new Generator(1);
    left = generator.uniform(Shape.of(size), DType.FLOAT32, where);
    right = generator.uniform(Shape.of(size), DType.FLOAT32, where);
  }

  /** a + b. */
  @Benchmark
  public Tensor add() {
    return left.add(right);
  }

  /** tanh(a · b + a) as one fused expression. */
  @Benchmark
  public Tensor fusedTanh() {
    return left.zip(right, (a, b) -> a.mul(b).add(a).tanh());
  }

  /** The exponential. */
  @Benchmark
  public Tensor exp() {
    return left.exp();
  }

  /** The sum of all elements. */
  @Benchmark
  public Tensor sum() {
    return left.sum();
  }
}
