package dev.ladera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShapeTest {
  private static final Shape CUBE = Shape.of(2, 3, 4);

  @Test
  void sizesAndElements() {
    assertThat(CUBE.rank()).isEqualTo(3);
    assertThat(CUBE.elements()).isEqualTo(24);
    assertThat(CUBE.size(0)).isEqualTo(2);
    assertThat(CUBE.size(2)).isEqualTo(4);
    assertThat(CUBE.size(-1)).isEqualTo(4);
    assertThat(CUBE.size(-3)).isEqualTo(2);
    assertThat(CUBE.toArray()).containsExactly(2, 3, 4);
    assertThat(CUBE.toList()).containsExactly(2, 3, 4);
    assertThat(Shape.of(List.of(2, 3, 4))).isEqualTo(CUBE);
    assertThat(Shape.of(0, 3).elements()).isZero();
    assertThat(Shape.SCALAR.elements()).isEqualTo(1);
    assertThat(Shape.of()).isEqualTo(Shape.SCALAR);
  }

  @Test
  void itPrintsLikeATuple() {
    assertThat(CUBE).hasToString("(2, 3, 4)");
    assertThat(Shape.of(3)).hasToString("(3,)");
    assertThat(Shape.SCALAR).hasToString("()");
  }

  @Test
  void itIsImmutable() {
    int[] sizes = {2, 3};
    Shape shape = Shape.of(sizes);
    sizes[0] = 7;
    shape.toArray()[1] = 7;
    assertThat(shape).isEqualTo(Shape.of(2, 3));
  }

  @Test
  void equalSizesMakeEqualShapes() {
    assertThat(CUBE).isEqualTo(Shape.of(2, 3, 4)).hasSameHashCodeAs(Shape.of(2, 3, 4));
    assertThat(CUBE).isNotEqualTo(Shape.of(2, 4, 3)).isNotEqualTo("shape");
    assertThat(CUBE.hashCode()).isNotEqualTo(Shape.of(2, 4, 3).hashCode());
  }

  @Test
  void anAxisThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> Shape.of(2, 3).axis("sum", 2))
        .isInstanceOf(IndexException.class)
        .hasMessage("sum: axis 2 does not exist in shape (2, 3); use -2 to 1");
    assertThatThrownBy(() -> Shape.of(2, 3).axis("sum", -3)).isInstanceOf(IndexException.class);
    assertThatThrownBy(() -> Shape.SCALAR.axis("sum", 0))
        .hasMessage("sum: axis 0 does not exist in shape (); use a tensor with axes");
    assertThat(Shape.of(2, 3).axis("sum", 1)).isEqualTo(1);
    assertThat(Shape.of(2, 3).axis("sum", -2)).isZero();
  }

  @Test
  void sizesAreNotNegativeAndElementsFewerThanTwoToThe63() {
    assertThatThrownBy(() -> Shape.of(2, -1))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("shape: sizes must not be negative: (2, -1)");
    int most = Integer.MAX_VALUE;
    assertThat(Shape.of(most, most, 2).elements()).isEqualTo(2L * most * most);
    assertThatThrownBy(() -> Shape.of(1 << 30, 1 << 30, 1 << 3))
        .isInstanceOf(ArgumentException.class)
        .hasMessage(
            "shape: sizes must be of fewer than 2^63 elements: (1073741824, 1073741824, 8)");
    assertThatThrownBy(() -> Shape.of(1 << 30, 1 << 30, 1 << 30))
        .isInstanceOf(ArgumentException.class);
    assertThatThrownBy(() -> Shape.of(most, most, 2, 2)).isInstanceOf(ArgumentException.class);
  }

  @Test
  void oneAxisIsChangedTakenOutOrPutIn() {
    assertThat(CUBE.with(1, 7)).isEqualTo(Shape.of(2, 7, 4));
    assertThat(CUBE.with(-1, 7)).isEqualTo(Shape.of(2, 3, 7));
    assertThat(CUBE.without(0)).isEqualTo(Shape.of(3, 4));
    assertThat(CUBE.without(1)).isEqualTo(Shape.of(2, 4));
    assertThat(CUBE.without(-1)).isEqualTo(Shape.of(2, 3));
    assertThat(Shape.of(5).without(0)).isEqualTo(Shape.SCALAR);
    assertThat(CUBE.insert(0, 7)).isEqualTo(Shape.of(7, 2, 3, 4));
    assertThat(CUBE.insert(2, 7)).isEqualTo(Shape.of(2, 3, 7, 4));
    assertThat(CUBE.insert(3, 7)).isEqualTo(Shape.of(2, 3, 4, 7));
    assertThat(CUBE).isEqualTo(Shape.of(2, 3, 4));
  }

  @Test
  void shapesAreCutAndJoined() {
    assertThat(CUBE.slice(1, 3)).isEqualTo(Shape.of(3, 4));
    assertThat(CUBE.slice(0, 2)).isEqualTo(Shape.of(2, 3));
    assertThat(CUBE.slice(1, 1)).isEqualTo(Shape.SCALAR);
    assertThat(CUBE.slice(3, 3)).isEqualTo(Shape.SCALAR);
    assertThat(CUBE.concat(Shape.of(5, 6))).isEqualTo(Shape.of(2, 3, 4, 5, 6));
    assertThat(Shape.SCALAR.concat(Shape.SCALAR)).isEqualTo(Shape.SCALAR);
  }

  @Test
  void aCutDoesNotMakeUpAxes() {
    assertThatThrownBy(() -> CUBE.slice(1, 4))
        .isInstanceOf(IndexException.class)
        .hasMessage("shape: axes 1 to 4 are not in shape (2, 3, 4)");
    assertThatThrownBy(() -> CUBE.slice(2, 1)).isInstanceOf(IndexException.class);
    assertThatThrownBy(() -> CUBE.slice(-1, 1)).isInstanceOf(IndexException.class);
  }

  @Test
  void broadcastingAlignsAtTheLastAxis() {
    assertThat(Shape.of(4, 1, 3).broadcast("add", Shape.of(2, 1))).isEqualTo(Shape.of(4, 2, 3));
    assertThat(Shape.of(2, 1).broadcast("add", Shape.of(4, 1, 3))).isEqualTo(Shape.of(4, 2, 3));
    assertThat(Shape.of(0, 3).broadcast("add", Shape.of(1, 3))).isEqualTo(Shape.of(0, 3));
    assertThat(Shape.of(1).broadcast("add", Shape.of(0))).isEqualTo(Shape.of(0));
    assertThat(Shape.SCALAR.broadcast("add", Shape.of(5))).isEqualTo(Shape.of(5));
    assertThat(Shape.of(5).broadcast("add", Shape.SCALAR)).isEqualTo(Shape.of(5));
    assertThat(CUBE.broadcast("add", Shape.of(2, 3, 4))).isEqualTo(CUBE);
  }

  @Test
  void shapesThatDoNotBroadcastNameTheAxisAndBothShapes() {
    assertThatThrownBy(() -> Shape.of(2, 3).broadcast("add", Shape.of(4, 3)))
        .isInstanceOf(ShapeException.class)
        .hasMessage(
            "add: shapes (2, 3) and (4, 3) do not broadcast: axis -2 has sizes 2 and 4;"
                + " sizes must be equal, or one of them 1");
    assertThatThrownBy(() -> Shape.of(0).broadcast("add", Shape.of(2)))
        .isInstanceOf(ShapeException.class);
  }

  @Test
  void aShapeBroadcastsToLargerOnes() {
    assertThat(Shape.of(3, 1).broadcastsTo(Shape.of(2, 3, 4))).isTrue();
    assertThat(Shape.SCALAR.broadcastsTo(CUBE)).isTrue();
    assertThat(CUBE.broadcastsTo(CUBE)).isTrue();
    assertThat(Shape.of(1, 4).broadcastsTo(Shape.of(0, 4))).isTrue();
    assertThat(CUBE.broadcastsTo(Shape.of(3, 4))).isFalse();
    assertThat(Shape.of(3, 4).broadcastsTo(Shape.of(3, 1))).isFalse();
    assertThat(Shape.of(5, 4).broadcastsTo(CUBE)).isFalse();
    assertThat(Shape.of(3, 5).broadcastsTo(CUBE)).isFalse();
    assertThat(Shape.of(1, 3, 4).broadcastsTo(Shape.of(3, 4))).isFalse();
  }
}
