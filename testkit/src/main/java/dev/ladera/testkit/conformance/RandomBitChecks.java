package dev.ladera.testkit.conformance;

import dev.ladera.Device;
import dev.ladera.Dispatcher;
import dev.ladera.op.Philox;
import dev.ladera.op.Primitive;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Random bits are those of Philox 4x32-10, whatever part of them is asked for. */
final class RandomBitChecks {
  /** The known answer for key 0 and counter 0 that the authors publish with their library. */
  private static final int[] KNOWN = {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8};

  private static final List<Integer> COUNTS = List.of(1, 2, 3, 4, 5, 7, 8, 9, 31, 64, 1023, 70_001);

  /** Before and over the end of the counter's low word, and at the sign of the high one. */
  private static final List<Long> OFFSETS =
      List.of(0L, 1L, 0xFFFFFFFFL, 0xFFFFFFFEL, 1L << 32, -3L, Long.MAX_VALUE);

  private static final List<Long> SEEDS = List.of(0L, 1L, -1L, 0x123456789ABCDEFL, 1L << 32);

  private RandomBitChecks() {}

  static Stream<Check> of(Device device) {
    return Stream.of(
        new Check("random bits/known answer", () -> same(KNOWN, bits(0, 0, 4, device))),
        new Check("random bits/counts", () -> counts(device)),
        new Check("random bits/seeds and offsets", () -> offsets(device)));
  }

  private static int[] bits(long seed, long offset, int count, Device device) {
    return Dispatcher.create(new Primitive.RandomBits(seed, offset, count), device).toIntArray();
  }

  private static int[] words(long seed, long offset, int count) {
    int[] words = new int[(count + 3) / 4 * 4];
    for (int block = 0; block < words.length / 4; block++) {
      Philox.block(seed, offset + block, words, 4 * block);
    }
    return Arrays.copyOf(words, count);
  }

  private static void counts(Device device) {
    for (int count : COUNTS) {
      same(words(42, 7, count), bits(42, 7, count, device));
    }
  }

  private static void offsets(Device device) {
    for (long seed : SEEDS) {
      for (long offset : OFFSETS) {
        same(words(seed, offset, 21), bits(seed, offset, 21, device));
      }
    }
  }

  private static void same(int[] expected, int[] actual) {
    if (!Arrays.equals(expected, actual)) {
      throw new AssertionError(
          "expected "
              + Arrays.toString(Arrays.copyOf(expected, Math.min(8, expected.length)))
              + ", but got "
              + Arrays.toString(Arrays.copyOf(actual, Math.min(8, actual.length)))
              + "; first difference at "
              + Arrays.mismatch(expected, actual));
    }
  }
}
