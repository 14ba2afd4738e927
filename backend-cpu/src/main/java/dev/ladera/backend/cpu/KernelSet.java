package dev.ladera.backend.cpu;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The micro-kernels of one element type, and the choice between them.
 *
 * <p>A vector loop that the compiler has not yet seen runs a thousand times slower than one that it
 * has, far slower than a plain loop. So a generated kernel is first run on nothing by a background
 * thread, and products use its twin in plain loops until the generated one has shown its speed.
 * Since twins give the same bits, nobody can tell when the change happens.
 */
final class KernelSet<A> {

  /** Columns that a plain loop handles at once in each half: enough for the compiler's vectors. */
  private static final int LOOP_HALF = 64;

  private static final int LOOP_ROWS = 16;

  /**
   * The heights that tiles may have.
   *
   * @param rows from the least
   * @param speeds how fast each is, relative to the others
   * @param steps the steps of depth that each takes in a round of its loop
   */
  private record Heights(int[] rows, int[] speeds, int[] steps) {
    /** Measured, in GFLOP/s on a core with AVX-512: B in panels. */
    static final Heights PACKED_OF_32_REGISTERS =
        new Heights(
            new int[] {2, 4, 6, 8, 10, 12},
            new int[] {100, 175, 195, 210, 215, 230},
            new int[] {1, 2, 1, 1, 2, 2});

    /** The same for rows of B that are looked up. */
    static final Heights TABLE_OF_32_REGISTERS =
        new Heights(
            new int[] {2, 4, 6, 8, 10, 12},
            new int[] {90, 160, 175, 185, 190, 200},
            new int[] {1, 1, 1, 1, 1, 1});

    /**
     * Measured, in GFLOP/s on a core with AVX2, as are the steps: more of them, or more rows, and
     * the compiler runs out of registers, which halves the speed.
     */
    static final Heights PACKED_OF_16_REGISTERS =
        new Heights(new int[] {2, 4}, new int[] {46, 87}, new int[] {2, 2});

    static final Heights TABLE_OF_16_REGISTERS =
        new Heights(new int[] {2, 3, 4, 6}, new int[] {45, 65, 83, 87}, new int[] {4, 4, 4, 1});

    int count() {
      return rows.length;
    }

    /** The height that makes all panels of {@code m} rows together the fastest, as a place here. */
    int main(int m) {
      int best = 0;
      double least = Double.MAX_VALUE;
      for (int i = 0; i < count(); i++) {
        int whole = (m - 1) / rows[i];
        int last = last(m - whole * rows[i]);
        double cost = whole * cost(i) + cost(last);
        if (last <= i && cost < least) {
          least = cost;
          best = i;
        }
      }
      return best;
    }

    /** The least height that takes so many rows. */
    int last(int some) {
      int i = 0;
      while (rows[i] < some) {
        i++;
      }
      return i;
    }

    private double cost(int height) {
      return (double) rows[height] / speeds[height];
    }
  }

  /** The most rows of A for which looking up rows of B is faster than bringing it into panels. */
  private static final int FEW_TABLE_ROWS = 32;

  /** Rows and taps of which a loop over images keeps the sums in registers. */
  private static final int[][] LANE_BLOCKS = {{6, 4}, {4, 6}};

  private static final int[][] FEW_LANE_BLOCKS = {{3, 3}, {2, 4}};

  private final Elements<A> elements;
  private final VectorSupport support;
  private final Warmth warmth;
  private final boolean manyRegisters;
  private final Heights packedHeights;
  private final Heights tableHeights;
  private final AtomicReferenceArray<Warming<MicroKernel<A>>> packed;
  private final AtomicReferenceArray<Warming<MicroKernel<A>>> table;
  private final WarmUpQueue cold = new WarmUpQueue();
  private final Map<List<Integer>, Warming<LaneProduct<A>>> laneProducts =
      new ConcurrentHashMap<>();
  private final Packing<A> packing;
  private final Winograd winograd;
  private final A zeros;

  /** Whether products wait for the generated kernels. */
  enum Warmth {
    /** Plain loops until the generated kernels are compiled: for programs. */
    BACKGROUND,
    /** The generated kernels from the first call, however slow at first: for tests. */
    AT_ONCE
  }

  KernelSet(Elements<A> elements, VectorSupport support, Warmth warmth) {
    this.elements = elements;
    this.support = support;
    this.warmth = warmth;
    this.manyRegisters = support.registers() == 32;
    this.packedHeights =
        manyRegisters ? Heights.PACKED_OF_32_REGISTERS : Heights.PACKED_OF_16_REGISTERS;
    this.tableHeights =
        manyRegisters ? Heights.TABLE_OF_32_REGISTERS : Heights.TABLE_OF_16_REGISTERS;
    this.packed = new AtomicReferenceArray<>(packedHeights.count());
    this.table = new AtomicReferenceArray<>(tableHeights.count());
    this.packing = new Packing<>(elements, support, warmth, cold);
    this.winograd = new Winograd(support, warmth, cold);
    this.zeros = elements.newArray(Math.max(LOOP_HALF, support.lanes(elements.bytes())));
  }

