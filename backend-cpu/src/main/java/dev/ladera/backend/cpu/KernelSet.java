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
   * The heights that tiles may have, and how fast each is, relative to the others.
   *
   * @param rows from the least
   * @param packed the speeds where B lies in panels
   * @param table the speeds where its rows are looked up
   * @param tableRows the most rows of A for which looking up is faster than bringing B into panels
   */
  private record Heights(int[] rows, int[] packed, int[] table, int tableRows) {
    /** Measured, in GFLOP/s on a core with AVX-512. */
    static final Heights OF_32_REGISTERS =
        new Heights(
            new int[] {2, 4, 6, 8, 10, 12},
            new int[] {100, 175, 195, 210, 215, 230},
            new int[] {90, 160, 175, 185, 190, 200},
            Integer.MAX_VALUE);

    /**
     * Measured, in GFLOP/s on a core with AVX2. The compiler loads a step's elements of A and B
     * ahead of its arithmetic, and a tile of more than 4 rows, of two sums each, leaves no
     * registers for them.
     */
    static final Heights OF_16_REGISTERS =
        new Heights(new int[] {2, 3, 4}, new int[] {48, 63, 88}, new int[] {28, 50, 66}, 32);

    int count() {
      return rows.length;
    }

    double cost(int height, boolean isPacked) {
      return (double) rows[height] / (isPacked ? packed : table)[height];
    }
  }

  /** Rows and taps of which a loop over images keeps the sums in registers. */
  private static final int[][] LANE_BLOCKS = {{6, 4}, {4, 6}};

  private static final int[][] FEW_LANE_BLOCKS = {{3, 3}, {2, 4}};

  private final Elements<A> elements;
  private final VectorSupport support;
  private final Warmth warmth;
  private final Heights heights;
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
    this.heights = support.registers() == 32 ? Heights.OF_32_REGISTERS : Heights.OF_16_REGISTERS;
    this.packed = new AtomicReferenceArray<>(heights.count());
    this.table = new AtomicReferenceArray<>(heights.count());
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
    return m <= heights.tableRows;
  }

  /**
   * How the rows of a product of {@code m} rows and {@code n} columns, neither of them zero, are
   * cut.
   *
   * @param isPacked whether B lies in panels, so that the kernel needs no table of its rows
   */
  Tiling<A> tiling(int m, int n, boolean isPacked) {
    if (support.available()) {
      int main = main(m, isPacked);
      Warming<MicroKernel<A>> slot = slot(main, isPacked);
      if (slot.isReady()) {
        int rows = heights.rows[main];
        int panels = (m + rows - 1) / rows;
        Warming<MicroKernel<A>> rest = slot(last(m - (panels - 1) * rows), isPacked);
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
    int[][] blocks = support.registers() == 32 ? LANE_BLOCKS : FEW_LANE_BLOCKS;
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
          cold.add(() -> fresh.becomes(KernelWarmUp.becomesFast(elements, fresh.value())));
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

  /** The height that makes all panels together the fastest, as a place in the table. */
  private int main(int m, boolean isPacked) {
    int best = 0;
    double least = Double.MAX_VALUE;
    for (int i = 0; i < heights.count(); i++) {
      int whole = (m - 1) / heights.rows[i];
      int last = last(m - whole * heights.rows[i]);
      double cost = whole * heights.cost(i, isPacked) + heights.cost(last, isPacked);
      if (last <= i && cost < least) {
        least = cost;
        best = i;
      }
    }
    return best;
  }

  /** The least height that takes so many rows. */
  private int last(int rows) {
    int i = 0;
    while (heights.rows[i] < rows) {
      i++;
    }
    return i;
  }

  private Warming<MicroKernel<A>> slot(int height, boolean isPacked) {
    AtomicReferenceArray<Warming<MicroKernel<A>>> slots = isPacked ? packed : table;
    Warming<MicroKernel<A>> slot = slots.get(height);
    if (slot == null) {
      boolean ready = warmth == Warmth.AT_ONCE;
      Warming<MicroKernel<A>> fresh =
          new Warming<>(
              MicroKernelGenerator.generate(elements, support, heights.rows[height], isPacked),
              ready);
      if (slots.compareAndSet(height, null, fresh)) {
        if (!ready) {
          cold.add(() -> fresh.becomes(KernelWarmUp.becomesFast(elements, fresh.value())));
        }
        return fresh;
      }
      slot = slots.get(height);
    }
    return slot;
  }
}
