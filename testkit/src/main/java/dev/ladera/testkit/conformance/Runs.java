package dev.ladera.testkit.conformance;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Gradients;
import dev.ladera.LaderaException;
import dev.ladera.Tensor;
import dev.ladera.testkit.ReferenceBackend;
import dev.ladera.testkit.conformance.OperatorCase.Sample;
import java.util.ArrayList;
import java.util.List;

/** Runs samples on devices. */
final class Runs {
  /** Where the right answers come from. */
  static final Device REFERENCE = Device.of("reference", new ReferenceBackend());

  private Runs() {}

  /** Values for a sample's inputs: the same for the same sample, each time and everywhere. */
  static List<HostValue> inputs(OperatorCase line, Sample sample, DType dtype) {
    long seed = (line.operation() + sample.label()).hashCode();
    List<HostValue> values = new ArrayList<>();
    for (Operand operand : sample.operands()) {
      values.add(HostValue.random(operand, operand.dtypeWhen(dtype), seed + 31L * values.size()));
    }
    return values;
  }

  /** What is left of the inputs when they are placed so. */
  static List<HostValue> adapted(List<HostValue> inputs, Placement placement) {
    return inputs.stream().map(placement::adapt).toList();
  }

  /** The outputs for adapted inputs, each placed so. */
  static List<HostValue> outputs(
      Sample sample, Device device, List<HostValue> inputs, Placement placement) {
    List<Tensor> placed = inputs.stream().map(value -> placement.place(value, device)).toList();
    return call(sample, device, placed);
  }

  /** The outputs for these tensors. */
  static List<HostValue> call(Sample sample, Device device, List<Tensor> inputs) {
    return Gradients.noGrad(
        () -> sample.call().on(device, inputs).stream().map(HostValue::of).toList());
  }

  /** Fails if a call is not refused by an exception of the class that the reference threw. */
  static void refuses(Sample sample, Device device, List<Tensor> inputs, LaderaException expected) {
    try {
      call(sample, device, inputs);
    } catch (LaderaException refused) {
      if (refused.getClass() == expected.getClass()) {
        return;
      }
      throw new AssertionError(sample.label() + ": expected " + expected, refused);
    }
    throw new AssertionError(sample.label() + ": it answered; expected " + expected);
  }

  /** The right outputs for inputs as a device has them. */
  static List<HostValue> expected(OperatorCase line, Sample sample, List<HostValue> inputs) {
    Sample reference = new Sample(sample.label(), line.reference(sample), sample.operands());
    return outputs(reference, REFERENCE, inputs, Placement.CONTIGUOUS);
  }
}
