package dev.ladera.nn;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Gradients;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import dev.ladera.op.Pointwise;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What batch normalisation over vectors and over images share. */
abstract sealed class BatchNormalization extends Layer permits BatchNorm1d, BatchNorm2d {
  private static final Pointwise INCREMENT = Pointwise.of("increment", count -> count.add(1));
  private static final Pointwise BLEND =
      Pointwise.of("runningAverage", (running, seen) -> running.mul(1.0).add(seen.mul(1.0)));

  private final String operation;
  private final int features;
  private double eps = 1e-5;
  private @Nullable Double momentum = 0.1;
  private boolean affine = true;
  private boolean biased = true;
  private @Nullable Slot weight;
  private @Nullable Slot bias;
  private @Nullable Statistics statistics;

  /** The running statistics. */
  private record Statistics(Slot mean, Slot variance, Slot count) {}

  BatchNormalization(String operation, int features) {
    this.operation = operation;
    this.features = Arguments.atLeast(operation, "features", features, 1);
    makeParameters();
    this.statistics = makeStatistics();
  }

  private void makeParameters() {
    forget("weight");
    forget("bias");
    weight = affine ? parameter("weight", channels(1)) : null;
    bias = affine && biased ? parameter("bias", channels(0)) : null;
  }

  private Tensor channels(double value) {
    return Tensor.full(Shape.of(features), value, DType.FLOAT32, Device.standard());
  }

  private Statistics makeStatistics() {
    Tensor zero = Tensor.zeros(Shape.SCALAR, DType.INT64, Device.standard());
    return new Statistics(
        buffer("running_mean", channels(0)),
        buffer("running_var", channels(1)),
        buffer("num_batches_tracked", zero));
  }

  final void setEps(double value) {
    eps = Arguments.positive(operation, "eps", value);
  }

  final void setMomentum(@Nullable Double value) {
    momentum = value == null ? null : Arguments.fraction(operation, "momentum", value);
  }

  final void setAffine(boolean on) {
    affine = on;
    biased = on;
    makeParameters();
  }

  final void setBias(boolean on) {
    biased = on && affine;
    makeParameters();
  }

  final void setTrackRunningStats(boolean on) {
    if (!on) {
      forget("running_mean");
      forget("running_var");
      forget("num_batches_tracked");
      statistics = null;
    } else if (statistics == null) {
      statistics = makeStatistics();
    }
  }

  /** The factor of each channel, (channels); null if not affine. */
  public final @Nullable Tensor weight() {
    return weight == null ? null : weight.tensor();
  }

  /** What is added to each channel, (channels); null if nothing is. */
  public final @Nullable Tensor bias() {
    return bias == null ? null : bias.tensor();
  }

  /** The running mean of each channel; null if none is kept. */
  public final @Nullable Tensor runningMean() {
    return statistics == null ? null : statistics.mean.tensor();
  }

  /** The running variance of each channel; null if none is kept. */
  public final @Nullable Tensor runningVar() {
    return statistics == null ? null : statistics.variance.tensor();
  }

  /** How many batches the running statistics have seen, an int64 scalar; null if none are kept. */
  public final @Nullable Tensor numBatchesTracked() {
    return statistics == null ? null : statistics.count.tensor();
  }

  /** Whether inputs have that many axes, and how to say so. */
  abstract boolean takesRank(int rank);

  abstract String layout();

  @Override
  protected final Tensor compute(Tensor input) {
    if (!takesRank(input.rank()) || input.size(1) != features) {
      throw new ShapeException(
          operation,
          "input " + input.shape() + " must be " + layout() + " with " + features + " channels",
          input.shape());
    }
    Statistics kept = statistics;
    if (kept != null && !isTraining()) {
      return normalized(input, kept);
    }
    if (isTraining() && input.elements() == features) {
      throw new ShapeException(
          operation,
          "input "
              + input.shape()
              + " has one value a channel, which has no variance; use larger batches, or eval()",
          input.shape());
    }
    var normal = input.batchNorm(eps);
    if (kept != null) {
      Gradients.noGrad(
          () -> track(kept, normal.mean(), normal.variance(), input.elements() / features));
    }
    return Affine.apply(normal.output(), wide(weight(), input), wide(bias(), input));
  }

  /** The running variance is of a sample, so by one less than the number of elements. */
  private void track(Statistics kept, Tensor mean, Tensor variance, long count) {
    kept.count.tensor().assign(INCREMENT);
    Double share = momentum;
    double part = share == null ? 1.0 / kept.count.tensor().item() : share;
    kept.mean.tensor().assign(BLEND.with(1 - part, part), mean.detach());
    double unbiased = part * count / (count - 1);
    kept.variance.tensor().assign(BLEND.with(1 - part, unbiased), variance.detach());
  }

  /** By the running statistics: one factor and one summand a channel. */
  private Tensor normalized(Tensor input, Statistics kept) {
    Tensor scale = kept.variance.tensor().add(eps).rsqrt();
    Tensor factor = weight();
    if (factor != null) {
      scale = scale.mul(factor);
    }
    Tensor shift = kept.mean.tensor().mul(scale).neg();
    Tensor summand = bias();
    if (summand != null) {
      shift = shift.add(summand);
    }
    return Affine.apply(input, wide(scale, input), wide(shift, input));
  }

  private @Nullable Tensor wide(@Nullable Tensor channels, Tensor input) {
    if (channels == null || input.rank() == 2) {
      return channels;
    }
    int[] sizes = new int[input.rank() - 1];
    Arrays.fill(sizes, 1);
    sizes[0] = features;
    return channels.reshape(Shape.of(sizes));
  }

  @Override
  protected final String describe() {
    Double share = momentum;
    return features
        + ", eps="
        + PythonText.number(eps)
        + ", momentum="
        + (share == null ? "None" : PythonText.number(share))
        + ", affine="
        + PythonText.bool(affine)
        + ", bias="
        + PythonText.bool(bias != null)
        + ", track_running_stats="
        + PythonText.bool(statistics != null);
  }
}
