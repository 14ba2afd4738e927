package dev.ladera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What axes become: reshaping, expanding, padding, repeating, triangles. */
class ShapeOpsTest {
  private final Device device = ArrayBackend.device();

  /** 1, 2, 3, … in a shape. */
  private Tensor counted(int... sizes) {
    Shape shape = Shape.of(sizes);
    double[] values = IntStream.rangeClosed(1, (int) shape.elements()).asDoubleStream().toArray();
    return Tensor.ofArray(values, shape, device);
  }

  private static void has(Tensor tensor, Shape shape, double... values) {
    assertThat(tensor.shape()).isEqualTo(shape);
    assertThat(tensor.toDoubleArray()).containsExactly(values);
  }

  private static void refused(ThrowingCallable call, Class<?> error, String message) {
    assertThatThrownBy(call).isInstanceOf(error).hasMessage(message);
  }

  @Test
  void anOpenSizeFollowsFromTheOthers() {
    Tensor x = counted(2, 6);
    assertThat(x.reshape(3, -1).shape()).isEqualTo(Shape.of(3, 4));
    assertThat(x.reshape(-1, 2, 2).shape()).isEqualTo(Shape.of(3, 2, 2));
    assertThat(x.reshape(-1).shape()).isEqualTo(Shape.of(12));
    assertThat(x.reshape(4, 3).shape()).isEqualTo(Shape.of(4, 3));
    assertThat(counted(0, 3).reshape(-1, 3).shape()).isEqualTo(Shape.of(0, 3));
    assertThat(counted(0, 3).reshape(5, 0).shape()).isEqualTo(Shape.of(5, 0));
    assertThat(counted(1).reshape().shape()).isEqualTo(Shape.SCALAR);
  }

  @Test
  void sizesThatCannotBeAreRefused() {
    Tensor x = counted(2, 6);
    refused(
        () -> x.reshape(5, -1),
        ShapeException.class,
        "reshape: shape (2, 6) has 12 elements, which [5, -1] cannot divide");
    refused(
        () -> counted(0, 3).reshape(0, -1),
        ShapeException.class,
        "reshape: shape (0, 3) has 0 elements, which [0, -1] cannot divide");
    refused(
        () -> x.reshape(-1, -1),
        ArgumentException.class,
        "reshape: sizes may leave only one size open as -1");
    refused(
        () -> x.reshape(-1, 2, -1),
        ArgumentException.class,
        "reshape: sizes may leave only one size open as -1");
    refused(
        () -> x.reshape(-2, -6),
        ArgumentException.class,
        "reshape: sizes [-2, -6] must not be negative, but for one -1 that follows from the others");
  }

  @Test
  void anAxisLongerThanAnIntIsRefused() {
    Tensor wide = counted(1).expand(1 << 16, 1 << 16);
    refused(
        () -> wide.reshape(-1),
        ShapeException.class,
        "reshape: an axis of 4294967296 places of shape (65536, 65536) is too long; at most"
            + " 2147483647 are possible");
    refused(
        () -> counted(0, 4).repeat(1, 1, 1 << 30),
        ArgumentException.class,
        "repeat: times [1, 1, 1073741824] make axis 1 of (0, 4) longer than 2147483647 places");
    int most = Integer.MAX_VALUE;
    assertThat(counted(1).expand(1, most).reshape(-1).shape()).isEqualTo(Shape.of(most));
    assertThat(counted(0, 1).repeat(1, most).shape()).isEqualTo(Shape.of(0, most));
  }

  @Test
  void minusOneKeepsASizeWhenExpanding() {
    Tensor x = counted(3, 1);
    assertThat(x.expand(-1, 4).shape()).isEqualTo(Shape.of(3, 4));
    assertThat(x.expand(2, -1, -1).shape()).isEqualTo(Shape.of(2, 3, 1));
    has(counted(2, 1).expand(-1, 2), Shape.of(2, 2), 1, 1, 2, 2);
    refused(
        () -> x.expand(-1, 3, 4),
        ArgumentException.class,
        "expand: sizes cannot keep axis 0, which is new");
    refused(
        () -> x.expand(4),
        ShapeException.class,
        "expand: shape (3, 1) does not expand to (4,); only axes of size 1 and missing leading axes"
            + " can be repeated");
  }

