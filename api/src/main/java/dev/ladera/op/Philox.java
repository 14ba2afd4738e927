package dev.ladera.op;

/**
 * The counter-based generator Philox 4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random
 * numbers: as easy as 1, 2, 3", SC 2011): four words of 32 bits from a counter and a key, by ten
 * rounds.
 */
public final class Philox {
  private static final int MULTIPLIER_0 = 0xD2511F53;
  private static final int MULTIPLIER_1 = 0xCD9E8D57;
  private static final int WEYL_0 = 0x9E3779B9;
  private static final int WEYL_1 = 0xBB67AE85;
  private static final int ROUNDS = 10;
  private static final long LOW = 0xFFFFFFFFL;

  private Philox() {}

  /**
   * Writes one block of four words.
   *
   * @param seed the key, low word first
   * @param counter the low 64 bits of the counter, low word first; the high ones are zero
   * @param out where the words go
   * @param at the first place in {@code out}
   */
  public static void block(long seed, long counter, int[] out, int at) {
    block((int) seed, (int) (seed >>> 32), (int) counter, (int) (counter >>> 32), 0, 0, out, at);
  }

  /** Writes one block for a counter of four words and a key of two. */
  public static void block(int key0, int key1, int c0, int c1, int c2, int c3, int[] out, int at) {
    for (int round = 0; round < ROUNDS; round++) {
      long product0 = (MULTIPLIER_0 & LOW) * (c0 & LOW);
      long product1 = (MULTIPLIER_1 & LOW) * (c2 & LOW);
      int next0 = (int) (product1 >>> 32) ^ c1 ^ key0;
      int next2 = (int) (product0 >>> 32) ^ c3 ^ key1;
      c1 = (int) product1;
      c3 = (int) product0;
      c0 = next0;
      c2 = next2;
      key0 += WEYL_0;
      key1 += WEYL_1;
    }
    out[at] = c0;
    out[at + 1] = c1;
    out[at + 2] = c2;
    out[at + 3] = c3;
  }
}
