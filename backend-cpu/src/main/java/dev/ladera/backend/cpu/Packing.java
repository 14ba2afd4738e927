package dev.ladera.backend.cpu;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Puts the operands of products into panels. Lanes that are contiguous in depth are transposed in
 * registers, where the machine can, once the generated code for it is warm; everything else is
 * copied by the source itself.
 */
final class Packing<A> {
  /** Lanes up to this many are copied by loops of their own, faster than runs are. */
  private static final int FEW_LANES = 8;

  /** So many lanes are a quarter of a line of a cache, and read with their neighbours. */
  private static final int FOUR_LANES = 4;

  /**
   * The bits of vectors two of which can be selected from by one instruction. Elsewhere that is a
   * call for each element, and no code around it comes to beat plain loops.
   */
  private static final int SELECTING_BITS = 512;

  /** Depth that stays in the first-level cache while lane after lane is taken out of it. */
  private static final int UNPACKED_DEPTH = 128;

  private static final int DEPTH = 256;
  private static final int WINS = 3;
  private static final int CALLS = 200;
  private static final long GIVE_UP_NANOS = 30_000_000_000L;

  private final Elements<A> elements;
  private final VectorSupport support;
  private final KernelSet.Warmth warmth;
  private final WarmUpQueue cold;
  private final int side;
  private final AtomicReferenceArray<Warming<Transpose<A>>> transposes;

  Packing(Elements<A> elements, VectorSupport support, KernelSet.Warmth warmth, WarmUpQueue cold) {
    this.elements = elements;
    this.support = support;
    this.warmth = warmth;
    this.cold = cold;
    this.side = support.lanes(elements.bytes());
    this.transposes = new AtomicReferenceArray<>(side + 1);
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
    int whole = lanes / size;
    int packedLanes = 0;
    if (whole > 1
        && (size > FEW_LANES || size == FOUR_LANES)
        && source instanceof StridedSource<A> matrix
        && matrix.isPlain()
        && matrix.laneStride() == 1) {
      int from = matrix.offset() + firstLane + firstDepth * matrix.depthStride();
      elements.packRows(
          matrix.array(), from, matrix.depthStride(), whole, size, depth, packed, offset);
      packedLanes = whole * size;
    }
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
   * The way back: {@code target[to + i * stride + p] = panel[p * width + i]} for {@code p < depth}
   * and {@code i < lanes}.
   */
  void unpack(A panel, int depth, int width, int lanes, A target, int to, int stride) {
    int wholeLanes = lanes / side * side;
    Transpose<A> transpose = wholeLanes > 0 ? transpose(side) : null;
    int done = 0;
    if (transpose != null) {
      for (; done + side <= depth; done += side) {
        transpose.run(panel, done * width, width, wholeLanes, target, to + done, stride);
      }
    }
    for (int from = 0; from < depth; from += UNPACKED_DEPTH) {
      int end = Math.min(depth, from + UNPACKED_DEPTH);
      for (int lane = 0; lane < lanes; lane++) {
        int at = lane < wholeLanes ? Math.max(from, done) : from;
        elements.copy(
            panel,
            at * width + lane,
            width,
            target,
            to + lane * stride + at,
            1,
            Math.max(0, end - at));
      }
    }
  }

  private @Nullable Transpose<A> transpose(int lanes) {
    if (support.bits() != SELECTING_BITS) {
      return null;
    }
    Warming<Transpose<A>> found = transposes.get(lanes);
    if (found == null) {
      Warming<Transpose<A>> fresh =
          new Warming<>(
              TransposeGenerator.generate(elements, support, lanes),
              warmth == KernelSet.Warmth.AT_ONCE);
      if (!transposes.compareAndSet(lanes, null, fresh)) {
        return null;
      }
      if (!fresh.isReady()) {
        cold.add(() -> fresh.becomes(becomesFaster(fresh.value(), lanes)));
      }
      found = fresh;
    }
    return found.isReady() ? found.value() : null;
  }

  /** Runs it on zeros until it beats the plain loops; false if it does not within some seconds. */
  private boolean becomesFaster(Transpose<A> transpose, int lanes) {
    A source = elements.newArray(lanes * DEPTH);
    A panel = elements.newArray(lanes * DEPTH);
    StridedSource<A> matrix = new StridedSource<>(elements, source, 0, DEPTH, 1);
    long begin = System.nanoTime();
    int wins = 0;
    while (wins < WINS) {
      for (int i = 0; i < CALLS; i++) {
        transpose.run(source, 0, DEPTH, 2 * side, panel, 0, lanes);
      }
      long start = System.nanoTime();
      transpose.run(source, 0, DEPTH, DEPTH, panel, 0, lanes);
      long middle = System.nanoTime();
      matrix.pack(0, lanes, 0, DEPTH, lanes, panel, 0);
      long end = System.nanoTime();
      if (end - begin > GIVE_UP_NANOS) {
        return false;
      }
      wins = middle - start < end - middle ? wins + 1 : 0;
    }
    return true;
  }
}
