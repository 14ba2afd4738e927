package dev.ladera.backend.cpu;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
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

  /** Columns that a plain loop handles at once: enough for the compiler's own vectors. */
  private static final int LOOP_COLUMNS = 128;

  private static final int LOOP_ROWS = 16;
  private static final int MAX_VECTORS = 3;

  /** Products with more rows than this waste little in a tile that does not divide them. */
  private static final int FITTED_ROWS = 32;

  private final Elements<A> elements;
  private final VectorSupport support;
  private final Warmth warmth;
  private final int maxRows;
  private final int maxVectors;
  private final AtomicReferenceArray<Slot<A>> slots;
  private final ConcurrentLinkedQueue<Slot<A>> cold = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean warming = new AtomicBoolean();

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
    // The tile's rows times vectors, a row of B and an element of A have to fit into registers.
    boolean many = support.registers() == 32;
    this.maxRows = many ? 8 : 6;
    this.maxVectors = many && support.bits() == 128 ? MAX_VECTORS : 2;
    this.slots = new AtomicReferenceArray<>((maxRows + 1) * (MAX_VECTORS + 1));
  }

  Elements<A> elements() {
    return elements;
  }

  /** The kernel for a product of {@code m} rows and {@code n} columns, neither of them zero. */
  MicroKernel<A> choose(int m, int n) {
    int lanes = support.lanes(elements.bytes());
    return choose(m, n, Math.min(maxVectors, (n + lanes - 1) / lanes));
  }

  /**
   * The kernel for rows of {@code n} columns that are cut into tiles each for itself, so that a
   * tile which does not divide them wastes much.
   */
  MicroKernel<A> chooseForRows(int m, int n) {
    int best = 1;
    double least = Double.MAX_VALUE;
    for (int vectors = 1; vectors <= maxVectors; vectors++) {
      int width = vectors * support.lanes(elements.bytes());
      // Narrow tiles load more for each operation.
      double cost = (n + width - 1) / width * width * (1 + 0.2 / vectors);
      if (cost < least) {
        least = cost;
        best = vectors;
      }
    }
    return choose(m, n, best);
  }

  private MicroKernel<A> choose(int m, int n, int vectors) {
    if (support.available()) {
      int rows = m > FITTED_ROWS ? maxRows : fit(m, maxRows);
      Slot<A> slot = slot(rows, vectors);
      if (slot.ready) {
        return slot.kernel;
      }
    }
    int columns = fit((n + 7) / 8, LOOP_COLUMNS / 8) * 8;
    return new LoopMicroKernel<>(elements, fit(m, LOOP_ROWS), columns);
  }

  /**
   * The size of equal parts, none above {@code most}, that cover {@code count} with least waste.
   */
  private static int fit(int count, int most) {
    int parts = (count + most - 1) / most;
    return (count + parts - 1) / parts;
  }

  private Slot<A> slot(int rows, int vectors) {
    int index = rows * (MAX_VECTORS + 1) + vectors;
    Slot<A> slot = slots.get(index);
    if (slot == null) {
      boolean ready = warmth == Warmth.AT_ONCE;
      Slot<A> fresh =
          new Slot<>(MicroKernelGenerator.generate(elements, support, rows, vectors), ready);
      if (slots.compareAndSet(index, null, fresh)) {
        if (!ready) {
          cold.add(fresh);
          startWarming();
        }
        return fresh;
      }
      slot = slots.get(index);
    }
    return slot;
  }

  private void startWarming() {
    if (!cold.isEmpty() && warming.compareAndSet(false, true)) {
      Thread.ofPlatform()
          .name("ladera-cpu-warm-up")
          .daemon()
          .inheritInheritableThreadLocals(false)
          .start(this::warmUp);
    }
  }

  private void warmUp() {
    for (Slot<A> slot = cold.poll(); slot != null; slot = cold.poll()) {
      slot.ready = KernelWarmUp.becomesFast(elements, slot.kernel);
    }
    warming.set(false);
    // A slot may have come between the last look and the flag going down.
    startWarming();
  }
}