  Elements<A> elements() {
    return elements;
  }

  /** How operands are brought into panels. */
  Packing<A> packing() {
    return packing;
  }

  /** The transforms of 3 x 3 convolutions. */
  Winograd winograd() {
    return winograd;
  }

  /** What kernels start from, with strides of 0, to start from zero. Nobody writes to it. */
  A zeros() {
    return zeros;
  }

  /** Whether a product of {@code m} rows had better read a small B where it lies. */
  boolean readsInPlace(int m) {
    return m <= FEW_TABLE_ROWS;
  }

  /**
   * How the rows of a product of {@code m} rows and {@code n} columns, neither of them zero, are
   * cut.
   *
   * @param isPacked whether B lies in panels, so that the kernel needs no table of its rows
   */
  Tiling<A> tiling(int m, int n, boolean isPacked) {
    if (support.available()) {
      Heights heights = isPacked ? packedHeights : tableHeights;
      int main = heights.main(m);
      Warming<MicroKernel<A>> slot = slot(main, isPacked);
      if (slot.isReady()) {
        int rows = heights.rows[main];
        int panels = (m + rows - 1) / rows;
        Warming<MicroKernel<A>> rest = slot(heights.last(m - (panels - 1) * rows), isPacked);
        return new Tiling<>(slot.value(), rest.isReady() ? rest.value() : slot.value(), panels);
      }
    }
    int half = 4 * fit((n + 7) / 8, LOOP_HALF / 4);
    int rows = fit(m, LOOP_ROWS);
    MicroKernel<A> loops = new LoopMicroKernel<>(elements, rows, half);
    return new Tiling<>(loops, loops, (m + rows - 1) / rows);
  }

  /** The loop for gradients of weights of {@code m} rows and so many taps, lanes being images. */
  LaneProduct<A> laneProduct(int m, int taps) {
    int[][] blocks = manyRegisters ? LANE_BLOCKS : FEW_LANE_BLOCKS;
    int[] best = blocks[0];
    for (int[] block : blocks) {
      if (paddedSize(block, m, taps) < paddedSize(best, m, taps)) {
        best = block;
      }
    }
    LaneProduct<A> loops = new LaneLoops<>(elements, best[0], best[1]);
    if (!support.available() || ImageLanes.IMAGES % support.lanes(elements.bytes()) != 0) {
      return loops;
    }
    List<Integer> key = List.of(best[0], best[1]);
    Warming<LaneProduct<A>> product = laneProducts.get(key);
    if (product == null) {
      Warming<LaneProduct<A>> fresh =
          new Warming<>(
              LaneProductGenerator.generate(elements, support, best[0], best[1]),
              warmth == Warmth.AT_ONCE);
      product = laneProducts.putIfAbsent(key, fresh);
      if (product == null) {
        product = fresh;
        if (!fresh.isReady()) {
          cold.add(KernelWarmUp.of(elements, fresh.value()), fresh::becomesReady);
        }
      }
    }
    return product.isReady() ? product.value() : loops;
  }

  private static int paddedSize(int[] block, int m, int taps) {
    return (m + block[0] - 1) / block[0] * block[0] * ((taps + block[1] - 1) / block[1] * block[1]);
  }

  /**
   * The size of equal parts, none above {@code most}, that cover {@code count} with least waste.
   */
  private static int fit(int count, int most) {
    int parts = (count + most - 1) / most;
    return (count + parts - 1) / parts;
  }

  private Warming<MicroKernel<A>> slot(int height, boolean isPacked) {
    AtomicReferenceArray<Warming<MicroKernel<A>>> slots = isPacked ? packed : table;
    Warming<MicroKernel<A>> slot = slots.get(height);
    if (slot == null) {
      boolean ready = warmth == Warmth.AT_ONCE;
      Heights heights = isPacked ? packedHeights : tableHeights;
      Warming<MicroKernel<A>> fresh =
          new Warming<>(
              MicroKernelGenerator.generate(
                  elements, support, heights.rows[height], isPacked, heights.steps[height]),
              ready);
      if (slots.compareAndSet(height, null, fresh)) {
        if (!ready) {
          cold.add(KernelWarmUp.of(elements, fresh.value()), fresh::becomesReady);
        }
        return fresh;
      }
      slot = slots.get(height);
    }
    return slot;
  }
}
