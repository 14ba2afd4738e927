package dev.ladera.backend.cpu;

import dev.ladera.backend.cpu.PatchSource.Window;

/**
 * Convolution of 3 x 3 windows by minimal filtering, F(2 x 2, 3 x 3): a tile of 2 x 2 outputs, seen
 * as 16 components of the 4 x 4 inputs under it, takes one product a component and channel, where
 * the plain sum takes 36 for the four outputs. So for each component there is one matrix product,
 * of weights (output channels x channels) with tiles (channels x tiles), and the rest is additions
 * (S. Winograd, Arithmetic Complexity of Computations, 1980; A. Lavin and S. Gray, Fast Algorithms
 * for Convolutional Neural Networks, CVPR 2016).
 *
 * <p>The transforms add and halve, so they lose little: see the decision record for the error
 * beside that of the plain sum.
 *
 * <p>A task takes some strips of tiles through all three stages, so that its components stay in the
 * second-level cache. Each element's sum runs over channels in order, so the bits are the same
 * however the work is cut.
 */
final class WinogradConvolution {
  private static final int COMPONENTS = 16;
  private static final int TAPS = 9;

  /** Fewer channels than this, on either side, do not repay the transforms. */
  private static final int LEAST_CHANNELS = 16;

  /** Floats of components that a task may have of both kinds together. */
  private static final int TASK_FLOATS = 1 << 18;

  private static final int LEAST_PANELS = 2;

  /** A line of a cache: a step of whole pages would bring all components into one set of lines. */
  private static final int LINE = 16;

  /** The bits of 2⁵⁰. */
  private static final int MODEST = Float.floatToRawIntBits(0x1p50f);

  private final Elements<float[]> elements;
  private final Parallel parallel;
  private final Scratch<float[]> scratch;
  private final Packing<float[]> packing;
  private final float[] zeros;
  private final Tiling<float[]> tiling;
  private final WinogradTransform toComponents;
  private final WinogradTransform toOutput;
  private final int batch;
  private final int m;
  private final PackSource<float[]> weights;
  private final PatchSource<float[]> patches;
  private final ProductTarget<float[]> target;
  private final int channels;
  private final Window height;
  private final Window width;
  private final int lanes;
  private final int run;
  private final int tileRows;
  private final int runsOfRow;
  private final int filterStep;
  private final int[] rows;

  /** The product of {@code m} rows of weights with the patches of {@code batch} images. */
  WinogradConvolution(
      Gemm<float[]> gemm,
      int batch,
      int m,
      PackSource<float[]> weights,
      PatchSource<float[]> patches,
      ProductTarget<float[]> target) {
    this.elements = gemm.elements();
    this.parallel = gemm.parallel();
    this.scratch = gemm.scratch();
    this.packing = gemm.kernels().packing();
    this.zeros = gemm.kernels().zeros();
    this.tiling = gemm.kernels().tiling(m, 16, true);
    this.batch = batch;
    this.m = m;
    this.weights = weights;
    this.patches = patches;
    this.target = target;
    this.channels = patches.channels();
    this.height = patches.height();
    this.width = patches.width();
    this.lanes = tiling.half();
    this.run = lanes / 2;
    this.toComponents = gemm.kernels().winograd().toComponents(lanes);
    this.toOutput = gemm.kernels().winograd().toOutput(lanes);
    this.tileRows = (height.positions() + 1) / 2;
    this.runsOfRow = (width.positions() + 2 * run - 1) / (2 * run);
    this.filterStep = tiling.paddedRows() * channels + LINE;
    this.rows = new int[channels];
    for (int p = 0; p < channels; p++) {
      rows[p] = p * 2 * lanes;
    }
  }

  /** Whether a convolution of {@code m} output channels is of this kind, by its sizes alone. */
  static boolean suits(int m, PatchSource<?> patches) {
    return m >= LEAST_CHANNELS
        && patches.channels() >= LEAST_CHANNELS
        && patches.depth().isIdentity()
        && patches.depth().source() == 1
        && isPlain(patches.height())
        && isPlain(patches.width());
  }

  /**
   * Whether all numbers are finite and far from overflow. The transforms mix what neighbouring
   * outputs see, so an infinity or a NaN would spread to outputs that do not see it.
   */
  static boolean areModest(float[] numbers, int from, int count) {
    int largest = 0;
    for (int i = 0; i < count; i++) {
      largest = Math.max(largest, Float.floatToRawIntBits(numbers[from + i]) & Integer.MAX_VALUE);
    }
    return largest < MODEST;
  }

  private static boolean isPlain(Window window) {
    return window.taps() == 3
        && window.stride() == 1
        && window.dilation() == 1
        && window.sourceStep() == 1
        && window.pad() >= 0
        && window.positions() >= 4;
  }

