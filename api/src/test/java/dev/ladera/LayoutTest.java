package dev.ladera;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LayoutTest {
  private final Layout layout = Layout.contiguous(Shape.of(2, 3, 4));

  @Test
  void rowMajorStrides() {
    assertThat(layout.strides()).containsExactly(12, 4, 1);
    assertThat(layout.isContiguous()).isTrue();
  }

  @Test
  void permutedAxesMoveStrides() {
    Layout permuted = layout.permute(2, 0, 1);
    assertThat(permuted.shape()).isEqualTo(Shape.of(4, 2, 3));
    assertThat(permuted.strides()).containsExactly(1, 12, 4);
    assertThat(permuted.isContiguous()).isFalse();
  }

  @Test
  void aPermutedLayoutKeepsAxesThatStillLieTogether() {
    Layout reshaped = layout.permute(2, 0, 1).reshape(Shape.of(4, 6));
    assertThat(reshaped).isNotNull();
    assertThat(reshaped.strides()).containsExactly(1, 4);
    assertThat(layout.permute(0, 2, 1).reshape(Shape.of(24))).isNull();
  }

  @Test
  void expandedAxesHaveStrideZero() {
    Layout expanded = Layout.contiguous(Shape.of(3, 1)).expand(Shape.of(2, 3, 4));
    assertThat(expanded.strides()).containsExactly(0, 1, 0);
    assertThat(expanded.overlapsItself()).isTrue();
  }

  @Test
  void flippingGoesBackwardsFromTheEnd() {
    Layout flipped = layout.slice(2, 3, 4, -1);
    assertThat(flipped.offset()).isEqualTo(3);
    assertThat(flipped.strides()).containsExactly(12, 4, -1);
  }

  @Test
  void slicesAndSelectionsMoveTheOffset() {
    assertThat(layout.slice(1, 1, 2, 1).offset()).isEqualTo(4);
    assertThat(layout.select(0, 1).offset()).isEqualTo(12);
    assertThat(layout.select(0, 1).shape()).isEqualTo(Shape.of(3, 4));
  }

  @Test
  void emptyAndOneElementLayoutsReshape() {
    assertThat(Layout.contiguous(Shape.of(0, 3)).permute(1, 0).reshape(Shape.of(0))).isNotNull();
    assertThat(Layout.contiguous(Shape.SCALAR).reshape(Shape.of(1, 1))).isNotNull();
  }
}
