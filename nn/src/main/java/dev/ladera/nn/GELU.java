package dev.ladera.nn;

import dev.ladera.Tensor;

/** x · Φ(x), Φ being the normal distribution function (Hendrycks and Gimpel, 2016). */
public final class GELU extends Layer {
  /** How Φ is computed. */
  public enum Form {
    /** By the error function. */
    EXACT,
    /** By an approximation with tanh. */
    TANH
  }

  private final Form form;

  /** The exact form. */
  public GELU() {
    this(Form.EXACT);
  }

  /** One of the two forms. */
  public GELU(Form form) {
    this.form = form;
  }

  @Override
  protected Tensor compute(Tensor input) {
    return switch (form) {
      case EXACT -> input.gelu();
      case TANH -> input.geluTanh();
    };
  }

  @Override
  protected String describe() {
    return switch (form) {
      case EXACT -> "approximate='none'";
      case TANH -> "approximate='tanh'";
    };
  }
}
