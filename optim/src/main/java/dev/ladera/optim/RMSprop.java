package dev.ladera.optim;

import dev.ladera.Tensor;
import dev.ladera.op.Pointwise;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** RMSprop (Hinton's lecture, 2012; centred: Graves, "Generating sequences", 2013). */
public final class RMSprop extends Optimizer {
  private static final Pointwise SQUARE =
      Pointwise.of("rmsSquare", (v, g) -> v.mul(0.0).add(g.mul(g).mul(0.0)));
  private static final Pointwise MEAN = Pointwise.of("rmsMean", (m, g) -> m.add(g.sub(m).mul(0.0)));
  private static final Pointwise SPREAD = Pointwise.of("rmsSpread", (v, m) -> v.sub(m.mul(m)));
  private static final Pointwise SCALED =
      Pointwise.of("rmsScaled", (g, v) -> g.div(v.sqrt().add(0.0)));
  private static final Pointwise GATHER =
      Pointwise.of("rmsMomentum", (buffer, g) -> buffer.mul(0.0).add(g));

  /**
   * RMSprop with alpha 0.99 and eps 1e-8.
   *
   * @param lr the learning rate, not negative
   */
  public RMSprop(List<Tensor> parameters, double lr) {
    super(parameters, defaults(lr));
  }

  private static Map<String, Double> defaults(double lr) {
    Map<String, Double> options = new LinkedHashMap<>();
    options.put("lr", atLeastZero("RMSprop", "lr", lr));
    options.put("alpha", 0.99);
    options.put("eps", 1e-8);
    options.put("weightDecay", 0.0);
    options.put("momentum", 0.0);
    options.put("centered", 0.0);
    options.put("maximize", 0.0);
    return options;
  }

  /** How slowly the mean of squares moves, 0.99 at first. */
  public RMSprop alpha(double alpha) {
    nonNegative("alpha", alpha);
    return this;
  }

  /** What is added to the root, 1e-8 at first. */
  public RMSprop eps(double eps) {
    nonNegative("eps", eps);
    return this;
  }

  /** How much of the parameter is added to its gradient, 0 at first. */
  public RMSprop weightDecay(double decay) {
    nonNegative("weightDecay", decay);
    return this;
  }

  /** How much of the last step's direction is kept, 0 at first. */
  public RMSprop momentum(double momentum) {
    nonNegative("momentum", momentum);
    return this;
  }

  /** Divides by an estimate of the variance rather than of the square. */
  public RMSprop centered(boolean centered) {
    option("centered", centered ? 1 : 0);
    return this;
  }

  /** Climbs instead. */
  public RMSprop maximize(boolean maximize) {
    option("maximize", maximize ? 1 : 0);
    return this;
  }

  @Override
  protected void update(ParameterGroup group, Tensor parameter, Tensor gradient) {
    Tensor g = Steps.direction(group, parameter, gradient);
    double alpha = group.get("alpha");
    countStep(parameter);
    Tensor square = state(parameter, "squareAvg", 0);
    square.assign(SQUARE.with(alpha, 1 - alpha), g);
    Tensor spread = square;
    if (group.is("centered")) {
      Tensor mean = state(parameter, "gradAvg", 0);
      mean.assign(MEAN.with(1 - alpha), g);
      spread = Steps.call(SPREAD, square, mean);
    }
    Tensor scaled = Steps.call(SCALED.with(group.get("eps")), g, spread);
    double momentum = group.get("momentum");
    if (momentum > 0) {
      Tensor buffer = state(parameter, "momentumBuffer", 0);
      buffer.assign(GATHER.with(momentum), scaled);
      scaled = buffer;
    }
    parameter.assign(Steps.ADD_SCALED.with(-group.lr()), scaled);
  }
}
