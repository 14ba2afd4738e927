package dev.ladera.backend.cpu;

import java.util.ArrayList;
import java.util.List;

/**
 * Arrays for packed panels and partial results, kept by each thread for its next call.
 *
 * <p>An array that is not given back, because its user threw, is garbage and no leak. What a thread
 * keeps is bounded in number and in size.
 */
final class ScratchArrays<A> {

  private static final int MAX_KEPT = 8;
  private static final int MAX_KEPT_BYTES = 16 << 20;
  private static final int MIN_LENGTH = 1 << 10;

  private final Elements<A> elements;
  private final ThreadLocal<List<A>> kept = ThreadLocal.withInitial(ArrayList::new);

  ScratchArrays(Elements<A> elements) {
    this.elements = elements;
  }

  /** An array of at least {@code length} elements, with anything in it. */
  A borrow(int length) {
    List<A> arrays = kept.get();
    int best = -1;
    for (int i = 0; i < arrays.size(); i++) {
      int candidate = elements.length(arrays.get(i));
      if (candidate >= length && (best < 0 || candidate < elements.length(arrays.get(best)))) {
        best = i;
      }
    }
    if (best >= 0) {
      return arrays.remove(best);
    }
    // Rounded up to a power of two, so that sizes that differ a little share an array.
    int rounded = Math.max(MIN_LENGTH, Integer.highestOneBit(Math.max(1, length - 1)) << 1);
    return elements.newArray(Math.max(length, rounded));
  }

  /** Takes an array back for the next borrower on this thread. */
  void giveBack(A array) {
    if ((long) elements.length(array) * elements.bytes() > MAX_KEPT_BYTES) {
      return;
    }
    List<A> arrays = kept.get();
    if (arrays.size() == MAX_KEPT) {
      arrays.remove(0);
    }
    arrays.add(array);
  }
}
