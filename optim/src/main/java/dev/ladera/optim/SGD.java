package dev.ladera.optim;

import dev.ladera.ArgumentException;
import dev.ladera.Tensor;
import dev.ladera.op.Pointwise;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Stochastic gradient descent, with momentum (Polyak, 1964) in PyTorch's form: the buffer is {@code
 * momentum · buffer + (1 − dampening) · gradient}, starting as the first gradient.
 */
public final class SGD extends Optimizer {
  private static final Pointwise GATHER =
      Pointwise.of("sgdMomentum", (buffer, g) -> buffer.mul(0.0).add(g.mul(0.0)));

  /**
   * Plain descent.
   *
   * @param lr the learning rate, not negative
   */
  public SGD(List<Tensor> parameters, double lr) {
    super(parameters, defaults(lr));
  }

  private static Map<String, Double> defaults(double lr) {
    Map<String, Double> options = new LinkedHashMap<>();
    options.put("lr", atLeastZero("SGD", "lr", lr));
    options.put("momentum", 0.0);
    options.put("dampening", 0.0);
    options.put("weightDecay", 0.0);
    options.put("nesterov", 0.0);
    options.put("maximize", 0.0);
    return options;
  }

  /** How much of the last step's direction is kept, 0 at first. */
  public SGD momentum(double momentum) {
    nonNegative("momentum", momentum);
    return this;
  }

  /** How much of the gradient is left out of the momentum, 0 at first. */
  public SGD dampening(double dampening) {
    option("dampening", dampening);
    return this;
  }

  /** How much of the parameter is added to its gradient, 0 at first. */
  public SGD weightDecay(double decay) {
    nonNegative("weightDecay", decay);
    return this;
  }

  /**
   * Looks one step of momentum ahead (Nesterov, 1983).
   *
   * @throws ArgumentException at the step, without momentum or with dampening
   */
  public SGD nesterov(boolean nesterov) {
    option("nesterov", nesterov ? 1 : 0);
    return this;
  }

  /** Climbs instead. */
  public SGD maximize(boolean maximize) {
    option("maximize", maximize ? 1 : 0);
    return this;
  }

  @Override
  protected void update(ParameterGroup group, Tensor parameter, Tensor gradient) {
    double momentum = group.get("momentum");
    if (group.is("nesterov") && (momentum <= 0 || group.is("dampening"))) {
      throw new ArgumentException("SGD", "nesterov", "needs a momentum and no dampening");
    }
    Tensor g = Steps.direction(group, parameter, gradient);
    if (momentum != 0) {
      boolean first = !hasState(parameter, "momentumBuffer");
      Tensor buffer = state(parameter, "momentumBuffer", 0);
      if (first) {
        buffer.assign(g);
      } else {
        buffer.assign(GATHER.with(momentum, 1 - group.get("dampening")), g);
      }
      g = group.is("nesterov") ? Steps.call(Steps.ADD_SCALED.with(momentum), g, buffer) : buffer;
    }
    parameter.assign(Steps.ADD_SCALED.with(-group.lr()), g);
  }
}
