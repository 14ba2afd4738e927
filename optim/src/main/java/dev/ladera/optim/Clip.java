package dev.ladera.optim;

import dev.ladera.ArgumentException;
import dev.ladera.Gradients;
import dev.ladera.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Keeps gradients in bounds, between {@code backward} and {@code step}. */
public final class Clip {
  private Clip() {}

  /**
   * Scales all gradients down together so that their common Euclidean norm is at most a bound
   * (Pascanu, Mikolov and Bengio, 2013).
   *
   * @return the norm before
   */
  public static double byNorm(List<Tensor> parameters, double most) {
    return byNorm(parameters, most, 2);
  }

  /**
   * Scales all gradients down together so that their common p-norm is at most a bound.
   *
   * @param most the bound, positive
   * @param p the norm's exponent, may be infinite
   * @return the norm before; 0 where no parameter has a gradient
   */
  public static double byNorm(List<Tensor> parameters, double most, double p) {
    if (!(most > 0)) {
      throw new ArgumentException("Clip.byNorm", "most", "must be positive, not " + most);
    }
    return Gradients.noGrad(() -> {
      List<Tensor> gradients = gradients(parameters);
      if (gradients.isEmpty()) {
        return 0.0;
      }
      Tensor[] norms = new Tensor[gradients.size()];
      for (int i = 0; i < norms.length; i++) {
        norms[i] = gradients.get(i).norm(p, false).to(gradients.getFirst().dtype());
      }
      double norm = Tensor.stack(0, norms).norm(p, false).item();
      double scale = most / (norm + 1e-6);
      // Negated, so that one NaN makes all of them NaN, as in PyTorch: it must not go unseen.
      if (!(scale >= 1)) {
        gradients.forEach(gradient -> gradient.assign(Steps.SCALE.with(scale)));
      }
      return norm;
    });
  }

  /** Moves every element of every gradient to the nearest from −bound to bound. */
  public static void byValue(List<Tensor> parameters, double bound) {
    Optimizer.atLeastZero("Clip.byValue", "bound", bound);
    Gradients.noGrad(() ->
        gradients(parameters).forEach(gradient -> gradient.assign(gradient.clamp(-bound, bound))));
  }

  private static List<Tensor> gradients(List<Tensor> parameters) {
    List<Tensor> gradients = new ArrayList<>();
    for (Tensor parameter : parameters) {
      Tensor gradient = parameter.grad();
      if (gradient != null) {
        gradients.add(gradient);
      }
    }
    return gradients;
  }
}
