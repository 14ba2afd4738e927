package dev.ladera.autograd;

import dev.ladera.Device;
import dev.ladera.GradientException;
import dev.ladera.ReleasedException;
import dev.ladera.Tensor;
import dev.ladera.op.Operator;
import dev.ladera.op.TensorType;
import dev.ladera.spi.GradientNode;
import dev.ladera.spi.GradientState;
import java.lang.ref.WeakReference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A recorded step: the operator, where its inputs came from, and what its rule saved. Numbers in
 * ascending order of recording make the linear order in which a pass goes back: a step's consumers
 * all have higher numbers.
 */
final class Node implements GradientNode {
  /**
   * Where an input came from.
   *
   * @param state of the input tensor: of a leaf, or of an output of {@code node}
   * @param node the step that made it; null for leaves
   * @param output which output of that step
   */
  record Source(GradientState state, @Nullable Node node, int output) {}

  private final long number;
  private final Operator operator;
  private final Rule rule;
  private final Device device;
  private final TensorType[] inputTypes;
  private final TensorType[] outputTypes;
  private final @Nullable Source[] sources;
  private final GradientState[] outputStates;
  private final WeakReference<Tensor>[] outputValues;
  private @Nullable Tensor @Nullable [] savedInputs;
  private @Nullable Tensor @Nullable [] savedOutputs;
  private final int[] inputVersions;
  private final int[] outputVersions;

  @SuppressWarnings({"unchecked", "rawtypes"})
  Node(long number, Operator operator, Rule rule, Tensor[] inputs, Tensor[] outputs) {
    this.number = number;
    this.operator = operator;
    this.rule = rule;
    this.device = inputs[0].device();
    this.inputTypes = new TensorType[inputs.length];
    this.outputTypes = new TensorType[outputs.length];
    this.sources = new @Nullable Source[inputs.length];
    this.inputVersions = new int[inputs.length];
    this.outputVersions = new int[outputs.length];
    this.outputStates = new GradientState[outputs.length];
    this.outputValues = new WeakReference[outputs.length];
    @Nullable Tensor[] keptInputs = new @Nullable Tensor[inputs.length];
    @Nullable Tensor[] keptOutputs = new @Nullable Tensor[outputs.length];
    for (int i = 0; i < inputs.length; i++) {
      Tensor input = inputs[i];
      inputTypes[i] = input.type();
      if (input.requiresGrad()) {
        GradientState state = input.gradientState();
        sources[i] = new Source(state, (Node) state.node(), state.output());
      }
      if (rule.saves().test(operator, i, false)) {
        keptInputs[i] = input;
        inputVersions[i] = input.storage().version();
      }
    }
    for (int i = 0; i < outputs.length; i++) {
      Tensor output = outputs[i];
      outputTypes[i] = output.type();
      outputValues[i] = new WeakReference(output);
      if (rule.saves().test(operator, i, true)) {
        keptOutputs[i] = output.detach();
        outputVersions[i] = output.storage().version();
      }
      outputStates[i] = output.dtype().isFloating() ? output.gradientState() : new GradientState();
      if (output.dtype().isFloating()) {
        outputStates[i].madeBy(this, i);
      }
    }
    this.savedInputs = keptInputs;
    this.savedOutputs = keptOutputs;
  }

  @Override
  public String name() {
    return operator.name();
  }

  long number() {
    return number;
  }

  Operator operator() {
    return operator;
  }

  Device device() {
    return device;
  }

  TensorType[] inputTypes() {
    return inputTypes;
  }

  TensorType[] outputTypes() {
    return outputTypes;
  }

  @Nullable Source source(int input) {
    return sources[input];
  }

  boolean needs(int input) {
    return sources[input] != null;
  }

  GradientState outputState(int output) {
    return outputStates[output];
  }

  /** An output's tensor, if somebody still holds it. */
  @Nullable Tensor outputValue(int output) {
    return outputValues[output].get();
  }

  Tensor savedInput(int input) {
    @Nullable Tensor[] saved = savedInputs;
    if (saved == null) {
      throw freed();
    }
    Tensor tensor = saved[input];
    if (tensor == null) {
      throw new IllegalStateException(name() + "'s rule did not save input " + input);
    }
    check(tensor, inputVersions[input], "input " + input);
    return tensor;
  }

  /**
   * A saved output, as a tensor that this step made, so that gradients can flow through it again.
   */
  Tensor savedOutput(int output) {
    @Nullable Tensor[] saved = savedOutputs;
    if (saved == null) {
      throw freed();
    }
    Tensor tensor = saved[output];
    if (tensor == null) {
      throw new IllegalStateException(name() + "'s rule did not save output " + output);
    }
    check(tensor, outputVersions[output], "output " + output);
    Tensor linked = tensor.detach();
    if (tensor.dtype().isFloating()) {
      linked.gradientState().madeBy(this, output);
    }
    return linked;
  }

  private void check(Tensor tensor, int version, String what) {
    if (tensor.isReleased()) {
      throw new ReleasedException("backward", what + " of " + name(), tensor.shape());
    }
    if (tensor.storage().version() != version) {
      throw new GradientException(
          "backward",
          what
              + " of "
              + name()
              + ", of shape "
              + tensor.shape()
              + ", was overwritten after it was saved for the gradient; assign to a copy()");
    }
  }

  private GradientException freed() {
    return new GradientException(
        "backward",
        "the graph of "
            + name()
            + " was freed by an earlier pass; give that pass retainGraph = true to go back twice");
  }

  /** Applies the rule. */
  List<@Nullable Tensor> gradients(@Nullable Tensor[] outputGradients) {
    if (savedInputs == null) {
      throw freed();
    }
    return rule.formula().gradients(operator, new Step(this, outputGradients));
  }

  /** Lets go of what was saved. */
  void free() {
    savedInputs = null;
    savedOutputs = null;
  }
}
