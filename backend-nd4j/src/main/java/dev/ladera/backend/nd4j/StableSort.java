package dev.ladera.backend.nd4j;

/** Orders numbers by merging sorted runs, bottom up; equals keep their order. */
final class StableSort {
  private StableSort() {}

  /** The places of the keys, smallest key first. */
  static int[] order(long[] keys) {
    int[] order = new int[keys.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    int[] merged = new int[keys.length];
    for (long run = 1; run < keys.length; run *= 2) {
      for (long from = 0; from < keys.length; from += 2 * run) {
        int middle = (int) Math.min(from + run, keys.length);
        int end = (int) Math.min(from + 2 * run, keys.length);
        merge(keys, order, (int) from, middle, end, merged);
      }
      int[] other = order;
      order = merged;
      merged = other;
    }
    return order;
  }

  private static void merge(long[] keys, int[] order, int from, int middle, int end, int[] merged) {
    int left = from;
    int right = middle;
    for (int at = from; at < end; at++) {
      boolean takeLeft = right >= end || (left < middle && keys[order[left]] <= keys[order[right]]);
      merged[at] = takeLeft ? order[left++] : order[right++];
    }
  }
}
