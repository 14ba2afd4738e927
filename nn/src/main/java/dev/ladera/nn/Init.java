package dev.ladera.nn;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.Generator;
import dev.ladera.Gradients;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import dev.ladera.op.Expr;
import dev.ladera.op.Pointwise;

/**
 * First values of parameters. Each method overwrites a tensor, unrecorded, with random numbers of
 * this thread's {@link Generator}, and answers it. A weight is (outputs, inputs, kernel…): fan-in
 * is inputs times the kernel's size, fan-out outputs times that.
 */
public final class Init {
  private static final Pointwise SCALED =
      Pointwise.of("init", (_, value) -> value.mul(1.0).add(0.0));

  /** One step of Newton's method for the z whose normal distribution function is p. */
  private static final Pointwise QUANTILE_STEP =
      Pointwise.of(
          "quantileStep",
          (z, p) -> {
            Expr miss = p.sub(z.mul(Math.sqrt(0.5)).erf().add(1.0).mul(0.5));
            Expr density = z.square().mul(-0.5).exp().mul(1 / Math.sqrt(2 * Math.PI));
            return z.add(miss.div(density));
          });

  /** Which side of a weight keeps the variance of what passes. */
  public enum Mode {
    /** The forward pass keeps its variance. */
    FAN_IN,
    /** The backward pass keeps its variance. */
    FAN_OUT
  }

  /** The function after a weight, which decides the {@linkplain #gain gain}. */
  public enum Nonlinearity {
    /** None, or a convolution: 1. */
    LINEAR,
    /** 1. */
    SIGMOID,
    /** 5/3. */
    TANH,
    /** √2. */
    RELU,
    /** √(2 / (1 + slope²)). */
    LEAKY_RELU,
    /** 3/4. */
    SELU
  }

  private Init() {}

  /**
   * The factor by which a weight's numbers are widened for the function after it.
   *
   * @param slope of the negative side, for {@link Nonlinearity#LEAKY_RELU}; else not looked at
   */
  public static double gain(Nonlinearity nonlinearity, double slope) {
    return switch (nonlinearity) {
      case LINEAR, SIGMOID -> 1;
      case TANH -> 5.0 / 3;
      case RELU -> Math.sqrt(2);
      case LEAKY_RELU -> Math.sqrt(2 / (1 + slope * slope));
      case SELU -> 0.75;
    };
  }

  /**
   * Numbers from low to high, each as likely.
   *
   * @throws ArgumentException if low is above high
   */
  public static Tensor uniform(Tensor tensor, double low, double high) {
    if (!(low <= high)) {
      throw new ArgumentException("uniform", "low", low + " must not be above high " + high);
    }
    Tensor unit = Generator.current().uniform(tensor.shape(), tensor.dtype(), tensor.device());
    return overwrite(tensor, SCALED.with(high - low, low), unit);
  }

  /**
   * Normally distributed numbers.
   *
   * @throws ArgumentException if the standard deviation is negative
   */
  public static Tensor normal(Tensor tensor, double mean, double std) {
    checkDeviation("normal", std);
    Tensor unit = Generator.current().normal(tensor.shape(), tensor.dtype(), tensor.device());
    return overwrite(tensor, SCALED.with(std, mean), unit);
  }

