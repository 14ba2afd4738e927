package dev.ladera.backend.cpu;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts the operands of products into panels. Lanes that are contiguous in depth are transposed in
 * registers, where the machine can, and lanes that are neighbours are copied as vectors, once the
 * generated code for it is warm; everything else is copied by the source itself.
 */
final class Packing<A> {
  /**
   * Lanes of a run that is copied from each step of depth to as many panels as it covers: panels
   * begin at distances at which few of them fit a cache of few ways.
   */
  private static final int RUN_LANES = 128;

  /**
   * The bits of vectors two of which can be selected from by one instruction. Elsewhere that is a
   * call for each element, and no code around it comes to beat plain loops.
   */
  private static final int SELECTING_BITS = 512;

  /** Depth that stays in the first-level cache while lane after lane is taken out of it. */
  private static final int UNPACKED_DEPTH = 128;

  private static final int DEPTH = 256;
  private static final int CALLS = 200;

  private final Elements<A> elements;
  private final VectorSupport support;
  private final KernelSet.Warmth warmth;
  private final WarmUpQueue cold;
  private final int side;
  private final AtomicReferenceArray<Warming<Transpose<A>>> transposes;
  private final AtomicReferenceArray<Warming<RunCopy<A>>> copies;

  Packing(Elements<A> elements, VectorSupport support, KernelSet.Warmth warmth, WarmUpQueue cold) {
    this.elements = elements;
    this.support = support;
    this.warmth = warmth;
    this.cold = cold;
    this.side = support.lanes(elements.bytes());
    this.transposes = new AtomicReferenceArray<>(side + 1);
    // No tile of a generated kernel is wider than two vectors.
    this.copies = new AtomicReferenceArray<>(2 * side + 1);
  }

  /**
   * Packs lanes into panels of {@code size} lanes, one after the other; lanes that are missing in
   * the last become zeros.
   */
  void panels(
      PackSource<A> source,
      int firstLane,
      int lanes,
      int size,
      int firstDepth,
      int depth,
      A packed,
      int offset) {
    int packedLanes =
        source instanceof StridedSource<A> matrix && matrix.isPlain() && matrix.laneStride() == 1
            ? inRuns(matrix, firstLane, lanes / size, size, firstDepth, depth, packed, offset)
            : 0;
    for (int done = packedLanes; done < lanes; done += size) {
      int some = Math.min(size, lanes - done);
      int at = offset + done * depth;
      if (some < size) {
        elements.clear(packed, at, 1, size * depth);
      } else if (source instanceof StridedSource<A> matrix
          && matrix.isPlain()
          && matrix.depthStride() == 1
          && transpose(matrix, firstLane + done, size, firstDepth, depth, packed, at)) {
        continue;
      }
      source.pack(firstLane + done, some, firstDepth, depth, size, packed, at);
    }
  }

  /** The panels of so many lanes each that one run covers. */
  int panelsOfRun(int size) {
    return Math.max(1, RUN_LANES / size);
  }

  /** Packs whole panels of lanes that are neighbours; answers the lanes, 0 if it cannot yet. */
  private int inRuns(
      StridedSource<A> matrix,
      int firstLane,
      int panels,
      int size,
      int firstDepth,
      int depth,
      A packed,
      int offset) {
    RunCopy<A> copy = panels > 0 ? copy(size) : null;
    if (copy == null) {
      return 0;
    }
    int group = panelsOfRun(size);
    for (int panel = 0; panel < panels; panel += group) {
      int lane = panel * size;
      copy.run(
          matrix.array(),
          matrix.offset() + firstLane + lane + firstDepth * matrix.depthStride(),
          matrix.depthStride(),
          Math.min(group, panels - panel),
          depth,
          packed,
          offset + lane * depth);
    }
    return panels * size;
  }

  /** Packs a whole panel, in groups of lanes that fit a vector; false if it cannot yet. */
  private boolean transpose(
      StridedSource<A> matrix,
      int firstLane,
      int size,
      int firstDepth,
      int depth,
      A packed,
      int at) {
    int group = Math.min(size, side);
    int whole = depth / side * side;
    if (whole == 0 || size % group != 0) {
      return false;
    }
    Transpose<A> transpose = transpose(group);
    if (transpose == null) {
      return false;
    }
    for (int lane = 0; lane < size; lane += group) {
      int from = matrix.offset() + (firstLane + lane) * matrix.laneStride() + firstDepth;
      transpose.run(matrix.array(), from, matrix.laneStride(), whole, packed, at + lane, size);
    }
    if (whole < depth) {
      matrix.pack(
          firstLane, size, firstDepth + whole, depth - whole, size, packed, at + whole * size);
    }
    return true;
  }

