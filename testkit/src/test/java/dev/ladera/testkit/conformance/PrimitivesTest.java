package dev.ladera.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.op.Primitive;
import dev.ladera.testkit.conformance.OperatorCase.Sample;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The table reaches everything that a backend must implement. */
class PrimitivesTest {
  @Test
  void everyPrimitiveRunsInSomeSample() {
    Set<Class<?>> missing = new HashSet<>(List.of(Primitive.class.getPermittedSubclasses()));
    assertThat(missing).hasSizeGreaterThan(15);
    Device device =
        Device.of(
            "recording",
            new BrokenBackend((kernel, operator, inputs, outputs) -> {
              missing.remove(operator.getClass());
              kernel.run(operator, inputs, outputs);
            }));
    for (OperatorCase line : OperatorCases.all()) {
      DType dtype = line.dtypes().stream().sorted().findFirst().orElseThrow();
      for (Sample sample : line.samples()) {
        Runs.outputs(sample, device, Runs.inputs(line, sample, dtype), Placement.CONTIGUOUS);
      }
    }
    assertThat(missing).isEmpty();
  }
}