  /**
   * Normally distributed numbers, of which only those from low to high are taken: the quantile
   * function of uniform numbers, found by Newton's method in float64.
   *
   * @throws ArgumentException if the standard deviation is not above 0, low is not below high, or
   *     both are on one side more than 8 standard deviations from the mean
   */
  public static Tensor truncNormal(
      Tensor tensor, double mean, double std, double low, double high) {
    checkDeviation("truncNormal", std);
    double least = Math.max(-8, (low - mean) / std);
    double most = Math.min(8, (high - mean) / std);
    if (!(least < most)) {
      throw new ArgumentException(
          "truncNormal",
          "low and high",
          low
              + " and "
              + high
              + " hold no numbers that are drawn from mean "
              + mean
              + ", std "
              + std);
    }
    return Gradients.noGrad(() -> {
      // The same erf on both sides of the equation: the bounds are met exactly.
      Tensor bounds =
          Tensor.ofArray(new double[] {least, most}, Shape.of(2), tensor.device())
              .mul(Math.sqrt(0.5))
              .erf()
              .add(1)
              .mul(0.5);
      double from = bounds.at(0);
      double to = bounds.at(1);
      Tensor p =
          Generator.current()
              .uniform(tensor.shape(), DType.FLOAT64, tensor.device())
              .mul(to - from)
              .add(from);
      // From 0, the steps come nearer from one side only: first by about 1/z a step where the
      // density is flat, then doubling the digits.
      Tensor z = Tensor.zeros(tensor.shape(), DType.FLOAT64, tensor.device());
      double reach = Math.max(Math.abs(least), Math.abs(most));
      int steps = 8 + (int) Math.ceil(reach * reach / 2);
      for (int i = 0; i < steps; i++) {
        z = dev.ladera.Dispatcher.call(QUANTILE_STEP, z, p);
      }
      Tensor value = z.clamp(least, most).mul(std).add(mean);
      return tensor.assign(value.clamp(low, high));
    });
  }

  /** Normal numbers of mean 0 and deviation 1, from −2 to 2. */
  public static Tensor truncNormal(Tensor tensor) {
    return truncNormal(tensor, 0, 1, -2, 2);
  }

  private static void checkDeviation(String operation, double std) {
    if (!(std >= 0)) {
      throw new ArgumentException(operation, "std", "must not be negative: " + std);
    }
  }

  /** One number everywhere. */
  public static Tensor constant(Tensor tensor, double value) {
    return Gradients.noGrad(() -> tensor.fill(value));
  }

  /** Zeros. */
  public static Tensor zeros(Tensor tensor) {
    return constant(tensor, 0);
  }

  /** Ones. */
  public static Tensor ones(Tensor tensor) {
    return constant(tensor, 1);
  }

  /**
   * The identity matrix.
   *
   * @throws ShapeException if the tensor is no matrix
   */
  public static Tensor eye(Tensor tensor) {
    if (tensor.rank() != 2) {
      throw new ShapeException(
          "eye", "tensor " + tensor.shape() + " must have two axes", tensor.shape());
    }
    return Gradients.noGrad(() ->
        tensor.assign(Tensor.eye(tensor.size(0), tensor.size(1), tensor.dtype(), tensor.device())));
  }

  /**
   * Uniform numbers that keep the variance forward and backward (Glorot and Bengio, 2010): bound
   * gain · √(6 / (fan-in + fan-out)).
   *
   * @throws ShapeException if the tensor has fewer than two axes
   */
  public static Tensor xavierUniform(Tensor tensor, double gain) {
    double bound = gain * Math.sqrt(6 / (fanIn(tensor) + fanOut(tensor)));
    return uniform(tensor, -bound, bound);
  }

  /** {@link #xavierUniform(Tensor, double)} with gain 1. */
  public static Tensor xavierUniform(Tensor tensor) {
    return xavierUniform(tensor, 1);
  }

  /**
   * Normal numbers that keep the variance forward and backward (Glorot and Bengio, 2010): deviation
   * gain · √(2 / (fan-in + fan-out)).
   *
   * @throws ShapeException if the tensor has fewer than two axes
   */
  public static Tensor xavierNormal(Tensor tensor, double gain) {
    return normal(tensor, 0, gain * Math.sqrt(2 / (fanIn(tensor) + fanOut(tensor))));
  }

  /** {@link #xavierNormal(Tensor, double)} with gain 1. */
  public static Tensor xavierNormal(Tensor tensor) {
    return xavierNormal(tensor, 1);
  }

  /**
   * Uniform numbers that keep the variance through rectifiers (He, Zhang, Ren and Sun, 2015): bound
   * gain · √(3 / fan).
   *
   * @param slope of the negative side, for {@link Nonlinearity#LEAKY_RELU}
   * @throws ShapeException if the tensor has fewer than two axes
   */
  public static Tensor kaimingUniform(
      Tensor tensor, double slope, Mode mode, Nonlinearity nonlinearity) {
    double bound = gain(nonlinearity, slope) * Math.sqrt(3 / fan(tensor, mode));
    return uniform(tensor, -bound, bound);
  }

