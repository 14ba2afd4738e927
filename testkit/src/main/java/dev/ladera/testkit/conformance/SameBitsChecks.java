package dev.ladera.testkit.conformance;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Tensor;
import dev.ladera.testkit.conformance.OperatorCase.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** The same call answers the same bits, again and again and from several threads at once. */
final class SameBitsChecks {
  private static final int SIZE = 700;
  private static final int REPETITIONS = 4;
  private static final int THREADS = 3;

  private SameBitsChecks() {}

  static Stream<Check> repeated(List<OperatorCase> table, Device device) {
    return table.stream().map(line -> Check.of("repeated", line, () -> repeat(line, device)));
  }

  private static void repeat(OperatorCase line, Device device) {
    DType dtype = first(line);
    Device soiled = SoiledBackend.of(device);
    for (Sample sample : samples(line)) {
      List<HostValue> inputs = Runs.inputs(line, sample, dtype);
      List<HostValue> once = Runs.outputs(sample, device, inputs, Placement.CONTIGUOUS);
      for (int i = 1; i < REPETITIONS; i++) {
        Comparison.close(
            sample.label() + ", call " + (i + 1),
            Runs.outputs(sample, device, inputs, Placement.CONTIGUOUS),
            once,
            Tolerance.EXACT);
      }
      // Not to the bit: kernels that users registered for the one device are not the other's.
      Comparison.close(
          sample.label() + ", into memory that was used before",
          Runs.outputs(sample, soiled, inputs, Placement.CONTIGUOUS),
          once,
          line.tolerance());
    }
  }

  static Stream<Check> threads(List<OperatorCase> table, Device device) {
    return table.stream()
        .map(line -> Check.of("threads", line, () -> callFromThreads(line, device)));
  }

  /** Inputs are shared by the threads, but for operations that overwrite them. */
  private static void callFromThreads(OperatorCase line, Device device) throws Exception {
    DType dtype = first(line);
    CyclicBarrier start = new CyclicBarrier(THREADS);
    try (ExecutorService pool = Executors.newFixedThreadPool(THREADS)) {
      for (Sample sample : samples(line)) {
        List<HostValue> inputs = Runs.inputs(line, sample, dtype);
        List<HostValue> alone = Runs.outputs(sample, device, inputs, Placement.CONTIGUOUS);
        List<Tensor> shared = inputs.stream().map(input -> input.on(device)).toList();
        Callable<List<HostValue>> call =
            () -> {
              start.await();
              return line.mutates() > 0
                  ? Runs.outputs(sample, device, inputs, Placement.CONTIGUOUS)
                  : Runs.call(sample, device, shared);
            };
        List<Future<List<HostValue>>> answers = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
          answers.add(pool.submit(call));
        }
        for (Future<List<HostValue>> answer : answers) {
          Comparison.close(
              sample.label() + " from several threads", answer.get(), alone, Tolerance.EXACT);
        }
      }
    }
  }

  private static List<Sample> samples(OperatorCase line) {
    List<Sample> samples = new ArrayList<>(line.samples());
    samples.addAll(line.sized(SIZE));
    return samples;
  }

  private static DType first(OperatorCase line) {
    return line.dtypes().stream().sorted().findFirst().orElseThrow();
  }
}