  void run() {
    Scratch.Piece<float[]> filters = filters();
    int strips = (batch * tileRows * runsOfRow + 1) / 2;
    int fitting = TASK_FLOATS / (COMPONENTS * lanes * (channels + m));
    int stripsOfTask = 2 * Math.max(LEAST_PANELS, fitting / 2);
    parallel.forRange(strips, stripsOfTask, (first, end) -> new Task(filters).run(first, end));
    scratch.giveBack(filters);
  }

  /** The components of all weights, packed as the left operands of the products. */
  private Scratch.Piece<float[]> filters() {
    Scratch.Piece<float[]> filters = scratch.borrow(COMPONENTS * filterStep);
    parallel.forEachChunk(
        tiling.panels(),
        panel -> {
          int rows = tiling.kernel(panel).rows();
          int first = tiling.firstRow(panel);
          Scratch.Piece<float[]> plain = scratch.borrow(rows * TAPS * channels);
          packing.panels(
              weights,
              first,
              Math.min(rows, m - first),
              rows,
              0,
              TAPS * channels,
              plain.array(),
              plain.at());
          for (int channel = 0; channel < channels; channel++) {
            int from = plain.at() + channel * TAPS * rows;
            int to = filters.at() + first * channels + channel * rows;
            filter(plain.array(), from, rows, filters.array(), to, filterStep);
          }
          scratch.giveBack(plain);
        });
    return filters;
  }

  /** The components G g Gᵀ of one channel's weights, for as many rows side by side. */
  private static void filter(float[] plain, int from, int rows, float[] to, int at, int step) {
    for (int lane = 0; lane < rows; lane++) {
      int tap = from + lane;
      float a0 = plain[tap];
      float a1 = plain[tap + rows];
      float a2 = plain[tap + 2 * rows];
      float b0 = plain[tap + 3 * rows];
      float b1 = plain[tap + 4 * rows];
      float b2 = plain[tap + 5 * rows];
      float c0 = plain[tap + 6 * rows];
      float c1 = plain[tap + 7 * rows];
      float c2 = plain[tap + 8 * rows];
      int row = at + lane;
      filterRow(a0, a1, a2, to, row, step);
      filterRow(half(a0, b0, c0), half(a1, b1, c1), half(a2, b2, c2), to, row + 4 * step, step);
      filterRow(half(a0, -b0, c0), half(a1, -b1, c1), half(a2, -b2, c2), to, row + 8 * step, step);
      filterRow(c0, c1, c2, to, row + 12 * step, step);
    }
  }

  private static void filterRow(float a, float b, float c, float[] to, int at, int step) {
    to[at] = a;
    to[at + step] = half(a, b, c);
    to[at + 2 * step] = half(a, -b, c);
    to[at + 3 * step] = c;
  }

  private static float half(float a, float b, float c) {
    return 0.5f * (a + b + c);
  }

  /** Some strips, on one thread. A strip is two runs; runs are counted through all images. */
  private final class Task {
    private final Scratch.Piece<float[]> filters;

    Task(Scratch.Piece<float[]> filters) {
      this.filters = filters;
    }

    void run(int firstStrip, int endStrip) {
      int strips = endStrip - firstStrip;
      int firstRun = 2 * firstStrip;
      int runs = Math.min(2 * endStrip, batch * tileRows * runsOfRow) - firstRun;
      int panels = (strips + 1) / 2;
      int columns = panels * 2 * lanes;
      Scratch.Piece<float[]> components = scratch.borrow(COMPONENTS * channels * columns);
      Scratch.Piece<float[]> products = scratch.borrow(COMPONENTS * tiling.paddedRows() * columns);
      components(firstRun, runs, panels, components);
      for (int component = 0; component < COMPONENTS; component++) {
        multiply(component, panels, components, products);
      }
      outputs(firstRun, runs, columns, products);
      scratch.giveBack(products);
      scratch.giveBack(components);
    }

    /** The first row of tiles, counted through all images, that a run is in. */
    private int tileRow(int at) {
      return at / runsOfRow;
    }

    private void components(int firstRun, int runs, int panels, Scratch.Piece<float[]> components) {
      int firstRow = tileRow(firstRun);
      int rows = tileRow(firstRun + runs - 1) + 1 - firstRow;
      int pitch = 2 * run * runsOfRow + 2;
      Scratch.Piece<float[]> image = scratch.borrow(4 * rows * pitch);
      elements.clear(image.array(), image.at(), 1, 4 * rows * pitch);
      // What lies beyond the last strip is never written, but multiplied.
      int step = panels * channels * 2 * lanes;
      if (runs < panels * 4) {
        elements.clear(components.array(), components.at(), 1, COMPONENTS * step);
      }
      for (int channel = 0; channel < channels; channel++) {
        for (int row = 0; row < rows; row++) {
          load(firstRow + row, channel, image.array(), image.at() + 4 * row * pitch, pitch);
        }
        for (int at = 0; at < runs; at += 2) {
          int first = image.at() + place(firstRun + at, firstRow, pitch);
          int second = image.at() + place(firstRun + Math.min(at + 1, runs - 1), firstRow, pitch);
          int strip = at / 2;
          int to = components.at() + ((strip / 2 * channels + channel) * 2 + strip % 2) * lanes;
          toComponents.run(image.array(), first, second, pitch, components.array(), to, 0, step);
        }
      }
      scratch.giveBack(image);
    }

