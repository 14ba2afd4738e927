package dev.ladera.testkit.conformance;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Gradients;
import dev.ladera.MemoryUse;
import dev.ladera.Tensor;
import dev.ladera.op.Composite;
import dev.ladera.op.Operator;
import dev.ladera.op.Signature;
import dev.ladera.spi.Backend;
import dev.ladera.spi.Kernel;
import dev.ladera.spi.Storage;
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
final class CompositeRecorder implements Backend {
  /**
   * One call of a composite.
   *
   * @param composite which
   * @param inputs what it was given
   */
  record Called(Composite composite, List<HostValue> inputs) {}

  private final ReferenceBackend reference = new ReferenceBackend();
  private final List<Called> calls = new ArrayList<>();

  private CompositeRecorder() {}

  /** The composites that a sample calls. */
  static List<Called> calls(Sample sample, List<HostValue> inputs) {
    CompositeRecorder recorder = new CompositeRecorder();
    Runs.outputs(sample, Device.of("recorder", recorder), inputs, Placement.CONTIGUOUS);
    return recorder.calls;
  }

  @Override
  public @Nullable Kernel prepare(Operator operator, Signature signature) {
    return operator instanceof Composite ? this::note : reference.prepare(operator, signature);
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

  @Override
  public Storage allocate(DType dtype, long elements) {
    return reference.allocate(dtype, elements);
  }

  @Override
  public void read(Storage storage, long from, Object array, int at, int length) {
    reference.read(storage, from, array, at, length);
  }

  @Override
  public void write(Object array, int at, Storage storage, long from, int length) {
    reference.write(array, at, storage, from, length);
  }

  @Override
  public void synchronize() {
    reference.synchronize();
  }

  @Override
  public MemoryUse memory() {
    return reference.memory();
  }

  @Override
  public String description() {
    return "the reference, noting composites";
  }
}
