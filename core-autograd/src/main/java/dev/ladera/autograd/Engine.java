package dev.ladera.autograd;

import dev.ladera.DeviceException;
import dev.ladera.Dispatcher;
import dev.ladera.GradientException;
import dev.ladera.Gradients;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import dev.ladera.op.Composite;
import dev.ladera.op.Gradient;
import dev.ladera.op.Operator;
import dev.ladera.op.Pointwise;
import dev.ladera.op.TensorType;
import dev.ladera.spi.AutogradEngine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Records steps and walks them back. There is no tape: a step is held by the tensors it made, and
 * by the steps that used them.
 */
public final class Engine implements AutogradEngine {
  private final AtomicLong recorded = new AtomicLong();
  private final Rules rules = new Rules();
  private final ExpressionGradient.Table expressions = new ExpressionGradient.Table();

  /** Made by the service loader. */
  public Engine() {}

  @Override
  public boolean differentiatesBody(Composite operator) {
    return rules.find(operator) == null && operator.gradient() instanceof Gradient.OfBody;
  }

  @Override
  public void record(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    boolean floating = false;
    for (Tensor output : outputs) {
      floating |= output.dtype().isFloating();
    }
    if (floating) {
      new Node(recorded.getAndIncrement(), operator, rule(operator, inputs), inputs, outputs);
      Trace.saw(outputs);
    }
  }

  private Rule rule(Operator operator, Tensor[] inputs) {
    if (operator instanceof Pointwise pointwise) {
      return pointwise(pointwise, inputs);
    }
    Rule rule = rules.find(operator);
    if (rule != null) {
      return rule;
    }
    if (operator instanceof Composite composite
        && composite.gradient() instanceof Gradient.ByRule(Gradient.Rule formula)) {
      return new Rule((_, _, _) -> true, (op, step) -> custom(op, formula, step));
    }
    return new Rule(
        Rule.Saves.NOTHING,
        (op, _) -> {
          throw new GradientException(
              op.name(), "has no gradient, by its own declaration; detach() what it answers");
        });
  }

  private static List<@Nullable Tensor> custom(
      Operator operator, Gradient.Rule formula, Step step) {
    List<Tensor> inputs = new ArrayList<>();
    for (int i = 0; i < step.inputs(); i++) {
      inputs.add(step.in(i));
    }
    List<Tensor> outputs = new ArrayList<>();
    List<Tensor> gradients = new ArrayList<>();
    for (int i = 0; i < step.outputs(); i++) {
      outputs.add(step.out(i));
      gradients.add(step.g(i));
    }
    try {
      return Objects.requireNonNull(
          formula.gradients(inputs, outputs, gradients), "it answered null");
    } catch (RuntimeException e) {
      throw new GradientException(operator.name(), "its gradient rule failed: " + e, e);
    }
  }

  /** The rule of an elementwise operator, for the inputs that need a gradient here. */
  private Rule pointwise(Pointwise operator, Tensor[] inputs) {
    @Nullable ExpressionGradient[] found = new @Nullable ExpressionGradient[inputs.length];
    boolean[] kept = new boolean[inputs.length];
    boolean keepsOutput = false;
    for (int i = 0; i < inputs.length; i++) {
      if (inputs[i].requiresGrad()) {
        ExpressionGradient gradient = expressions.find(operator, i, inputs[i].dtype());
        found[i] = gradient;
        for (int operand : gradient.operands()) {
          if (operand >= 0) {
            kept[operand] = true;
          }
          keepsOutput |= operand == ExpressionGradient.OUTPUT;
        }
      }
    }
    boolean output = keepsOutput;
    return new Rule(
        (_, i, ofOutput) -> ofOutput ? output : kept[i],
        (_, step) -> {
          @Nullable Tensor[] gradients = new @Nullable Tensor[found.length];
          for (int i = 0; i < found.length; i++) {
            ExpressionGradient gradient = found[i];
            if (gradient != null) {
              gradients[i] = evaluate(operator, gradient, i, step);
            }
          }
          return Arrays.asList(gradients);
        });
  }

  private static Tensor evaluate(
      Pointwise operator, ExpressionGradient gradient, int input, Step step) {
    if (gradient.isZero()) {
      return Tensor.zeros(step.shape(input), step.dtype(input), step.device());
    }
    if (gradient.isIdentity()) {
      return step.g(0).sumTo(step.shape(input)).to(step.dtype(input));
    }
    Tensor[] operands = new Tensor[gradient.operands().size()];
    for (int k = 0; k < operands.length; k++) {
      int operand = gradient.operands().get(k);
      operands[k] =
          operand == ExpressionGradient.OUTPUT
              ? step.out(0)
              : operand == ExpressionGradient.GRADIENT ? step.g(0) : step.in(operand);
    }
    Pointwise body = gradient.body().withNumbersOf(operator);
    return Dispatcher.call(body, operands).sumTo(step.shape(input));
  }

