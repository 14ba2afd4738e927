package dev.ladera.backend.cpu;

/**
 * One of the two transforms of {@link WinogradConvolution}, for a strip: two runs of neighbouring
 * tiles of a channel, which need not be neighbours, side by side in the lanes of a vector.
 */
@FunctionalInterface
interface WinogradTransform {
  /**
   * From rows of an image to the sixteen components, or back.
   *
   * <p>To components: row i of the first run's tiles begins at {@code from0 + i * fromStep}, of the
   * second's at {@code from1 + i * fromStep}; component c goes to {@code to0 + c * toStep}, the
   * first run's tiles before the second's. From components: c is at {@code from0 + c * fromStep};
   * row i of the first run's outputs goes to {@code to0 + i * toStep}, of the second's to {@code
   * to1 + i * toStep}. The parameter that is left is not used.
   */
  void run(
      float[] from, int from0, int from1, int fromStep, float[] to, int to0, int to1, int toStep);
}
