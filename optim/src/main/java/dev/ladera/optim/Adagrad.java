package dev.ladera.optim;

import dev.ladera.Tensor;
import dev.ladera.op.Pointwise;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Adagrad (Duchi, Hazan and Singer, "Adaptive subgradient methods", 2011). */
public final class Adagrad extends Optimizer {
  private static final Pointwise GATHER = Pointwise.of("adagradSum", (s, g) -> s.add(g.mul(g)));
  private static final Pointwise DESCEND =
      Pointwise.of(
          "adagrad", 3, x -> x.get(0).add(x.get(1).div(x.get(2).sqrt().add(0.0)).mul(0.0)));

  /**
   * Adagrad with eps 1e-10.
   *
   * @param lr the learning rate, not negative
   */
  public Adagrad(List<Tensor> parameters, double lr) {
    super(parameters, defaults(lr));
  }

  private static Map<String, Double> defaults(double lr) {
    Map<String, Double> options = new LinkedHashMap<>();
    options.put("lr", atLeastZero("Adagrad", "lr", lr));
    options.put("lrDecay", 0.0);
    options.put("weightDecay", 0.0);
    options.put("initialAccumulator", 0.0);
    options.put("eps", 1e-10);
    options.put("maximize", 0.0);
    return options;
  }

  /** The rate at step n is lr / (1 + (n − 1) · decay). */
  public Adagrad lrDecay(double decay) {
    nonNegative("lrDecay", decay);
    return this;
  }

  /** How much of the parameter is added to its gradient, 0 at first. */
  public Adagrad weightDecay(double decay) {
    nonNegative("weightDecay", decay);
    return this;
  }

  /** What the sums of squares start from, 0 at first; set before the first step. */
  public Adagrad initialAccumulator(double value) {
    nonNegative("initialAccumulator", value);
    return this;
  }

  /** What is added to the root, 1e-10 at first. */
  public Adagrad eps(double eps) {
    nonNegative("eps", eps);
    return this;
  }

  /** Climbs instead. */
  public Adagrad maximize(boolean maximize) {
    option("maximize", maximize ? 1 : 0);
    return this;
  }

  @Override
  protected void update(ParameterGroup group, Tensor parameter, Tensor gradient) {
    Tensor g = Steps.direction(group, parameter, gradient);
    int step = countStep(parameter);
    Tensor sum = state(parameter, "sum", group.get("initialAccumulator"));
    sum.assign(GATHER, g);
    double rate = group.lr() / (1 + (step - 1) * group.get("lrDecay"));
    parameter.assign(DESCEND.with(group.get("eps"), -rate), g, sum);
  }
}