  @Test
  void paddingBeginsAtTheLastAxis() {
    has(counted(2).pad(9, 1, 2), Shape.of(5), 9, 1, 2, 9, 9);
    has(counted(1, 2).pad(9, 1, 0), Shape.of(1, 3), 9, 1, 2);
    has(counted(1, 2).pad(9, 0, 1, 1, 0), Shape.of(2, 3), 9, 9, 9, 1, 2, 9);
    has(counted(2).pad(9), Shape.of(2), 1, 2);
  }

  @Test
  void negativePaddingCuts() {
    has(counted(4).pad(9, -1, -2), Shape.of(1), 2);
    has(counted(4).pad(9, -1, 1), Shape.of(4), 2, 3, 4, 9);
    has(counted(4).pad(9, 1, -1), Shape.of(4), 9, 1, 2, 3);
    has(counted(2, 3).pad(9, -1, 0, 0, -1), Shape.of(1, 2), 2, 3);
    assertThat(counted(4).pad(9, -2, -2).shape()).isEqualTo(Shape.of(0));
    has(counted(3).pad(9, -3, 1), Shape.of(1), 9);
    has(counted(3).pad(9, 1, -3), Shape.of(1), 9);
  }

  @Test
  void noMoreIsCutThanThereIsHoweverMuchIsPutOnTheOtherSide() {
    refused(
        () -> counted(3).pad(9, 1, -4),
        ShapeException.class,
        "pad: amounts 1 and -4 cut more than axis 0 of (3,) has");
    refused(
        () -> counted(3).pad(9, -4, 1),
        ShapeException.class,
        "pad: amounts -4 and 1 cut more than axis 0 of (3,) has");
    refused(
        () -> counted(4).pad(9, -2, -3),
        ShapeException.class,
        "pad: amounts -2 and -3 cut more than axis 0 of (4,) has");
    refused(
        () -> counted(4).pad(9, Integer.MIN_VALUE, Integer.MIN_VALUE),
        ShapeException.class,
        "pad: amounts -2147483648 and -2147483648 cut more than axis 0 of (4,) has");
  }

  @Test
  void amountsOfPaddingArePairs() {
    String problem = "pad: amounts must be pairs, at most one for each axis of (4,)";
    refused(() -> counted(4).pad(9, 1), ArgumentException.class, problem);
    refused(() -> counted(4).pad(9, 1, 1, 1, 1), ArgumentException.class, problem);
  }

  @Test
  void repeatingTilesEachAxisAndNewOnesBefore() {
    has(counted(2).repeat(3), Shape.of(6), 1, 2, 1, 2, 1, 2);
    has(counted(2, 1).repeat(1, 2), Shape.of(2, 2), 1, 1, 2, 2);
    has(counted(1, 2).repeat(2, 2), Shape.of(2, 4), 1, 2, 1, 2, 1, 2, 1, 2);
    has(counted(2).repeat(2, 1), Shape.of(2, 2), 1, 2, 1, 2);
    assertThat(counted(2, 3).repeat(0, 2).shape()).isEqualTo(Shape.of(0, 6));
    refused(
        () -> counted(2, 3).repeat(2),
        ArgumentException.class,
        "repeat: times must have at least one entry for each axis of (2, 3)");
    refused(
        () -> counted(2, 3).repeat(1, -1),
        ArgumentException.class,
        "repeat: times [1, -1] must not be negative");
  }

  @Test
  void trianglesKeepOneSideOfADiagonal() {
    Tensor x = counted(2, 3);
    has(x.tril(0), x.shape(), 1, 0, 0, 4, 5, 0);
    has(x.tril(1), x.shape(), 1, 2, 0, 4, 5, 6);
    has(x.tril(-1), x.shape(), 0, 0, 0, 4, 0, 0);
    has(x.triu(0), x.shape(), 1, 2, 3, 0, 5, 6);
    has(x.triu(1), x.shape(), 0, 2, 3, 0, 0, 6);
    has(x.triu(-1), x.shape(), 1, 2, 3, 4, 5, 6);
    has(counted(2, 1, 2).tril(0), Shape.of(2, 1, 2), 1, 0, 3, 0);
    refused(() -> counted(3).tril(0), ShapeException.class, "tril: shape (3,) has no matrices");
    refused(() -> counted(3).triu(0), ShapeException.class, "triu: shape (3,) has no matrices");
  }
}
