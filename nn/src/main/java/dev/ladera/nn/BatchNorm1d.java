package dev.ladera.nn;

/**
 * Batch normalisation (Ioffe and Szegedy, 2015) of vectors and sequences: (batch, channels) or
 * (batch, channels, length). Each channel less its mean, divided by its standard deviation, times a
 * weight, plus a bias. In training the batch's statistics are used, and running averages of them
 * kept, the variance by one less than the number of elements; in evaluation the running ones are
 * used.
 */
public final class BatchNorm1d extends BatchNormalization {
  /**
   * A layer with eps 1e-5, momentum 0.1, weight, bias and running statistics.
   *
   * @throws dev.ladera.ArgumentException if the number of channels is not positive
   */
  public BatchNorm1d(int channels) {
    super("batchNorm1d", channels);
  }

  /** Sets what is added to the variance. */
  public BatchNorm1d eps(double eps) {
    setEps(eps);
    return this;
  }

  /** Sets the share of the newest batch in the running statistics, from 0 to 1. */
  public BatchNorm1d momentum(double momentum) {
    setMomentum(momentum);
    return this;
  }

  /** Makes the running statistics plain averages over all batches: PyTorch's momentum None. */
  public BatchNorm1d cumulativeAverage() {
    setMomentum(null);
    return this;
  }

  /** Sets whether there are a weight and a bias. */
  public BatchNorm1d affine(boolean on) {
    setAffine(on);
    return this;
  }

  /** Sets whether there is a bias beside the weight. */
  public BatchNorm1d bias(boolean on) {
    setBias(on);
    return this;
  }

  /** Sets whether running statistics are kept; without them the batch's are always used. */
  public BatchNorm1d trackRunningStats(boolean on) {
    setTrackRunningStats(on);
    return this;
  }

  @Override
  boolean takesRank(int rank) {
    return rank == 2 || rank == 3;
  }

  @Override
  String layout() {
    return "(batch, channels) or (batch, channels, length)";
  }
}