  /**
   * The way back: {@code target[to + i * stride + p] = panel[panelAt + p * width + i]} for {@code p
   * < depth} and {@code i < lanes}.
   */
  void unpack(A panel, int panelAt, int depth, int width, int lanes, A target, int to, int stride) {
    int wholeLanes = lanes / side * side;
    Transpose<A> transpose = wholeLanes > 0 ? transpose(side) : null;
    int done = 0;
    if (transpose != null) {
      for (; done + side <= depth; done += side) {
        transpose.run(panel, panelAt + done * width, width, wholeLanes, target, to + done, stride);
      }
    }
    for (int from = 0; from < depth; from += UNPACKED_DEPTH) {
      int end = Math.min(depth, from + UNPACKED_DEPTH);
      for (int lane = 0; lane < lanes; lane++) {
        int at = lane < wholeLanes ? Math.max(from, done) : from;
        elements.copy(
            panel,
            panelAt + at * width + lane,
            width,
            target,
            to + lane * stride + at,
            1,
            Math.max(0, end - at));
      }
    }
  }

  private @Nullable RunCopy<A> copy(int width) {
    if (!support.available()
        || width >= copies.length()
        || !RunCopyGenerator.suits(width, elements.bytes())) {
      return null;
    }
    Warming<RunCopy<A>> found = copies.get(width);
    if (found == null) {
      RunCopy<A> copy = RunCopyGenerator.generate(elements, support, width);
      found = keep(copies, width, copy, round(copy, width));
    }
    return found.isReady() ? found.value() : null;
  }

  private @Nullable Transpose<A> transpose(int lanes) {
    if (support.bits() != SELECTING_BITS) {
      return null;
    }
    Warming<Transpose<A>> found = transposes.get(lanes);
    if (found == null) {
      Transpose<A> transpose = TransposeGenerator.generate(elements, support, lanes);
      found = keep(transposes, lanes, transpose, round(transpose, lanes));
    }
    return found.isReady() ? found.value() : null;
  }

  /** Keeps what was generated for so many lanes, and warms it up; or what another thread kept. */
  private <T> Warming<T> keep(
      AtomicReferenceArray<Warming<T>> all, int lanes, T generated, BooleanSupplier round) {
    Warming<T> fresh = new Warming<>(generated, warmth == KernelSet.Warmth.AT_ONCE);
    if (!all.compareAndSet(lanes, null, fresh)) {
      return all.get(lanes);
    }
    if (!fresh.isReady()) {
      cold.add(round, fresh::becomesReady);
    }
    return fresh;
  }

  private BooleanSupplier round(Transpose<A> transpose, int lanes) {
    A source = elements.newArray(lanes * DEPTH);
    A panel = elements.newArray(lanes * DEPTH);
    StridedSource<A> matrix = new StridedSource<>(elements, source, 0, DEPTH, 1);
    return round(
        () -> transpose.run(source, 0, DEPTH, 2 * side, panel, 0, lanes),
        () -> transpose.run(source, 0, DEPTH, DEPTH, panel, 0, lanes),
        () -> matrix.pack(0, lanes, 0, DEPTH, lanes, panel, 0));
  }

  private BooleanSupplier round(RunCopy<A> copy, int width) {
    A source = elements.newArray(width * DEPTH);
    A panel = elements.newArray(width * DEPTH);
    StridedSource<A> matrix = new StridedSource<>(elements, source, 0, 1, width);
    return round(
        () -> copy.run(source, 0, width, 1, 4, panel, 0),
        () -> copy.run(source, 0, width, 1, DEPTH, panel, 0),
        () -> matrix.pack(0, width, 0, DEPTH, width, panel, 0));
  }

  /** Runs it on zeros, and tells whether it beat the plain loops. */
  private static BooleanSupplier round(Runnable little, Runnable generated, Runnable plain) {
    return () -> {
      for (int i = 0; i < CALLS; i++) {
        little.run();
      }
      long start = System.nanoTime();
      generated.run();
      long middle = System.nanoTime();
      plain.run();
      return middle - start < System.nanoTime() - middle;
    };
  }
}
