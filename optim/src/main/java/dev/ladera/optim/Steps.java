package dev.ladera.optim;

import dev.ladera.Dispatcher;
import dev.ladera.Tensor;
import dev.ladera.op.Pointwise;

/** What the optimizers' updates share. */
final class Steps {
  /** Input 0 times a number. */
  static final Pointwise SCALE = Pointwise.of("scale", p -> p.mul(0.0));

  /** Input 0 plus a number times input 1. */
  static final Pointwise ADD_SCALED = Pointwise.of("addScaled", (p, g) -> p.add(g.mul(0.0)));

  private Steps() {}

  static Tensor call(Pointwise body, Tensor... inputs) {
    return Dispatcher.call(body, inputs);
  }

  /** The gradient, turned round to climb, with weight decay added. */
  static Tensor direction(ParameterGroup group, Tensor parameter, Tensor gradient) {
    Tensor g = group.is("maximize") ? gradient.neg() : gradient;
    double weightDecay = group.get("weightDecay");
    return weightDecay == 0 ? g : call(ADD_SCALED.with(weightDecay), g, parameter);
  }
}
