package dev.ladera.testkit.conformance;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Dispatcher;
import dev.ladera.Gradients;
import dev.ladera.Tensor;
import dev.ladera.op.Composite;
import dev.ladera.testkit.conformance.CompositeRecorder.Called;
import dev.ladera.testkit.conformance.OperatorCase.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/**
 * A device's own kernels for the composites that an operation calls answer what their
 * decompositions do on it.
 */
final class CompositeChecks {
  private static final int[] SIZES = {1, 4, 7, 8, 16, 17, 33, 65, 1000};

  private CompositeChecks() {}

  static Stream<Check> of(List<OperatorCase> table, Device device) {
    List<Check> checks = new ArrayList<>();
    for (OperatorCase line : table) {
      for (DType dtype : line.dtypes().stream().sorted().toList()) {
        checks.add(Check.of("composites", line, dtype, () -> check(line, dtype, device)));
      }
    }
    return checks.stream();
  }

  private static void check(OperatorCase line, DType dtype, Device device) {
    List<Sample> samples = new ArrayList<>(line.samples());
    for (int size : SIZES) {
      samples.addAll(line.sized(size));
    }
    int composites = 0;
    for (Sample sample : samples) {
      if (line.dtypes(sample).contains(dtype)) {
        for (Called called : CompositeRecorder.calls(sample, Runs.inputs(line, sample, dtype))) {
          composites++;
          compare(sample.label(), called, line.tolerance(), device);
        }
      }
    }
    if (composites == 0) {
      throw new TestAbortedException(line.operation() + " calls no composite");
    }
  }

  private static void compare(String what, Called called, Tolerance tolerance, Device device) {
    Composite composite = called.composite();
    Comparison.close(
        what + ", the kernel for " + composite + " against its decomposition",
        answers(called, device, inputs -> Dispatcher.callAll(composite, inputs)),
        answers(called, device, composite::decompose),
        tolerance);
  }

  private interface Way {
    Tensor[] call(Tensor... inputs);
  }

  /** The outputs, and what was overwritten. */
  private static List<HostValue> answers(Called called, Device device, Way way) {
    Tensor[] inputs = called.inputs().stream().map(in -> in.on(device)).toArray(Tensor[]::new);
    Tensor[] outputs = Gradients.noGrad(() -> way.call(inputs));
    Stream<Tensor> overwritten = Arrays.stream(inputs).limit(called.composite().mutates());
    return Stream.concat(Arrays.stream(outputs), overwritten).map(HostValue::of).toList();
  }
}
