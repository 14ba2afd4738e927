package dev.ladera.backend.cpu;

import dev.ladera.DType;
import java.lang.reflect.Array;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Arrays of tensors that were given back, for the next tensors of the same type and size. A new
 * array is memory that is in no cache: filling one of 4 MB takes three times as long as filling one
 * that was just in use.
 *
 * <p>What is kept is bounded; sizes that were not in use lately go first.
 */
final class ArrayPool {
  /** Fewer elements than this are cheap to make anew. */
  private static final int LEAST = 128;

  /** So many sizes keep their place though no array is left of them. */
  private static final int MOST_SIZES = 256;

  private record Kind(DType dtype, int length) {}

  private final long limit;
  private final Map<Kind, Deque<Object>> kept = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /** A pool that keeps so many bytes at most. */
  ArrayPool(long limit) {
    this.limit = limit;
  }

  /** An array with anything in it. */
  Object take(DType dtype, int length) {
    Object array = length < LEAST ? null : poll(dtype, length);
    if (array != null) {
      return array;
    }
    try {
      return dtype.newArray(length);
    } catch (OutOfMemoryError full) {
      shrink(0);
      return dtype.newArray(length);
    }
  }

  private synchronized @Nullable Object poll(DType dtype, int length) {
    Kind kind = new Kind(dtype, length);
    Deque<Object> arrays = kept.get(kind);
    if (arrays == null) {
      return null;
    }
    Object array = arrays.pollLast();
    if (array == null) {
      return null;
    }
    if (arrays.isEmpty() && kept.size() > MOST_SIZES) {
      kept.remove(kind);
    }
    bytes -= (long) length * dtype.bytes();
    return array;
  }

  /** Takes an array that nobody uses. */
  synchronized void give(DType dtype, Object array) {
    int length = Array.getLength(array);
    if (length < LEAST) {
      return;
    }
    kept.computeIfAbsent(new Kind(dtype, length), _ -> new ArrayDeque<>()).addLast(array);
    bytes += (long) length * dtype.bytes();
    shrink(limit);
  }

  /** Lets go of arrays, least recently asked sizes first, until so many bytes are left. */
  private synchronized void shrink(long target) {
    Iterator<Map.Entry<Kind, Deque<Object>>> sizes = kept.entrySet().iterator();
    while (bytes > target && sizes.hasNext()) {
      Map.Entry<Kind, Deque<Object>> size = sizes.next();
      Kind kind = size.getKey();
      while (bytes > target && size.getValue().pollFirst() != null) {
        bytes -= (long) kind.length * kind.dtype.bytes();
      }
      if (size.getValue().isEmpty()) {
        sizes.remove();
      }
    }
  }

  /** The bytes kept now. */
  synchronized long bytes() {
    return bytes;
  }
}
