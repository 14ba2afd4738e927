package dev.ladera.backend.cpu;

import java.util.ArrayList;
import java.util.List;

/**
 * Memory for packed panels and partial results, kept by each thread for its next call.
 *
 * <p>A vector that lies across two lines of a cache is read and written at half the speed, and Java
 * aligns arrays to no more than eight bytes. But the collectors for large heaps (G1, ZGC,
 * Shenandoah) give an array of more than half a region a region of its own, at whose begin its
 * header is. So pieces are cut from such arrays, at multiples of a line less the header; where the
 * collector does otherwise, that costs nothing.
 *
 * <p>A piece that is not given back, because its user threw, is garbage and no leak. What a thread
 * keeps is bounded in number and in size.
 */
final class Scratch<A> {
  private static final int LINE = 64;

  /** Before the elements of an array, with HotSpot's usual settings. */
  private static final int HEADER = 16;

  private static final int MAX_KEPT = 8;
  private static final int MAX_KEPT_BYTES = 16 << 20;
  private static final int MIN_LENGTH = 1 << 10;

  // What G1 makes of the largest heap that is allowed.
  private static final int REGIONS = 2048;
  private static final long LEAST_REGION = 1 << 20;
  private static final long LARGEST_REGION = 32 << 20;

  private final Elements<A> elements;
  private final int start;
  private final int slabLength;
  private final ThreadLocal<List<Piece<A>>> kept = ThreadLocal.withInitial(ArrayList::new);
  private A slab;
  private int used;

  /**
   * A run of an array.
   *
   * @param at the index of its first element
   * @param length the elements that it has
   */
  record Piece<A>(A array, int at, int length) {}

  Scratch(Elements<A> elements) {
    this.elements = elements;
    this.start = (LINE - HEADER) / elements.bytes();
    this.slabLength = (int) (region(Runtime.getRuntime().maxMemory()) - LINE) / elements.bytes();
    this.slab = elements.newArray(0);
  }

  /** The bytes of a region of G1, of a heap of at most so many. */
  static long region(long heap) {
    long share = Math.clamp(heap / REGIONS, LEAST_REGION, LARGEST_REGION);
    return Long.highestOneBit(2 * share - 1);
  }

  /** At least {@code length} elements, with anything in them. */
  Piece<A> borrow(int length) {
    List<Piece<A>> pieces = kept.get();
    int best = -1;
    for (int i = 0; i < pieces.size(); i++) {
      int candidate = pieces.get(i).length;
      if (candidate >= length && (best < 0 || candidate < pieces.get(best).length)) {
        best = i;
      }
    }
    if (best >= 0) {
      return pieces.remove(best);
    }
    // Rounded up to a power of two, so that sizes that differ a little share a piece.
    int rounded = Math.max(MIN_LENGTH, Integer.highestOneBit(Math.max(1, length - 1)) << 1);
    return cut(Math.max(length, rounded));
  }

  private synchronized Piece<A> cut(int length) {
    if (length > slabLength - start) {
      return new Piece<>(elements.newArray(Math.addExact(start, length)), start, length);
    }
    if (length > elements.length(slab) - used) {
      slab = elements.newArray(slabLength);
      used = start;
    }
    Piece<A> piece = new Piece<>(slab, used, length);
    used += length;
    return piece;
  }

  /** Takes a piece back for the next borrower on this thread. */
  void giveBack(Piece<A> piece) {
    if ((long) piece.length * elements.bytes() > MAX_KEPT_BYTES) {
      return;
    }
    List<Piece<A>> pieces = kept.get();
    if (pieces.size() == MAX_KEPT) {
      pieces.remove(0);
    }
    pieces.add(piece);
  }
}
