package dev.ladera.optim;

import dev.ladera.Tensor;
import java.util.List;

/**
 * Adam whose weight decay shrinks parameters directly (Loshchilov and Hutter, "Decoupled weight
 * decay regularization", 2019); 0.01 at first.
 */
public final class AdamW extends Adam {
  /**
   * AdamW with rates (0.9, 0.999), eps 1e-8 and weight decay 0.01.
   *
   * @param lr the learning rate, not negative
   */
  public AdamW(List<Tensor> parameters, double lr) {
    super(parameters, lr, "AdamW", 0.01);
  }

  @Override
  protected void update(ParameterGroup group, Tensor parameter, Tensor gradient) {
    parameter.assign(Steps.SCALE.with(1 - group.lr() * group.get("weightDecay")));
    step(group, parameter, group.is("maximize") ? gradient.neg() : gradient);
  }
}