    /** Where a run's first tile begins in the rows that were loaded. */
    private int place(int at, int firstRow, int pitch) {
      return 4 * (tileRow(at) - firstRow) * pitch + at % runsOfRow * 2 * run;
    }

    /** The four rows under a row of tiles; what lies outside of the image stays zero. */
    private void load(int tileRow, int channel, float[] image, int to, int pitch) {
      int from =
          patches.offset()
              + tileRow / tileRows * patches.imageStride()
              + channel * height.source() * width.source();
      int top = tileRow % tileRows * 2 - height.pad();
      int columns = Math.min(width.source(), pitch - width.pad());
      for (int i = 0; i < 4; i++) {
        int y = top + i;
        int at = to + i * pitch + width.pad();
        if (y >= 0 && y < height.source()) {
          System.arraycopy(patches.array(), from + y * width.source(), image, at, columns);
        } else {
          elements.clear(image, at, 1, columns);
        }
      }
    }

    private void multiply(
        int component,
        int panels,
        Scratch.Piece<float[]> components,
        Scratch.Piece<float[]> products) {
      int columns = panels * 2 * lanes;
      for (int panel = 0; panel < panels; panel++) {
        int b = components.at() + (component * panels + panel) * channels * 2 * lanes;
        for (int rowPanel = 0; rowPanel < tiling.panels(); rowPanel++) {
          int row = tiling.firstRow(rowPanel);
          int a = filters.at() + component * filterStep + row * channels;
          int inComponent = row * columns + panel * 2 * lanes;
          int c = products.at() + component * tiling.paddedRows() * columns + inComponent;
          tiling
              .kernel(rowPanel)
              .run(
                  channels,
                  zeros,
                  0,
                  0,
                  0,
                  filters.array(),
                  a,
                  components.array(),
                  b,
                  lanes,
                  rows,
                  0,
                  products.array(),
                  c,
                  columns,
                  lanes);
        }
      }
    }

    private void outputs(int firstRun, int runs, int columns, Scratch.Piece<float[]> products) {
      int firstRow = tileRow(firstRun);
      int rows = tileRow(firstRun + runs - 1) + 1 - firstRow;
      int pitch = 2 * run * runsOfRow;
      int step = tiling.paddedRows() * columns;
      Scratch.Piece<float[]> image = scratch.borrow(2 * (rows + 1) * pitch);
      for (int channel = 0; channel < m; channel++) {
        for (int at = 0; at < runs; at += 2) {
          int from = products.at() + channel * columns + at / 2 * lanes;
          int first = image.at() + outputPlace(firstRun + at, firstRow, pitch);
          // A strip's second run may be missing: it goes where nobody looks.
          int second =
              image.at()
                  + (at + 1 < runs
                      ? outputPlace(firstRun + at + 1, firstRow, pitch)
                      : 2 * rows * pitch);
          toOutput.run(products.array(), from, 0, step, image.array(), first, second, pitch);
        }
        for (int at = 0; at < runs; ) {
          int some = Math.min(runs - at, runsOfRow - (firstRun + at) % runsOfRow);
          int place = image.at() + outputPlace(firstRun + at, firstRow, pitch);
          write(firstRun + at, some, channel, image.array(), place);
          at += some;
        }
      }
      scratch.giveBack(image);
    }

    private int outputPlace(int at, int firstRow, int pitch) {
      return 2 * (tileRow(at) - firstRow) * pitch + at % runsOfRow * 2 * run;
    }

    /**
     * Writes some neighbouring runs of one row of tiles: two rows of the output, or the last one.
     */
    private void write(int at, int some, int channel, float[] image, int from) {
      int pitch = 2 * run * runsOfRow;
      int x = at % runsOfRow * 2 * run;
      int count = Math.min(some * 2 * run, width.positions() - x);
      int top = tileRow(at) % tileRows * 2;
      int to =
          target.offset()
              + tileRow(at) / tileRows * target.blockStride()
              + channel * target.rowStride()
              + x;
      for (int i = 0; i < 2 && top + i < height.positions(); i++) {
        System.arraycopy(
            image, from + i * pitch, target.array(), to + (top + i) * width.positions(), count);
      }
    }
  }
}
