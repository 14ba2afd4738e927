package dev.ladera.data;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.DTypeException;
import dev.ladera.Dispatcher;
import dev.ladera.Generator;
import dev.ladera.IndexException;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import dev.ladera.op.Expr;
import dev.ladera.op.Pointwise;

/**
 * The usual transforms. Images are (…, height, width), with channels, if any, in the axis before.
 * What is not random may also be applied to a whole tensor of samples at once, but for {@link
 * #flatten}.
 */
public final class Transforms {
  private Transforms() {}

  /**
   * {@code (x − mean) / std}.
   *
   * @param std not 0
   * @return a transform of floating tensors; others are a {@link DTypeException}
   */
  public static Transform normalize(double mean, double std) {
    checkDeviation(mean, std);
    Pointwise body = Pointwise.of("normalize", (Expr x) -> x.sub(mean).div(std));
    return sample -> Dispatcher.call(body, floating("normalize", sample));
  }

  /**
   * {@code (x − mean) / std} with numbers of its own for each channel.
   *
   * @param mean one a channel
   * @param std one a channel, none of them 0
   * @return a transform of floating tensors (…, channels, height, width); others are a {@link
   *     DTypeException}, another number of channels is a {@link ShapeException}
   */
  public static Transform normalize(double[] mean, double[] std) {
    if (mean.length != std.length || mean.length == 0) {
      throw new ArgumentException(
          "normalize",
          "std",
          "and mean must have an entry for each channel: " + std.length + " and " + mean.length);
    }
    for (int channel = 0; channel < std.length; channel++) {
      checkDeviation(mean[channel], std[channel]);
    }
    Pointwise body = Pointwise.of("normalize", 3, in -> in.get(0).sub(in.get(1)).div(in.get(2)));
    double[] means = mean.clone();
    double[] deviations = std.clone();
    return sample -> {
      floating("normalize", sample);
      if (sample.rank() < 3 || sample.size(-3) != means.length) {
        throw new ShapeException(
            "normalize",
            "sample " + sample.shape() + " must be (…, " + means.length + ", height, width)",
            sample.shape());
      }
      return Dispatcher.call(
          body, sample, perChannel(means, sample), perChannel(deviations, sample));
    };
  }

  private static Tensor perChannel(double[] values, Tensor sample) {
    return Tensor.ofArray(values, Shape.of(values.length, 1, 1), sample.device())
        .to(sample.dtype());
  }

  private static void checkDeviation(double mean, double std) {
    if (std == 0 || !Double.isFinite(std)) {
      throw new ArgumentException("normalize", "std", "must be finite and not 0, not " + std);
    }
    if (!Double.isFinite(mean)) {
      throw new ArgumentException("normalize", "mean", "must be finite, not " + mean);
    }
  }

  private static Tensor floating(String operation, Tensor sample) {
    if (!sample.dtype().isFloating()) {
      throw new DTypeException(
          operation,
          "sample is " + sample.dtype() + "; put Transforms.to(DType.FLOAT32) before",
          sample.dtype());
    }
    return sample;
  }

  /**
   * {@code factor · x}.
   *
   * @return a transform of floating tensors; others are a {@link DTypeException}
   */
  public static Transform scale(double factor) {
    return sample -> floating("scale", sample).mul(factor);
  }

  /** All axes of a sample made one. */
  public static Transform flatten() {
    return Tensor::flatten;
  }

  /** Elements of another type. */
  public static Transform to(DType dtype) {
    return sample -> sample.to(dtype);
  }

  /**
   * For targets: the number of a class becomes a vector, int64, of one 1 in that place; a tensor of
   * numbers (…) becomes (…, classes). Losses by probabilities want {@code
   * oneHot(n).andThen(to(DType.FLOAT32))}.
   *
   * @param classes how many there are, at least 1
   * @return a transform of integer tensors; others are a {@link DTypeException}, and a number that
   *     is no class is an {@link IndexException}
   */
  public static Transform oneHot(int classes) {
    if (classes < 1) {
      throw new ArgumentException("oneHot", "classes", "must be at least 1, not " + classes);
    }
    return target -> {
      if (!target.dtype().isInteger()) {
        throw new DTypeException(
            "oneHot",
            "target is " + target.dtype() + "; classes are numbered by int32 or int64",
            target.dtype());
      }
      for (long label : target.toLongArray()) {
        if (label < 0 || label >= classes) {
          throw new IndexException(
              "oneHot", "target " + label + " is none of " + classes + " classes", label, classes);
        }
      }
      return target.oneHot(classes);
    };
  }

  /**
   * Mirrors a sample along its last axis, at random.
   *
   * @param p how likely, from 0 to 1
   * @param generator asked once, now, for this transform's own key; what a sample gets follows from
   *     the key and {@link Generator#current()}, see {@link Transform}
   */
  public static Transform randomHorizontalFlip(double p, Generator generator) {
    if (!(p >= 0 && p <= 1)) {
      throw new ArgumentException("randomHorizontalFlip", "p", "must be from 0 to 1, not " + p);
    }
    long key = generator.split().seed();
    return sample -> numbers(key).nextDouble() < p ? sample.flip(-1) : sample;
  }

  /**
   * Cuts a square out of a sample at a random place.
   *
   * @param size of the square's sides, at least 1
   * @param padding rows and columns of zeros put around the sample before, at least 0
   * @param generator asked once, now, for this transform's own key; what a sample gets follows from
   *     the key and {@link Generator#current()}, see {@link Transform}
   * @return a transform of tensors (…, height, width) to (…, size, size); a sample that is too
   *     small is a {@link ShapeException}
   */
  public static Transform randomCrop(int size, int padding, Generator generator) {
    if (size < 1) {
      throw new ArgumentException("randomCrop", "size", "must be at least 1, not " + size);
    }
    if (padding < 0) {
      throw new ArgumentException("randomCrop", "padding", "must not be negative, not " + padding);
    }
    long key = generator.split().seed();
    return sample -> {
      if (sample.rank() < 2
          || sample.size(-2) + 2L * padding < size
          || sample.size(-1) + 2L * padding < size) {
        throw new ShapeException(
            "randomCrop",
            "sample "
                + sample.shape()
                + " with "
                + padding
                + " zeros around has no square of "
                + size
                + " by "
                + size,
            sample.shape());
      }
      Tensor padded = padding == 0 ? sample : sample.pad(0, padding, padding, padding, padding);
      Generator numbers = numbers(key);
      int top = numbers.nextInt(padded.size(-2) - size + 1);
      int left = numbers.nextInt(padded.size(-1) - size + 1);
      return padded.narrow(-2, top, size).narrow(-1, left, size);
    };
  }

  /** Random numbers for one application of the transform of a key. */
  private static Generator numbers(long key) {
    return new Generator(key ^ Generator.current().split().seed());
  }
}
