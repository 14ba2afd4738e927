package dev.ladera.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScratchTest {
  private static final int LINE = 16;
  private static final int FIRST = 12;

  @Test
  void piecesBeginWhereALineDoesAndDoNotOverlap() {
    Scratch<float[]> scratch = new Scratch<>(FloatElements.INSTANCE);
    List<Scratch.Piece<float[]>> pieces = new ArrayList<>();
    for (int length : new int[] {1, 1000, 1025, 5000, 3 << 16, 1 << 19, 7, 1 << 24}) {
      Scratch.Piece<float[]> piece = scratch.borrow(length);
      assertThat(piece.length()).isGreaterThanOrEqualTo(length);
      assertThat(piece.at() % LINE).isEqualTo(FIRST);
      assertThat(piece.at() + piece.length()).isLessThanOrEqualTo(piece.array().length);
      for (Scratch.Piece<float[]> other : pieces) {
        boolean apart =
            other.array() != piece.array()
                || other.at() + other.length() <= piece.at()
                || piece.at() + piece.length() <= other.at();
        assertThat(apart).isTrue();
      }
      pieces.add(piece);
    }
  }

  @Test
  void whatIsGivenBackIsLentAgain() {
    Scratch<double[]> scratch = new Scratch<>(DoubleElements.INSTANCE);
    Scratch.Piece<double[]> small = scratch.borrow(100);
    Scratch.Piece<double[]> large = scratch.borrow(100_000);
    assertThat(small.at() % (LINE / 2)).isEqualTo(FIRST / 2);
    scratch.giveBack(large);
    scratch.giveBack(small);
    assertThat(scratch.borrow(1024)).isSameAs(small);
    assertThat(scratch.borrow(1024)).isSameAs(large);
    assertThat(scratch.borrow(1024)).isNotSameAs(small);
  }

  @Test
  void regionsAreThoseOfTheCollector() {
    // As -XX:+PrintFlagsFinal tells of G1HeapRegionSize.
    assertThat(Scratch.region(1L << 30)).isEqualTo(1 << 20);
    assertThat(Scratch.region(6_320_816_128L)).isEqualTo(4 << 20);
    assertThat(Scratch.region(8L << 30)).isEqualTo(4 << 20);
    assertThat(Scratch.region(1L << 40)).isEqualTo(32 << 20);
  }
}
