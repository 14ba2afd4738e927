package dev.ladera.op;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Against the known answers that the authors publish for philox4x32-10. */
class PhiloxTest {
  private static int[] block(int k0, int k1, int c0, int c1, int c2, int c3) {
    int[] out = new int[4];
    Philox.block(k0, k1, c0, c1, c2, c3, out, 0);
    return out;
  }

  @Test
  void knownAnswers() {
    assertThat(block(0, 0, 0, 0, 0, 0))
        .containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    assertThat(block(-1, -1, -1, -1, -1, -1))
        .containsExactly(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
    assertThat(block(0xa4093822, 0x299f31d0, 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344))
        .containsExactly(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
  }

  @Test
  void aSeedAndACounterFillTheLowWordsFirst() {
    int[] out = new int[6];
    Philox.block(0x0000000500000003L, 0x0000000700000002L, out, 1);
    int[] same = block(3, 5, 2, 7, 0, 0);
    assertThat(out).containsExactly(0, same[0], same[1], same[2], same[3], 0);
  }
}
