package dev.ladera.autograd;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.DTypeException;
import dev.ladera.Generator;
import dev.ladera.GradientException;
import dev.ladera.Gradients;
import dev.ladera.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.apache.commons.math3.analysis.UnivariateFunction;
import org.apache.commons.math3.analysis.differentiation.DerivativeStructure;
import org.apache.commons.math3.analysis.differentiation.FiniteDifferencesDifferentiator;
import org.jspecify.annotations.Nullable;

/**
 * Compares gradients with finite differences, in float64: for functions of the user's own as for
 * Ladera's operators.
 *
 * <pre>{@code
 * GradCheck.of(in -> in.get(0).mul(in.get(1)).tanh()).check(x, y);
 * }</pre>
 *
 * The outputs are weighted by fixed random numbers and summed, so that one scalar is
 * differentiated. Differences are taken over five points, with an error of the fourth power of the
 * step.
 */
public final class GradCheck {
  private static final int POINTS = 5;

  private final Function<List<Tensor>, Tensor> function;
  private double step = 1e-3;
  private double relative = 1e-6;
  private double absolute = 1e-7;
  private boolean secondOrder;

  private GradCheck(Function<List<Tensor>, Tensor> function) {
    this.function = function;
  }

  /** A check of a function of tensors. */
  public static GradCheck of(Function<List<Tensor>, Tensor> function) {
    return new GradCheck(function);
  }

  /** The distance of the points, 1e-3 at first. */
  public GradCheck step(double distance) {
    if (!(distance > 0)) {
      throw new ArgumentException("gradcheck", "step", "must be positive, not " + distance);
    }
    this.step = distance;
    return this;
  }

  /** How far apart the two may be: absolute + relative · |difference quotient|. */
  public GradCheck tolerance(double relativeError, double absoluteError) {
    this.relative = relativeError;
    this.absolute = absoluteError;
    return this;
  }

  /** Also compares the gradient of the gradient. */
  public GradCheck secondOrder() {
    this.secondOrder = true;
    return this;
  }

  /**
   * An element whose two gradients were compared.
   *
   * @param input which input
   * @param element its place in row-major order
   * @param gradient by the rules
   * @param difference by finite differences
   * @param order 1, or 2 for the gradient of the gradient
   */
  public record Comparison(
      int input, long element, double gradient, double difference, int order) {}

  /**
   * What a check found.
   *
   * @param compared how many elements were compared
   * @param failures those further apart than the tolerance
   */
  public record Report(int compared, List<Comparison> failures) {
    /** Whether all agree. */
    public boolean passed() {
      return failures.isEmpty();
    }

    /** One line an element that differs. */
    @Override
    public String toString() {
      StringBuilder text =
          new StringBuilder(
              compared
                  + " elements compared, "
                  + failures.size()
                  + " differ"
                  + System.lineSeparator());
      for (Comparison failure : failures) {
        text.append(
            String.format(
                Locale.ROOT,
                "  order %d, input %d, element %d: gradient %.10g, finite difference %.10g%n",
                failure.order(),
                failure.input(),
                failure.element(),
                failure.gradient(),
                failure.difference()));
      }
      return text.toString();
    }
  }

  /**
   * Checks the gradients at a point.
   *
   * @param inputs float64 tensors
   * @throws GradientException if they differ, with the report
   */
  public void check(Tensor... inputs) {
    Report report = report(inputs);
    if (!report.passed()) {
      throw new GradientException("gradcheck", report.toString());
    }
  }

  /**
   * Compares the gradients at a point.
   *
   * @param inputs float64 tensors, which stay as they are
   * @throws DTypeException if an input is not float64
   */
  public Report report(Tensor... inputs) {
    for (int i = 0; i < inputs.length; i++) {
      if (inputs[i].dtype() != DType.FLOAT64) {
        throw new DTypeException(
            "gradcheck",
            "input " + i + " is " + inputs[i].dtype() + "; differences need float64",
            inputs[i].dtype());
      }
    }
    List<Comparison> failures = new ArrayList<>();
    int compared = compare(this::weighted, inputs, 1, failures);
    if (secondOrder) {
      compared += compare(this::gradientsWeighted, inputs, 2, failures);
    }
    return new Report(compared, Collections.unmodifiableList(failures));
  }

  /** The outputs, weighted and summed; the weights depend on nothing but the shape. */
  private static Tensor weightedSum(Tensor output, long seed) {
    Tensor weights =
        new Generator(seed).uniform(output.shape(), DType.FLOAT64, output.device()).add(0.5);
    return output.mul(weights).sum();
  }

  private Tensor weighted(List<Tensor> inputs) {
    return weightedSum(function.apply(inputs), 1);
  }

  private Tensor gradientsWeighted(List<Tensor> inputs) {
    return Gradients.enableGrad(() -> {
      List<Tensor> leaves = new ArrayList<>();
      for (Tensor input : inputs) {
        leaves.add(input.requiresGrad() ? input : input.detach().requiresGrad(true));
      }
      Tensor value = weighted(leaves);
      Tensor total = Tensor.zeros(value.shape(), DType.FLOAT64, value.device());
      if (!value.requiresGrad()) {
        return total;
      }
      List<@Nullable Tensor> first =
          Gradients.grad(List.of(value), leaves, Collections.singletonList(null), true, true);
      for (int i = 0; i < first.size(); i++) {
        Tensor gradient = first.get(i);
        if (gradient != null) {
          total = total.add(weightedSum(gradient, 2 + i));
        }
      }
      return total;
    });
  }

  private int compare(
      Function<List<Tensor>, Tensor> scalar,
      Tensor[] inputs,
      int order,
      List<Comparison> failures) {
    List<Tensor> leaves = new ArrayList<>();
    for (Tensor input : inputs) {
      leaves.add(input.detach().copy().requiresGrad(true));
    }
    Tensor value = scalar.apply(leaves);
    List<@Nullable Tensor> gradients =
        value.requiresGrad()
            ? Gradients.grad(List.of(value), leaves, Collections.singletonList(null), false, false)
            : Collections.nCopies(inputs.length, null);
    int compared = 0;
    for (int i = 0; i < inputs.length; i++) {
      Tensor gradient = gradients.get(i);
      double[] byRule =
          gradient == null ? new double[(int) inputs[i].elements()] : gradient.toDoubleArray();
      for (int element = 0; element < byRule.length; element++) {
        double difference = difference(scalar, inputs, i, element);
        double allowed = absolute + relative * Math.abs(difference);
        // Negated, so that NaN fails.
        if (!(Math.abs(byRule[element] - difference) <= allowed)) {
          failures.add(new Comparison(i, element, byRule[element], difference, order));
        }
        compared++;
      }
    }
    return compared;
  }

  private double difference(
      Function<List<Tensor>, Tensor> scalar, Tensor[] inputs, int input, int element) {
    double[] values = inputs[input].toDoubleArray();
    double at = values[element];
    UnivariateFunction along =
        x -> {
          double[] moved = values.clone();
          moved[element] = x;
          List<Tensor> point = new ArrayList<>();
          for (int i = 0; i < inputs.length; i++) {
            point.add(
                i == input
                    ? Tensor.ofArray(moved, inputs[i].shape(), inputs[i].device())
                    : inputs[i].detach());
          }
          return Gradients.noGrad(() -> scalar.apply(point).item());
        };
    return new FiniteDifferencesDifferentiator(POINTS, step)
        .differentiate(along)
        .value(new DerivativeStructure(1, 1, 0, at))
        .getPartialDerivative(1);
  }
}
