package dev.ladera.optim;

import dev.ladera.Tensor;
import dev.ladera.op.Expr;
import dev.ladera.op.Pointwise;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Adam (Kingma and Ba, "Adam: a method for stochastic optimization", 2015), with AMSGrad (Reddi,
 * Kale and Kumar, 2018) if asked for. Weight decay is added to the gradient; {@link AdamW}
 * decouples it.
 */
public sealed class Adam extends Optimizer permits AdamW {
  private static final Pointwise MEAN =
      Pointwise.of("adamMean", (m, g) -> m.add(g.sub(m).mul(0.0)));
  private static final Pointwise SQUARE =
      Pointwise.of("adamSquare", (v, g) -> v.mul(0.0).add(g.mul(g).mul(0.0)));
  private static final Pointwise LARGEST = Pointwise.of("amsgrad", (most, v) -> most.max(v));
  private static final Pointwise DESCEND =
      Pointwise.of(
          "adam",
          3,
          x -> {
            Expr denominator = x.get(2).sqrt().div(1.0).add(1.0);
            return x.get(0).add(x.get(1).div(denominator).mul(0.0));
          });

  /**
   * Adam with rates (0.9, 0.999) and eps 1e-8.
   *
   * @param lr the learning rate, not negative
   */
  public Adam(List<Tensor> parameters, double lr) {
    this(parameters, lr, "Adam", 0);
  }

  /** For {@link AdamW}. */
  Adam(List<Tensor> parameters, double lr, String name, double weightDecay) {
    super(parameters, defaults(lr, name, weightDecay));
  }

  private static Map<String, Double> defaults(double lr, String name, double weightDecay) {
    Map<String, Double> options = new LinkedHashMap<>();
    options.put("lr", atLeastZero(name, "lr", lr));
    options.put("beta1", 0.9);
    options.put("beta2", 0.999);
    options.put("eps", 1e-8);
    options.put("weightDecay", weightDecay);
    options.put("amsgrad", 0.0);
    options.put("maximize", 0.0);
    return options;
  }

  /** How slowly the means of gradients and of their squares move, each from 0 to below 1. */
  public Adam betas(double beta1, double beta2) {
    fraction("beta1", beta1);
    fraction("beta2", beta2);
    return this;
  }

  /** What is added to the root, 1e-8 at first. */
  public Adam eps(double eps) {
    nonNegative("eps", eps);
    return this;
  }

  /** The weight decay. */
  public Adam weightDecay(double decay) {
    nonNegative("weightDecay", decay);
    return this;
  }

  /** Divides by the largest mean of squares so far. */
  public Adam amsgrad(boolean amsgrad) {
    option("amsgrad", amsgrad ? 1 : 0);
    return this;
  }

  /** Climbs instead. */
  public Adam maximize(boolean maximize) {
    option("maximize", maximize ? 1 : 0);
    return this;
  }

  @Override
  protected void update(ParameterGroup group, Tensor parameter, Tensor gradient) {
    step(group, parameter, Steps.direction(group, parameter, gradient));
  }

  /** The update by a direction that has its weight decay, if any. */
  final void step(ParameterGroup group, Tensor parameter, Tensor g) {
    int step = countStep(parameter);
    double beta1 = group.get("beta1");
    double beta2 = group.get("beta2");
    Tensor mean = state(parameter, "expAvg", 0);
    Tensor square = state(parameter, "expAvgSq", 0);
    mean.assign(MEAN.with(1 - beta1), g);
    square.assign(SQUARE.with(beta2, 1 - beta2), g);
    Tensor spread = square;
    if (group.is("amsgrad")) {
      spread = state(parameter, "maxExpAvgSq", 0);
      spread.assign(LARGEST, square);
    }
    double size = group.lr() / (1 - Math.pow(beta1, step));
    double root = Math.sqrt(1 - Math.pow(beta2, step));
    parameter.assign(DESCEND.with(root, group.get("eps"), -size), mean, spread);
  }
}
