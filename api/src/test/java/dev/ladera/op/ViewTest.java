package dev.ladera.op;

import static dev.ladera.op.Inference.infer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ladera.ArgumentException;
import dev.ladera.IndexException;
import dev.ladera.Layout;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ViewTest {
  private static final Layout MATRIX = Layout.contiguous(Shape.of(2, 3));

  private static void refused(
      View view, Layout input, Class<? extends Throwable> error, String message) {
    assertThatThrownBy(() -> view.apply(input)).isInstanceOf(error).hasMessage(message);
  }

  @Test
  void viewsKeepTheElementType() {
    assertThat(infer(new View.Reshape(Shape.of(6)), "int32(2, 3)")).containsExactly("int32(6,)");
    assertThat(infer(new View.Permute(List.of(1, 0)), "bool(2, 3)")).containsExactly("bool(3, 2)");
    assertThat(infer(new View.Expand(Shape.of(4, 2, 3)), "float32(2, 1)"))
        .containsExactly("float32(4, 2, 3)");
    assertThat(infer(new View.Slice(1, 0, 2, 2), "int64(2, 3)")).containsExactly("int64(2, 2)");
    assertThat(infer(new View.Flip(0), "int64(2, 3)")).containsExactly("int64(2, 3)");
    assertThat(infer(new View.Select(0, 1), "float64(2, 3)")).containsExactly("float64(3,)");
  }

  @Test
  void viewsHaveOneInputAndTheNameOfTheirMethod() {
    List<View> views =
        List.of(
            new View.Reshape(Shape.of(6)),
            new View.Permute(List.of(1, 0)),
            new View.Expand(Shape.of(2, 3)),
            new View.Slice(0, 0, 1, 1),
            new View.Flip(0),
            new View.Select(0, 0));
    assertThat(views)
        .extracting(View::name)
        .containsExactly("reshape", "permute", "expand", "slice", "flip", "select");
    assertThatThrownBy(() -> infer(new View.Flip(0), "float32(2,)", "float32(2,)"))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("flip: inputs must be 1, not 2");
  }

  @Test
  void aReshapeKeepsTheNumberOfElements() {
    refused(
        new View.Reshape(Shape.of(4)),
        MATRIX,
        ShapeException.class,
        "reshape: shape (2, 3) has 6 elements, shape (4,) has 4");
  }

  @Test
  void aReshapeThatNeedsACopySaysSo() {
    refused(
        new View.Reshape(Shape.of(6)),
        MATRIX.permute(1, 0),
        ShapeException.class,
        "reshape: a view of (3, 2) strides [1, 3] offset 0 as (6,) needs a copy; call contiguous()"
            + " first");
  }

  @Test
  void anOrderNamesEachAxisOnce() {
    assertThat(new View.Permute(List.of(1, 0)).apply(MATRIX)).isEqualTo(MATRIX.permute(1, 0));
    assertThat(new View.Permute(List.of()).apply(Layout.contiguous(Shape.SCALAR)).rank()).isZero();
    for (List<Integer> order :
        List.of(
            List.of(0),
            List.of(0, 1, 0),
            List.of(0, 0),
            List.of(1, 1),
            List.of(0, 2),
            List.of(2, 0),
            List.of(-1, 0))) {
      refused(
          new View.Permute(order),
          MATRIX,
          ShapeException.class,
          "permute: order " + order + " is not a permutation of the axes of (2, 3)");
    }
  }

  @Test
  void onlyAxesOfSizeOneAndMissingOnesAreRepeated() {
    assertThat(new View.Expand(Shape.of(2, 3)).apply(Layout.contiguous(Shape.of(1, 3))).strides())
        .containsExactly(0, 1);
    refused(
        new View.Expand(Shape.of(4, 3)),
        MATRIX,
        ShapeException.class,
        "expand: shape (2, 3) does not expand to (4, 3); only axes of size 1 and missing leading"
            + " axes can be repeated");
  }

  @Test
  void aSliceStaysInsideItsAxis() {
    Layout ten = Layout.contiguous(Shape.of(10));
    assertThat(new View.Slice(0, 1, 3, 4).apply(ten)).isEqualTo(ten.slice(0, 1, 3, 4));
    assertThat(new View.Slice(0, 0, 10, 1).apply(ten).shape()).isEqualTo(Shape.of(10));
    assertThat(new View.Slice(0, 0, 0, 1).apply(ten).shape()).isEqualTo(Shape.of(0));
    assertThat(new View.Slice(0, 99, 0, 1).apply(ten).shape()).isEqualTo(Shape.of(0));
    leaves(new View.Slice(0, 2, 3, 4), "start 2, count 3, step 4");
    leaves(new View.Slice(0, -1, 1, 1), "start -1, count 1, step 1");
    leaves(new View.Slice(0, -1, 0, 1), "start -1, count 0, step 1");
    leaves(new View.Slice(0, 0, -1, 1), "start 0, count -1, step 1");
    leaves(new View.Slice(0, 0, 1, 0), "start 0, count 1, step 0");
    leaves(new View.Slice(0, 5, 3, 1 << 30), "start 5, count 3, step 1073741824");
  }

  private static void leaves(View.Slice slice, String numbers) {
    refused(
        slice,
        Layout.contiguous(Shape.of(10)),
        ShapeException.class,
        "slice: " + numbers + " leave axis 0 of (10,)");
  }

  @Test
  void aFlippedAxisBeginsAtItsEnd() {
    assertThat(new View.Flip(1).apply(MATRIX).offset()).isEqualTo(2);
    assertThat(new View.Flip(1).apply(MATRIX).strides()).containsExactly(3, -1);
    assertThat(new View.Flip(0).apply(Layout.contiguous(Shape.of(0, 3))).shape())
        .isEqualTo(Shape.of(0, 3));
  }

  @Test
  void aPlaceIsFromZeroToTheSizeLessOne() {
    assertThat(new View.Select(1, 0).apply(MATRIX)).isEqualTo(MATRIX.select(1, 0));
    assertThat(new View.Select(1, 2).apply(MATRIX)).isEqualTo(MATRIX.select(1, 2));
    refused(
        new View.Select(1, 3),
        MATRIX,
        IndexException.class,
        "select: index 3 is outside axis 1 of shape (2, 3); use 0 to 2");
    refused(
        new View.Select(1, -1),
        MATRIX,
        IndexException.class,
        "select: index -1 is outside axis 1 of shape (2, 3); use 0 to 2");
    refused(
        new View.Select(0, 0),
        Layout.contiguous(Shape.of(0)),
        IndexException.class,
        "select: index 0 is outside axis 0 of shape (0,), which is empty");
  }

  @Test
  void axesAreCountedFromTheFrontAndMustBeThere() {
    for (int axis : new int[] {-1, 2}) {
      for (View view :
          List.of(new View.Slice(axis, 0, 1, 1), new View.Flip(axis), new View.Select(axis, 0))) {
        refused(
            view,
            MATRIX,
            IndexException.class,
            view.name() + ": axis " + axis + " does not exist in shape (2, 3); use 0 to 1");
      }
    }
  }
}
