package dev.ladera.backend.cpu;

/** The transforms of {@link WinogradConvolution} in plain loops: twins of the generated ones. */
final class WinogradLoops {
  private WinogradLoops() {}

  /** From an image, for runs of so many tiles. */
  static WinogradTransform ofInput(int run) {
    return (from, from0, from1, fromStep, to, to0, _, toStep) -> {
      float[] rows = new float[16];
      for (int lane = 0; lane < 2 * run; lane++) {
        int at = lane < run ? from0 + 2 * lane : from1 + 2 * (lane - run);
        for (int i = 0; i < 4; i++) {
          float d0 = from[at + i * fromStep];
          float d1 = from[at + i * fromStep + 1];
          float d2 = from[at + i * fromStep + 2];
          float d3 = from[at + i * fromStep + 3];
          rows[4 * i] = d0 - d2;
          rows[4 * i + 1] = d1 + d2;
          rows[4 * i + 2] = d2 - d1;
          rows[4 * i + 3] = d1 - d3;
        }
        for (int j = 0; j < 4; j++) {
          to[to0 + j * toStep + lane] = rows[j] - rows[8 + j];
          to[to0 + (4 + j) * toStep + lane] = rows[4 + j] + rows[8 + j];
          to[to0 + (8 + j) * toStep + lane] = rows[8 + j] - rows[4 + j];
          to[to0 + (12 + j) * toStep + lane] = rows[4 + j] - rows[12 + j];
        }
      }
    };
  }

  /** To the output, for runs of so many tiles. */
  static WinogradTransform ofOutput(int run) {
    return (from, from0, _, fromStep, to, to0, to1, toStep) -> {
      float[] sums = new float[8];
      for (int lane = 0; lane < 2 * run; lane++) {
        int at = lane < run ? to0 + 2 * lane : to1 + 2 * (lane - run);
        for (int j = 0; j < 4; j++) {
          float m0 = from[from0 + j * fromStep + lane];
          float m1 = from[from0 + (4 + j) * fromStep + lane];
          float m2 = from[from0 + (8 + j) * fromStep + lane];
          float m3 = from[from0 + (12 + j) * fromStep + lane];
          sums[j] = m0 + m1 + m2;
          sums[4 + j] = m1 - m2 - m3;
        }
        for (int i = 0; i < 2; i++) {
          int row = 4 * i;
          to[at + i * toStep] = sums[row] + sums[row + 1] + sums[row + 2];
          to[at + i * toStep + 1] = sums[row + 1] - sums[row + 2] - sums[row + 3];
        }
      }
    };
  }
}
