package dev.ladera.op;

import dev.ladera.ArgumentException;
import dev.ladera.Dispatcher;
import dev.ladera.Gradients;
import dev.ladera.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A function over tensors in plain Java, with or without a gradient of its own: PyTorch's {@code
 * torch.autograd.Function}. The body may look at values, loop and branch.
 *
 * <pre>{@code
 * static final TensorFunction ROUND =
 *     TensorFunction.of("straightThroughRound", x -> x.round())
 *         .gradient((inputs, outputs, gradients) -> List.of(gradients.get(0)));
 *
 * Tensor y = ROUND.call(x);
 * }</pre>
 *
 * <p>Where nothing is said of the gradient, it is that of the body. Otherwise the body runs
 * unrecorded, and the call is one step: what the body reads beside its inputs gets no gradient.
 * What the body throws reaches the caller as it is. Immutable; may be called by several threads.
 */
public final class TensorFunction {
  private final String name;
  private final int arity;
  private final Function<List<Tensor>, List<Tensor>> body;
  private final Gradient gradient;

  private TensorFunction(
      String name, int arity, Function<List<Tensor>, List<Tensor>> body, Gradient gradient) {
    this.name = name;
    this.arity = arity;
    this.body = body;
    this.gradient = gradient;
  }

  /**
   * A function of one input and one output.
   *
   * @param name shown in errors and graphs
   */
  public static TensorFunction of(String name, UnaryOperator<Tensor> body) {
    return of(name, 1, in -> Collections.singletonList(body.apply(in.get(0))));
  }

  /** A function of two inputs and one output. */
  public static TensorFunction of(String name, BinaryOperator<Tensor> body) {
    return of(name, 2, in -> Collections.singletonList(body.apply(in.get(0), in.get(1))));
  }

  /**
   * A function of any number of inputs and outputs.
   *
   * @throws ArgumentException if there is not at least one input
   */
  public static TensorFunction of(
      String name, int arity, Function<List<Tensor>, List<Tensor>> body) {
    if (arity < 1) {
      throw new ArgumentException(name, "arity", "must be at least 1, not " + arity);
    }
    return new TensorFunction(name, arity, body, Gradient.ofBody());
  }

  /** This function with a gradient by a formula. */
  public TensorFunction gradient(Gradient.Rule rule) {
    return new TensorFunction(name, arity, body, Gradient.of(rule));
  }

  /** This function without a gradient: {@code backward} through it throws, naming it. */
  public TensorFunction withoutGradient() {
    return new TensorFunction(name, arity, body, Gradient.none());
  }

  /**
   * Calls the function.
   *
   * @return its output, the first if it has several
   * @throws ArgumentException if there are more or fewer inputs than it takes, or the body answers
   *     no tensor
   */
  public Tensor call(Tensor... inputs) {
    List<Tensor> outputs = callAll(inputs);
    if (outputs.isEmpty()) {
      throw new ArgumentException(name, "body", "answered no tensor");
    }
    return outputs.getFirst();
  }

  /**
   * Calls the function.
   *
   * @return all its outputs
   * @throws ArgumentException if there are more or fewer inputs than it takes, or the body answers
   *     null
   * @throws dev.ladera.DeviceException if it has a gradient of its own, or none, and its inputs are
   *     on several devices
   */
  public List<Tensor> callAll(Tensor... inputs) {
    if (inputs.length != arity) {
      throw new ArgumentException(name, "inputs", "must be " + arity + ", not " + inputs.length);
    }
    if (gradient instanceof Gradient.OfBody) {
      return List.of(run(inputs));
    }
    Tensor[] results = Gradients.noGrad(() -> run(inputs));
    return List.of(Dispatcher.callAll(new Call(this, results), inputs));
  }

  private Tensor[] run(Tensor[] inputs) {
    return checked(body.apply(List.of(inputs))).toArray(new Tensor[0]);
  }

  private List<Tensor> checked(@Nullable List<? extends @Nullable Tensor> answered) {
    if (answered == null || answered.stream().anyMatch(tensor -> tensor == null)) {
      throw new ArgumentException(name, "body", "answered null; answer a tensor for each output");
    }
    return List.copyOf(answered);
  }

  /**
   * A call whose results are there already, as the dispatcher sees it. It hands them over once, and
   * would compute them anew after that: the recorded step keeps the operator, and must not keep
   * tensors by it.
   */
  private static final class Call implements Composite {
    private final TensorFunction function;
    private final TensorType[] types;
    private Tensor @Nullable [] results;

    Call(TensorFunction function, Tensor[] results) {
      this.function = function;
      this.types = Arrays.stream(results).map(Tensor::type).toArray(TensorType[]::new);
      this.results = results;
    }

    @Override
    public String name() {
      return function.name;
    }

    @Override
    public TensorType[] infer(TensorType... inputs) {
      return types;
    }

    @Override
    public Tensor[] decompose(Tensor... inputs) {
      Tensor[] handed = results;
      results = null;
      return handed == null ? function.run(inputs) : handed;
    }

    @Override
    public Gradient gradient() {
      return function.gradient;
    }

    /** One for all calls, by which no kernel cache comes to hold a call. */
    @Override
    public Object kernelKey() {
      return Call.class;
    }
  }
}
