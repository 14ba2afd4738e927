package dev.ladera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What axes become. */
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
        "reshape: 4294967296 elements of shape (65536, 65536) do not fit along one axis,"
            + " which has at most 2147483647 places; use smaller batches");
    refused(
        () -> wide.unsqueeze(0).flatten(1, 2),
        ShapeException.class,
        "flatten: 4294967296 elements of shape (1, 65536, 65536) do not fit along one axis,"
            + " which has at most 2147483647 places; use smaller batches");
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

  @Test
  void aReshapeIsAViewWhereItCanBeAndElseACopy() {
    Tensor x = counted(2, 3);
    assertThat(x.reshape(3, 2).storage()).isSameAs(x.storage());
    assertThat(x.reshape(2, 3)).isSameAs(x);
    Tensor copied = x.t().reshape(6);
    assertThat(copied.storage()).isNotSameAs(x.storage());
    has(copied, Shape.of(6), 1, 4, 2, 5, 3, 6);
    refused(
        () -> x.reshape(4),
        ShapeException.class,
        "reshape: shape (2, 3) has 6 elements, shape (4,) has 4");
    refused(
        () -> x.t().reshape(4),
        ShapeException.class,
        "reshape: shape (3, 2) has 6 elements, shape (4,) has 4");
  }

  @Test
  void flatteningMakesAxesOne() {
    Tensor x = counted(2, 3, 2, 2);
    assertThat(x.flatten().shape()).isEqualTo(Shape.of(24));
    assertThat(x.flatten(1, 2).shape()).isEqualTo(Shape.of(2, 6, 2));
    assertThat(x.flatten(-2, -1).shape()).isEqualTo(Shape.of(2, 3, 4));
    assertThat(x.flatten(0, 0)).isSameAs(x);
    assertThat(counted().flatten(0, -1).shape()).isEqualTo(Shape.of(1));
    refused(() -> x.flatten(2, 1), ArgumentException.class, "flatten: last 1 lies before first 2");
  }

  @Test
  void axesAreReordered() {
    Tensor x = counted(1, 2, 3);
    has(x.permute(2, 0, -2), Shape.of(3, 1, 2), 1, 4, 2, 5, 3, 6);
    has(x.transpose(0, -1), Shape.of(3, 2, 1), 1, 4, 2, 5, 3, 6);
    has(x.t(), Shape.of(1, 3, 2), 1, 4, 2, 5, 3, 6);
    Tensor vector = counted(3);
    assertThat(vector.t()).isSameAs(vector);
    assertThat(counted(2, 3).t().shape()).isEqualTo(Shape.of(3, 2));
  }

  @Test
  void axesOfSizeOneComeAndGo() {
    Tensor x = counted(1, 2, 1);
    assertThat(x.squeeze().shape()).isEqualTo(Shape.of(2));
    assertThat(x.squeeze(0).shape()).isEqualTo(Shape.of(2, 1));
    assertThat(x.squeeze(-1).shape()).isEqualTo(Shape.of(1, 2));
    assertThat(x.squeeze(1)).isSameAs(x);
    assertThat(x.unsqueeze(0).shape()).isEqualTo(Shape.of(1, 1, 2, 1));
    assertThat(x.unsqueeze(2).shape()).isEqualTo(Shape.of(1, 2, 1, 1));
    assertThat(counted(2, 3).unsqueeze(-1).shape()).isEqualTo(Shape.of(2, 3, 1));
    assertThat(counted(2, 3).unsqueeze(2).shape()).isEqualTo(Shape.of(2, 3, 1));
    assertThat(counted(2, 3).unsqueeze(-3).shape()).isEqualTo(Shape.of(1, 2, 3));
    for (int axis : new int[] {3, -4}) {
      refused(
          () -> counted(2, 3).unsqueeze(axis),
          IndexException.class,
          "unsqueeze: axis " + axis + " is no place for a new axis in shape (2, 3); use -3 to 2");
    }
  }

  @Test
  void expandingToTheSameShapeIsNothing() {
    Tensor x = counted(2, 3);
    assertThat(x.expand(2, 3)).isSameAs(x);
    assertThat(x.expand(1, 2, 3).storage()).isSameAs(x.storage());
  }

  @Test
  void axesAreTurnedRound() {
    has(counted(2, 3).flip(1), Shape.of(2, 3), 3, 2, 1, 6, 5, 4);
    has(counted(2, 3).flip(0, -1), Shape.of(2, 3), 6, 5, 4, 3, 2, 1);
    refused(
        () -> counted(2, 3).flip(1, -1), ArgumentException.class, "flip: axes name axis 1 twice");
  }

  /** The places that Python's {@code range(size)[start:end:step]} holds. */
  private static int[] python(int size, int start, int end, int step) {
    int least = step < 0 ? -1 : 0;
    int most = step < 0 ? size - 1 : size;
    int at = Math.clamp(start < 0 ? start + size : start, least, Math.max(least, most));
    int stop = Math.clamp(end < 0 ? end + size : end, least, Math.max(least, most));
    return IntStream.iterate(at, i -> step < 0 ? i > stop : i < stop, i -> i + step).toArray();
  }

  @Test
  void slicesAreAsInPython() {
    for (int size = 0; size <= 4; size++) {
      Tensor x = counted(size);
      for (int start = -6; start <= 6; start++) {
        for (int end = -6; end <= 6; end++) {
          for (int step : new int[] {-5, -2, -1, 1, 2, 5}) {
            int[] places = IntStream.of(python(size, start, end, step)).map(i -> i + 1).toArray();
            assertThat(x.slice(0, start, end, step).toIntArray())
                .as("range(%d)[%d:%d:%d]", size, start, end, step)
                .containsExactly(places);
          }
        }
      }
    }
  }

  @Test
  void slicesReachAnyDistance() {
    int most = Integer.MAX_VALUE;
    int least = Integer.MIN_VALUE;
    Tensor x = counted(2, 3);
    has(x.slice(-1, least, most, 1), Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
    has(x.slice(1, 0, most, most), Shape.of(2, 1), 1, 4);
    has(x.slice(1, most, least, -1), Shape.of(2, 3), 3, 2, 1, 6, 5, 4);
    has(x.slice(1, 2, least, least), Shape.of(2, 1), 3, 6);
    has(x.slice(1, 1, 3), Shape.of(2, 2), 2, 3, 5, 6);
    assertThat(x.slice(1, 0, 3)).isSameAs(x);
    refused(() -> x.slice(0, 0, 1, 0), ArgumentException.class, "slice: step must not be 0");
  }

  @Test
  void narrowingTakesExactlyThePlacesAskedFor() {
    Tensor x = counted(2, 3);
    has(x.narrow(1, 1, 2), Shape.of(2, 2), 2, 3, 5, 6);
    has(x.narrow(1, 0, 3), Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
    has(x.narrow(-1, -1, 1), Shape.of(2, 1), 3, 6);
    has(x.narrow(1, -3, 1), Shape.of(2, 1), 1, 4);
    assertThat(x.narrow(0, 2, 0).shape()).isEqualTo(Shape.of(0, 3));
    beyond(() -> x.narrow(1, 2, 2), "2 places from 2 on", 3);
    beyond(() -> x.narrow(1, 0, 5), "5 places from 0 on", 4);
    beyond(() -> x.narrow(1, -4, 2), "2 places from -4 on", -4);
    beyond(() -> x.narrow(1, 4, 0), "0 places from 4 on", 3);
    refused(
        () -> x.narrow(1, 0, -1),
        ArgumentException.class,
        "narrow: length must not be negative, not -1");
  }

  private static void beyond(ThrowingCallable call, String places, long index) {
    assertThatThrownBy(call)
        .isInstanceOf(IndexException.class)
        .hasMessage("narrow: " + places + " are more than axis 1 of shape (2, 3) has")
        .extracting(error -> ((IndexException) error).index())
        .isEqualTo(index);
  }

  @Test
  void onePlaceIsSelectedFromEitherEnd() {
    Tensor x = counted(2, 3);
    has(x.select(1, 2), Shape.of(2), 3, 6);
    has(x.select(1, -1), Shape.of(2), 3, 6);
    has(x.select(-1, -3), Shape.of(2), 1, 4);
    has(x.select(0, 0), Shape.of(3), 1, 2, 3);
    for (int index : new int[] {3, -4}) {
      refused(
          () -> x.select(1, index),
          IndexException.class,
          "select: index " + index + " is outside axis 1 of shape (2, 3); use 0 to 2");
    }
  }

  @Test
  void tensorsAreCutIntoPartsOfASizeOrIntoSoMany() {
    Tensor x = counted(5);
    assertThat(x.split(2, 0)).extracting(part -> part.size(0)).containsExactly(2, 2, 1);
    assertThat(x.split(5, 0)).extracting(part -> part.size(0)).containsExactly(5);
    assertThat(x.split(9, 0)).extracting(part -> part.size(0)).containsExactly(5);
    has(x.split(2, -1).get(1), Shape.of(2), 3, 4);
    assertThat(x.chunk(2, 0)).extracting(part -> part.size(0)).containsExactly(3, 2);
    assertThat(x.chunk(4, 0)).extracting(part -> part.size(0)).containsExactly(2, 2, 1);
    assertThat(x.chunk(9, 0)).hasSize(5);
    assertThat(x.chunk(1, 0)).hasSize(1);
    assertThat(counted(0).chunk(2, 0)).isEmpty();
    assertThat(counted(0).split(2, 0)).isEmpty();
    refused(() -> x.split(0, 0), ArgumentException.class, "split: size must be at least 1, not 0");
    refused(() -> x.chunk(0, 0), ArgumentException.class, "chunk: parts must be at least 1, not 0");
  }

  @Test
  void whatLeavesAtTheEndComesInAtTheBeginning() {
    Tensor x = counted(2, 3);
    has(x.roll(1, 1), Shape.of(2, 3), 3, 1, 2, 6, 4, 5);
    has(x.roll(-1, -1), Shape.of(2, 3), 2, 3, 1, 5, 6, 4);
    has(x.roll(4, 1), Shape.of(2, 3), 3, 1, 2, 6, 4, 5);
    has(x.roll(Integer.MIN_VALUE, 1), Shape.of(2, 3), 3, 1, 2, 6, 4, 5);
    assertThat(x.roll(3, 1)).isSameAs(x);
    assertThat(counted(0).roll(3, 0).shape()).isEqualTo(Shape.of(0));
  }

  @Test
  void aBroadcastIsUndoneBySumming() {
    Tensor x = counted(2, 3);
    assertThat(x.sumTo(Shape.of(2, 3))).isSameAs(x);
    has(x.sumTo(Shape.of(3)), Shape.of(3), 5, 7, 9);
    has(x.sumTo(Shape.of(2, 1)), Shape.of(2, 1), 6, 15);
    has(x.sumTo(Shape.of(1, 3)), Shape.of(1, 3), 5, 7, 9);
    has(x.sumTo(Shape.SCALAR), Shape.SCALAR, 21);
    has(counted(1, 3).sumTo(Shape.of(3)), Shape.of(3), 1, 2, 3);
    has(counted(2, 1).sumTo(Shape.of(1, 1)), Shape.of(1, 1), 3);
    refused(
        () -> x.sumTo(Shape.of(2)),
        ShapeException.class,
        "sumTo: shape (2,) does not broadcast to (2, 3)");
  }
}