  @Override
  public void backward(
      List<Tensor> outputs,
      List<@Nullable Tensor> gradients,
      boolean retainGraph,
      boolean createGraph) {
    BackwardPass pass = new BackwardPass(createGraph);
    pass.start(outputs, seeds("backward", outputs, gradients));
    run(pass, retainGraph, createGraph);
    pass.storeLeafGradients();
  }

  @Override
  public List<@Nullable Tensor> grad(
      List<Tensor> outputs,
      List<Tensor> inputs,
      List<@Nullable Tensor> gradients,
      boolean retainGraph,
      boolean createGraph) {
    BackwardPass pass = new BackwardPass(createGraph);
    for (int i = 0; i < inputs.size(); i++) {
      if (!inputs.get(i).requiresGrad()) {
        throw new GradientException(
            "grad",
            "input "
                + i
                + " of shape "
                + inputs.get(i).shape()
                + " requires no gradient; call requiresGrad(true) before computing with it");
      }
      pass.capture(inputs.get(i));
    }
    pass.start(outputs, seeds("grad", outputs, gradients));
    run(pass, retainGraph, createGraph);
    List<@Nullable Tensor> found = new ArrayList<>();
    for (Tensor input : inputs) {
      found.add(pass.captured(input));
    }
    return Collections.unmodifiableList(found);
  }

  private static void run(BackwardPass pass, boolean retainGraph, boolean createGraph) {
    if (createGraph) {
      Gradients.enableGrad(() -> pass.run(true));
    } else {
      Gradients.noGrad(() -> pass.run(retainGraph));
    }
  }

  private static List<Tensor> seeds(
      String operation, List<Tensor> outputs, List<@Nullable Tensor> gradients) {
    if (outputs.size() != gradients.size()) {
      throw new GradientException(
          operation,
          "there are " + outputs.size() + " outputs and " + gradients.size() + " gradients");
    }
    List<Tensor> seeds = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      Tensor output = outputs.get(i);
      if (!output.requiresGrad()) {
        throw new GradientException(
            operation,
            "output "
                + i
                + " of shape "
                + output.shape()
                + " was not computed from a tensor that requires a gradient, or not recorded; call"
                + " requiresGrad(true) before computing, and compute outside of noGrad");
      }
      Tensor gradient = gradients.get(i);
      if (gradient == null) {
        if (output.elements() != 1) {
          throw new GradientException(
              operation,
              "output "
                  + i
                  + " of shape "
                  + output.shape()
                  + " is no scalar; give the gradient to start from, or sum() it first");
        }
        gradient = Tensor.ones(output.shape(), output.dtype(), output.device());
      } else if (!gradient.shape().equals(output.shape())) {
        throw new ShapeException(
            operation,
            "gradient "
                + gradient.shape()
                + " must have the shape of output "
                + i
                + ", "
                + output.shape(),
            gradient.shape(),
            output.shape());
      } else if (gradient.device() != output.device()) {
        throw new DeviceException(
            operation,
            "gradient "
                + i
                + " is on "
                + gradient.device()
                + " and its output on "
                + output.device()
                + "; use to(Device)");
      }
      seeds.add(gradient.to(output.dtype()));
    }
    return seeds;
  }

  /** Whether the rule table speaks of a kind of operator; for the registry test. */
  boolean covers(Class<? extends Operator> operator) {
    return rules.covers(operator);
  }

  /** Checks what a rule answered: one gradient an input, of the input's type and device. */
  static void check(Node node, List<@Nullable Tensor> gradients) {
    TensorType[] expected = node.inputTypes();
    if (gradients.size() != expected.length) {
      throw new GradientException(
          node.name(),
          "its rule answered "
              + gradients.size()
              + " gradients for "
              + expected.length
              + " inputs");
    }
    for (int i = 0; i < expected.length; i++) {
      Tensor gradient = gradients.get(i);
      if (gradient == null || !node.needs(i)) {
        continue;
      }
      if (!gradient.type().equals(expected[i])) {
        throw new GradientException(
            node.name(),
            "its rule answered a gradient "
                + gradient.type()
                + " for input "
                + i
                + ", which is "
                + expected[i]);
      }
      if (!gradient.device().meets(node.device())) {
        throw new GradientException(
            node.name(),
            "its rule answered a gradient on "
                + gradient.device()
                + " for input "
                + i
                + ", which is on "
                + node.device());
      }
    }
  }
}
