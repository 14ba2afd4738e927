package dev.ladera.autograd;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a rule sees of a recorded step in a backward pass. */
final class Step {
  private final Node node;
  private final @Nullable Tensor[] gradients;

  Step(Node node, @Nullable Tensor[] gradients) {
    this.node = node;
    this.gradients = gradients;
  }

  /** The number of inputs. */
  int inputs() {
    return node.inputTypes().length;
  }

  /** The number of outputs. */
  int outputs() {
    return gradients.length;
  }

  /** Whether the gradient of an input is asked for. */
  boolean needs(int input) {
    return node.needs(input);
  }

  /** Whether something depends on an output. */
  boolean has(int output) {
    return gradients[output] != null;
  }

  /** The gradient of an output; zeros where nothing depends on it. */
  Tensor g(int output) {
    Tensor gradient = gradients[output];
    return gradient == null
        ? Tensor.zeros(
            node.outputTypes()[output].shape(), node.outputTypes()[output].dtype(), device())
        : gradient;
  }

  /** A saved input. */
  Tensor in(int input) {
    return node.savedInput(input);
  }

  /** A saved output. */
  Tensor out(int output) {
    return node.savedOutput(output);
  }

  /** The shape of an input. */
  Shape shape(int input) {
    return node.inputTypes()[input].shape();
  }

  /** The element type of an input. */
  DType dtype(int input) {
    return node.inputTypes()[input].dtype();
  }

  /** The device of the inputs. */
  Device device() {
    return node.device();
  }

  /** The gradient of the first input; further inputs have none. */
  List<@Nullable Tensor> one(@Nullable Tensor gradient) {
    @Nullable Tensor[] all = new @Nullable Tensor[inputs()];
    all[0] = gradient;
    return Arrays.asList(all);
  }

  /** The gradients of two inputs, each made only if asked for. */
  List<@Nullable Tensor> two(Supplier<Tensor> first, Supplier<Tensor> second) {
    return Arrays.asList(needs(0) ? first.get() : null, needs(1) ? second.get() : null);
  }

  /** The gradients of three inputs. */
  List<@Nullable Tensor> three(
      @Nullable Tensor first, @Nullable Tensor second, @Nullable Tensor third) {
    return Arrays.asList(first, second, third);
  }
}
