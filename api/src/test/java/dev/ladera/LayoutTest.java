package dev.ladera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayoutTest {
  private final Layout layout = Layout.contiguous(Shape.of(2, 3, 4));

  @Test
  void rowMajorStrides() {
    assertThat(layout.strides()).containsExactly(12, 4, 1);
    assertThat(layout.stride(0)).isEqualTo(12);
    assertThat(layout.rank()).isEqualTo(3);
    assertThat(layout.isContiguous()).isTrue();
    assertThat(Layout.contiguous(Shape.of(2, 0, 4)).strides()).containsExactly(4, 4, 1);
  }

  @Test
  void contiguousIsWhatLiesInRowMajorOrderWithoutGapsFromAnyOffset() {
    assertThat(contiguous(Shape.of(2, 3), 3, 1)).isTrue();
    assertThat(Layout.of(Shape.of(2, 3), new long[] {3, 1}, 7).isContiguous()).isTrue();
    assertThat(contiguous(Shape.of(2, 3), 1, 2)).isFalse();
    assertThat(contiguous(Shape.of(2, 3), 4, 1)).isFalse();
    assertThat(contiguous(Shape.of(3), 2)).isFalse();
    assertThat(contiguous(Shape.of(3), -1)).isFalse();
    assertThat(contiguous(Shape.of(3), 0)).isFalse();
  }

  @Test
  void stridesOfAxesOfSizeOneAndOfNothingDoNotMatter() {
    assertThat(contiguous(Shape.of(2, 1, 3), 3, 99, 1)).isTrue();
    assertThat(contiguous(Shape.of(1, 3), 99, 1)).isTrue();
    assertThat(contiguous(Shape.of(1), 99)).isTrue();
    assertThat(contiguous(Shape.of(0, 3), 99, 99)).isTrue();
    assertThat(contiguous(Shape.SCALAR)).isTrue();
  }

  private static boolean contiguous(Shape shape, long... strides) {
    return Layout.of(shape, strides, 0).isContiguous();
  }

  @Test
  void stridesAreOneAnAxis() {
    assertThatThrownBy(() -> Layout.of(Shape.of(2, 3), new long[] {1}, 0))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("layout: strides must be one for each axis of (2, 3)");
  }

  @Test
  void permutedAxesMoveStrides() {
    Layout permuted = layout.permute(2, 0, 1);
    assertThat(permuted.shape()).isEqualTo(Shape.of(4, 2, 3));
    assertThat(permuted.strides()).containsExactly(1, 12, 4);
    assertThat(permuted.isContiguous()).isFalse();
  }

  @Test
  void expandedAxesHaveStrideZero() {
    Layout expanded = Layout.contiguous(Shape.of(3, 1)).expand(Shape.of(2, 3, 4));
    assertThat(expanded.shape()).isEqualTo(Shape.of(2, 3, 4));
    assertThat(expanded.strides()).containsExactly(0, 1, 0);
    assertThat(Layout.of(Shape.of(1, 3), new long[] {7, 1}, 5).expand(Shape.of(1, 3)))
        .isEqualTo(Layout.of(Shape.of(1, 3), new long[] {7, 1}, 5));
    assertThat(Layout.of(Shape.of(1, 3), new long[] {7, 1}, 5).expand(Shape.of(2, 1, 3)))
        .isEqualTo(Layout.of(Shape.of(2, 1, 3), new long[] {0, 7, 1}, 5));
  }

  @Test
  void onlyExpandedAxesOverlapThemselves() {
    assertThat(layout.overlapsItself()).isFalse();
    assertThat(Layout.of(Shape.of(3), new long[] {0}, 0).overlapsItself()).isTrue();
    assertThat(Layout.of(Shape.of(2, 3), new long[] {1, 0}, 0).overlapsItself()).isTrue();
    assertThat(Layout.of(Shape.of(3, 2), new long[] {0, 1}, 0).overlapsItself()).isTrue();
    assertThat(Layout.of(Shape.of(1, 3), new long[] {0, 1}, 0).overlapsItself()).isFalse();
    assertThat(Layout.contiguous(Shape.SCALAR).overlapsItself()).isFalse();
  }

  @Test
  void flippingGoesBackwardsFromTheEnd() {
    Layout flipped = layout.slice(2, 3, 4, -1);
    assertThat(flipped.offset()).isEqualTo(3);
    assertThat(flipped.strides()).containsExactly(12, 4, -1);
  }

  @Test
  void slicesAndSelectionsMoveTheOffset() {
    assertThat(layout.slice(1, 1, 2, 2))
        .isEqualTo(Layout.of(Shape.of(2, 2, 4), new long[] {12, 8, 1}, 4));
    assertThat(layout.slice(1, 2, 0, 1).offset()).isZero();
    assertThat(layout.select(0, 1)).isEqualTo(Layout.of(Shape.of(3, 4), new long[] {4, 1}, 12));
    assertThat(layout.select(1, 2)).isEqualTo(Layout.of(Shape.of(2, 4), new long[] {12, 1}, 8));
    assertThat(layout.select(2, 3)).isEqualTo(Layout.of(Shape.of(2, 3), new long[] {12, 4}, 3));
    assertThat(layout.slice(1, 1, 2, 1).select(0, 1).offset()).isEqualTo(16);
  }

  @Test
  void aPermutedLayoutKeepsAxesThatStillLieTogether() {
    Layout reshaped = layout.permute(2, 0, 1).reshape(Shape.of(4, 6));
    assertThat(reshaped).isEqualTo(Layout.of(Shape.of(4, 6), new long[] {1, 4}, 0));
    assertThat(layout.permute(0, 2, 1).reshape(Shape.of(24))).isNull();
  }

  @Test
  void emptyAndOneElementLayoutsReshape() {
    assertThat(Layout.contiguous(Shape.of(0, 3)).permute(1, 0).reshape(Shape.of(0))).isNotNull();
    assertThat(Layout.contiguous(Shape.SCALAR).reshape(Shape.of(1, 1))).isNotNull();
  }

  /** Layouts of four to twenty-four elements, of the kinds that views make. */
  private List<Layout> views() {
    return List.of(
        layout,
        layout.permute(1, 2, 0),
        layout.permute(2, 1, 0),
        layout.permute(0, 2, 1),
        layout.slice(2, 0, 2, 2),
        layout.slice(2, 3, 4, -1),
        layout.slice(0, 1, 2, -1).slice(1, 2, 3, -1).slice(2, 3, 4, -1),
        layout.slice(1, 0, 1, 1),
        layout.slice(1, 1, 1, 1).permute(2, 1, 0),
        layout.select(1, 2),
        layout.select(2, 1),
        Layout.contiguous(Shape.of(2, 1, 3)).expand(Shape.of(2, 4, 3)),
        Layout.contiguous(Shape.of(3)).expand(Shape.of(2, 2, 3)),
        Layout.contiguous(Shape.of(2, 1, 1)).expand(Shape.of(2, 3, 4)),
        Layout.of(Shape.of(2, 3, 1), new long[] {6, 2, 5}, 9),
        Layout.of(Shape.of(1, 6, 1), new long[] {5, 2, 5}, 9));
  }

  /** All shapes of so many elements, of at most four axes. */
  private static List<Shape> shapes(long elements) {
    List<Shape> shapes = new ArrayList<>();
    List<Shape> begun = List.of(Shape.SCALAR);
    for (int rank = 0; rank <= 4; rank++) {
      List<Shape> longer = new ArrayList<>();
      for (Shape shape : begun) {
        if (shape.elements() == elements) {
          shapes.add(shape);
        }
        for (int size = 1; size <= elements; size++) {
          if (elements % (shape.elements() * size) == 0) {
            longer.add(shape.insert(rank, size));
          }
        }
      }
      begun = longer;
    }
    return shapes;
  }

  /** Where the elements stand, in row-major order. */
  private static long[] places(Layout layout) {
    Shape shape = layout.shape();
    long[] places = new long[(int) shape.elements()];
    for (int flat = 0; flat < places.length; flat++) {
      places[flat] = layout.offset();
      int rest = flat;
      for (int axis = shape.rank() - 1; axis >= 0; axis--) {
        places[flat] += rest % shape.size(axis) * layout.stride(axis);
        rest /= shape.size(axis);
      }
    }
    return places;
  }

  @Test
  void aReshapeKeepsEveryElementInItsPlaceAndIsRefusedOnlyWhereACopyIsNeeded() {
    for (Layout view : views()) {
      for (Shape target : shapes(view.shape().elements())) {
        Layout reshaped = view.reshape(target);
        assertThat(reshaped != null)
            .as("%s as %s", view, target)
            .isEqualTo(strided(places(view), target));
        if (reshaped != null) {
          assertThat(reshaped.shape()).isEqualTo(target);
          assertThat(places(reshaped)).isEqualTo(places(view));
        }
      }
    }
  }

  /** Whether one stride an axis can reach these places in row-major order: by trying. */
  private static boolean strided(long[] places, Shape shape) {
    long[] strides = new long[shape.rank()];
    int step = 1;
    for (int axis = strides.length - 1; axis >= 0; axis--) {
      strides[axis] = shape.size(axis) == 1 ? 1 : places[step] - places[0];
      step *= shape.size(axis);
    }
    return Arrays.equals(places, places(Layout.of(shape, strides, places[0])));
  }

  @Test
  void equalLayoutsHaveEqualShapesStridesAndOffsets() {
    Shape shape = Shape.of(2, 3);
    Layout one = Layout.of(shape, new long[] {3, 1}, 0);
    assertThat(one).isEqualTo(Layout.contiguous(shape)).hasSameHashCodeAs(Layout.contiguous(shape));
    assertThat(one)
        .isNotEqualTo(Layout.of(shape, new long[] {3, 2}, 0))
        .isNotEqualTo(Layout.of(shape, new long[] {3, 1}, 1))
        .isNotEqualTo(Layout.of(Shape.of(3, 2), new long[] {3, 1}, 0))
        .isNotEqualTo("layout");
    assertThat(one.hashCode())
        .isNotEqualTo(Layout.of(shape, new long[] {3, 2}, 0).hashCode())
        .isNotEqualTo(Layout.of(shape, new long[] {3, 1}, 1).hashCode())
        .isNotEqualTo(Layout.of(Shape.of(3, 2), new long[] {3, 1}, 0).hashCode());
  }

  @Test
  void itIsImmutableAndPrintsItself() {
    long[] strides = {3, 1};
    Layout one = Layout.of(Shape.of(2, 3), strides, 5);
    strides[0] = 7;
    one.strides()[1] = 7;
    assertThat(one).hasToString("(2, 3) strides [3, 1] offset 5");
  }
}
