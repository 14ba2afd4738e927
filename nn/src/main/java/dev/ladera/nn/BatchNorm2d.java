package dev.ladera.nn;

/**
 * Batch normalisation (Ioffe and Szegedy, 2015) of images: (batch, channels, height, width). Each
 * channel less its mean, divided by its standard deviation, times a weight, plus a bias. In
 * training the batch's statistics are used, and running averages of them kept, the variance by one
 * less than the number of elements; in evaluation the running ones are used.
 */
public final class BatchNorm2d extends BatchNormalization {
  /**
   * A layer with eps 1e-5, momentum 0.1, weight, bias and running statistics.
   *
   * @throws dev.ladera.ArgumentException if the number of channels is not positive
   */
  public BatchNorm2d(int channels) {
    super("batchNorm2d", channels);
  }

  /** Sets what is added to the variance. */
  public BatchNorm2d eps(double eps) {
    setEps(eps);
    return this;
  }

  /** Sets the share of the newest batch in the running statistics, from 0 to 1. */
  public BatchNorm2d momentum(double momentum) {
    setMomentum(momentum);
    return this;
  }

  /** Makes the running statistics plain averages over all batches: PyTorch's momentum None. */
  public BatchNorm2d cumulativeAverage() {
    setMomentum(null);
    return this;
  }

  /** Sets whether there are a weight and a bias. */
  public BatchNorm2d affine(boolean on) {
    setAffine(on);
    return this;
  }

  /** Sets whether there is a bias beside the weight. */
  public BatchNorm2d bias(boolean on) {
    setBias(on);
    return this;
  }

  /** Sets whether running statistics are kept; without them the batch's are always used. */
  public BatchNorm2d trackRunningStats(boolean on) {
    setTrackRunningStats(on);
    return this;
  }

  @Override
  boolean takesRank(int rank) {
    return rank == 4;
  }

  @Override
  String layout() {
    return "(batch, channels, height, width)";
  }
}
