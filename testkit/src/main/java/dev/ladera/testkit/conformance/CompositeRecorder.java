package dev.ladera.testkit.conformance;

import dev.ladera.Device;
import dev.ladera.Gradients;
import dev.ladera.Tensor;
import dev.ladera.op.Composite;
import dev.ladera.op.Operator;
import dev.ladera.op.Signature;
import dev.ladera.spi.Kernel;
import dev.ladera.testkit.ReferenceBackend;
import dev.ladera.testkit.conformance.OperatorCase.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The reference, noting which composites are called and with what. It claims them all, and answers
 * by their decompositions, so that those inside of others are noted too.
 */
final class CompositeRecorder extends WrappedBackend {
  /**
   * One call of a composite.
   *
   * @param composite which
   * @param inputs what it was given
   */
  record Called(Composite composite, List<HostValue> inputs) {}

  private final List<Called> calls = new ArrayList<>();

  private CompositeRecorder() {
    super(new ReferenceBackend());
  }

  /** The composites that a sample calls. */
  static List<Called> calls(Sample sample, List<HostValue> inputs) {
    CompositeRecorder recorder = new CompositeRecorder();
    Runs.outputs(sample, Device.of("recorder", recorder), inputs, Placement.CONTIGUOUS);
    return recorder.calls;
  }

  @Override
  public @Nullable Kernel prepare(Operator operator, Signature signature) {
    return operator instanceof Composite ? this::note : super.prepare(operator, signature);
  }

  private void note(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    Composite composite = (Composite) operator;
    calls.add(new Called(composite, Stream.of(inputs).map(HostValue::of).toList()));
    Tensor[] answers = Gradients.noGrad(() -> composite.decompose(inputs));
    for (int i = 0; i < outputs.length; i++) {
      int count = (int) answers[i].elements();
      write(answers[i].toArray(), 0, outputs[i].storage(), 0, count);
    }
  }
}