  /** {@link #kaimingUniform(Tensor, double, Mode, Nonlinearity)} for a rectifier, by fan-in. */
  public static Tensor kaimingUniform(Tensor tensor) {
    return kaimingUniform(tensor, 0, Mode.FAN_IN, Nonlinearity.LEAKY_RELU);
  }

  /**
   * Normal numbers that keep the variance through rectifiers (He, Zhang, Ren and Sun, 2015):
   * deviation gain / √fan.
   *
   * @param slope of the negative side, for {@link Nonlinearity#LEAKY_RELU}
   * @throws ShapeException if the tensor has fewer than two axes
   */
  public static Tensor kaimingNormal(
      Tensor tensor, double slope, Mode mode, Nonlinearity nonlinearity) {
    return normal(tensor, 0, gain(nonlinearity, slope) / Math.sqrt(fan(tensor, mode)));
  }

  /** {@link #kaimingNormal(Tensor, double, Mode, Nonlinearity)} for a rectifier, by fan-in. */
  public static Tensor kaimingNormal(Tensor tensor) {
    return kaimingNormal(tensor, 0, Mode.FAN_IN, Nonlinearity.LEAKY_RELU);
  }

  /**
   * Orthonormal rows or columns, whichever are fewer, times the gain (Saxe, McClelland and Ganguli,
   * 2013); further axes count as columns.
   *
   * @throws ShapeException if the tensor has fewer than two axes
   */
  public static Tensor orthogonal(Tensor tensor, double gain) {
    checkWeight("orthogonal", tensor);
    int rows = tensor.size(0);
    int columns = rows == 0 ? 0 : Math.toIntExact(tensor.elements() / rows);
    int count = Math.min(rows, columns);
    int length = Math.max(rows, columns);
    double[] drawn =
        Generator.current()
            .normal(Shape.of(count, length), DType.FLOAT64, tensor.device())
            .toDoubleArray();
    Orthogonal.normalize(drawn, count, length);
    return Gradients.noGrad(() -> {
      Tensor basis = Tensor.ofArray(drawn, Shape.of(count, length), tensor.device()).mul(gain);
      Tensor matrix = rows <= columns ? basis : basis.t();
      return tensor.assign(matrix.reshape(tensor.shape()));
    });
  }

  /** {@link #orthogonal(Tensor, double)} with gain 1. */
  public static Tensor orthogonal(Tensor tensor) {
    return orthogonal(tensor, 1);
  }

  /** How many numbers each output sums. */
  static double fanIn(Tensor weight) {
    checkWeight("fanIn", weight);
    return weight.shape().slice(1, weight.rank()).elements();
  }

  /** In how many numbers each input takes part. */
  static double fanOut(Tensor weight) {
    checkWeight("fanOut", weight);
    return (double) weight.size(0) * weight.shape().slice(2, weight.rank()).elements();
  }

  private static double fan(Tensor weight, Mode mode) {
    return mode == Mode.FAN_IN ? fanIn(weight) : fanOut(weight);
  }

  private static void checkWeight(String operation, Tensor weight) {
    if (weight.rank() < 2) {
      throw new ShapeException(
          operation,
          "weight " + weight.shape() + " must have at least two axes: (outputs, inputs, …)",
          weight.shape());
    }
  }

  /** PyTorch's default for weights: numbers up to ±1 / √fan-in. */
  static Tensor standardWeight(Tensor weight) {
    return weight.elements() == 0
        ? weight
        : kaimingUniform(weight, Math.sqrt(5), Mode.FAN_IN, Nonlinearity.LEAKY_RELU);
  }

  /** PyTorch's default for the bias beside a weight. */
  static Tensor standardBias(Tensor bias, double fanIn) {
    double bound = fanIn > 0 ? 1 / Math.sqrt(fanIn) : 0;
    return uniform(bias, -bound, bound);
  }

  private static Tensor overwrite(Tensor tensor, Pointwise body, Tensor drawn) {
    return Gradients.noGrad(() -> tensor.assign(body, drawn));
  }
}
