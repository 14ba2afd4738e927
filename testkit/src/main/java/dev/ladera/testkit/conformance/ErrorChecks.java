package dev.ladera.testkit.conformance;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.testkit.conformance.OperatorCase.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Wrong calls fail with the exception and the words that they deserve. */
final class ErrorChecks {
  private ErrorChecks() {}

  static Stream<Check> of(List<OperatorCase> table, Device device) {
    List<Check> checks = new ArrayList<>();
    for (OperatorCase line : table) {
      for (Refusal refusal : line.refusals()) {
        checks.add(
            new Check(
                "errors/" + line.operation() + "/" + refusal.sample().label(),
                new Check.Subject(line.operation(), Check.OTHER),
                () -> check(line, refusal, device)));
      }
    }
    return checks.stream();
  }

  private static void check(OperatorCase line, Refusal refusal, Device device) {
    DType dtype =
        line.dtypes().contains(DType.FLOAT32)
            ? DType.FLOAT32
            : line.dtypes().stream().sorted().toList().getFirst();
    List<HostValue> inputs = Runs.inputs(line, refusal.sample(), dtype);
    try {
      Runs.outputs(refusal.sample(), device, inputs, Placement.CONTIGUOUS);
    } catch (RuntimeException failure) {
      String message = String.valueOf(failure.getMessage());
      if (!refusal.type().isInstance(failure) || !message.contains(refusal.text())) {
        throw new AssertionError(
            "expected "
                + refusal.type().getSimpleName()
                + " with '"
                + refusal.text()
                + "', but got "
                + failure,
            failure);
      }
      return;
    }
    throw new AssertionError("expected " + refusal.type().getSimpleName() + ", but it answered");
  }
}
