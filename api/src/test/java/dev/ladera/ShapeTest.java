package dev.ladera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ShapeTest {
  @Test
  void sizesAndElements() {
    Shape shape = Shape.of(2, 3, 4);
    assertThat(shape.rank()).isEqualTo(3);
    assertThat(shape.elements()).isEqualTo(24);
    assertThat(shape.size(-1)).isEqualTo(4);
    assertThat(shape).hasToString("(2, 3, 4)");
    assertThat(Shape.of(3)).hasToString("(3,)");
    assertThat(Shape.SCALAR.elements()).isEqualTo(1);
  }

  @Test
  void broadcastingAlignsAtTheLastAxis() {
    assertThat(Shape.of(4, 1, 3).broadcast("add", Shape.of(2, 1))).isEqualTo(Shape.of(4, 2, 3));
    assertThat(Shape.of(0, 3).broadcast("add", Shape.of(1, 3))).isEqualTo(Shape.of(0, 3));
    assertThat(Shape.SCALAR.broadcast("add", Shape.of(5))).isEqualTo(Shape.of(5));
  }

  @Test
  void shapesThatDoNotBroadcastNameTheAxisAndBothShapes() {
    assertThatThrownBy(() -> Shape.of(2, 3).broadcast("add", Shape.of(4, 3)))
        .isInstanceOf(ShapeException.class)
        .hasMessage(
            "add: shapes (2, 3) and (4, 3) do not broadcast: axis -2 has sizes 2 and 4;"
                + " sizes must be equal, or one of them 1");
  }

  @Test
  void anAxisThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> Shape.of(2, 3).axis("sum", 2))
        .isInstanceOf(IndexException.class)
        .hasMessage("sum: axis 2 does not exist in shape (2, 3); use -2 to 1");
  }

  @Test
  void aNegativeSizeIsRefused() {
    assertThatThrownBy(() -> Shape.of(2, -1)).isInstanceOf(ArgumentException.class);
  }
}
