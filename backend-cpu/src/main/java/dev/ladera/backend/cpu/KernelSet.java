package dev.ladera.backend.cpu;

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

  /** The rows that tiles may have, and what an operation costs in each, relative to the last. */
  private static final int[] TILE_ROWS = {4, 6, 8};

  private static final double[] TILE_COSTS = {1.25, 1.05, 1};

  private final Elements<A> elements;
  private final VectorSupport support;
  private final Warmth warmth;
  private final int shapes;
  private final AtomicReferenceArray<Slot<A>> slots = new AtomicReferenceArray<>(TILE_ROWS.length);
  private final WarmUpQueue cold = new WarmUpQueue();
  private final A zeros;

  /** Whether products wait for the generated kernels. */
  enum Warmth {
    /** Plain loops until the generated kernels are compiled: for programs. */
    BACKGROUND,
    /** The generated kernels from the first call, however slow at first: for tests. */
    AT_ONCE
  }

  /** A generated kernel and whether it is fit for use. */
  private static final class Slot<A> {
    private final MicroKernel<A> kernel;
    private volatile boolean ready;

    Slot(MicroKernel<A> kernel, boolean ready) {
      this.kernel = kernel;
      this.ready = ready;
    }
  }

  KernelSet(Elements<A> elements, VectorSupport support, Warmth warmth) {
    this.elements = elements;
    this.support = support;
    this.warmth = warmth;
    // A tile's rows times two, two vectors of B and one of A have to fit into the registers.
    this.shapes = support.registers() == 32 ? 3 : 2;
    this.zeros = elements.newArray(Math.max(LOOP_HALF, support.lanes(elements.bytes())));
  }

  Elements<A> elements() {
    return elements;
  }

  /** What kernels start from, with strides of 0, to start from zero. Nobody writes to it. */
  A zeros() {
    return zeros;
  }

  /** The kernel for a product of {@code m} rows and {@code n} columns, neither of them zero. */
  MicroKernel<A> choose(int m, int n) {
    if (support.available()) {
      Slot<A> slot = slot(shape(m));
      if (slot.ready) {
        return slot.kernel;
      }
    }
    int half = 4 * fit((n + 7) / 8, LOOP_HALF / 4);
    return new LoopMicroKernel<>(elements, fit(m, LOOP_ROWS), half);
  }

  /**
   * The size of equal parts, none above {@code most}, that cover {@code count} with least waste.
   */
  private static int fit(int count, int most) {
    int parts = (count + most - 1) / most;
    return (count + parts - 1) / parts;
  }

  private int shape(int m) {
    int best = 0;
    double least = Double.MAX_VALUE;
    for (int shape = 0; shape < shapes; shape++) {
      int rows = TILE_ROWS[shape];
      double cost = (m + rows - 1) / rows * rows * TILE_COSTS[shape];
      if (cost < least) {
        least = cost;
        best = shape;
      }
    }
    return best;
  }

  private Slot<A> slot(int shape) {
    Slot<A> slot = slots.get(shape);
    if (slot == null) {
      boolean ready = warmth == Warmth.AT_ONCE;
      Slot<A> fresh =
          new Slot<>(MicroKernelGenerator.generate(elements, support, TILE_ROWS[shape]), ready);
      if (slots.compareAndSet(shape, null, fresh)) {
        if (!ready) {
          cold.add(() -> fresh.ready = KernelWarmUp.becomesFast(elements, fresh.kernel));
        }
        return fresh;
      }
      slot = slots.get(shape);
    }
    return slot;
  }
}
