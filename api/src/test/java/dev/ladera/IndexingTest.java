package dev.ladera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Picking by tensors of places and by masks. */
class IndexingTest {
  private final Device device = ArrayBackend.device();

  /** 10, 11, 12, … in a shape. */
  private Tensor counted(int... sizes) {
    Shape shape = Shape.of(sizes);
    int[] values = IntStream.range(10, 10 + (int) shape.elements()).toArray();
    return Tensor.ofArray(values, shape, device);
  }

  private Tensor places(int... values) {
    return Tensor.ofArray(values, Shape.of(values.length), device);
  }

  private Tensor places(Shape shape, long... values) {
    return Tensor.ofArray(values, shape, device);
  }

  private Tensor mask(Shape shape, boolean... values) {
    return Tensor.ofArray(values, shape, device);
  }

  private static void has(Tensor tensor, Shape shape, int... values) {
    assertThat(tensor.shape()).isEqualTo(shape);
    assertThat(tensor.toIntArray()).containsExactly(values);
  }

  private static void refused(ThrowingCallable call, Class<?> error, String message) {
    assertThatThrownBy(call).isInstanceOf(error).hasMessage(message);
  }

  @Test
  void wholeSlicesArePickedAlongAnAxis() {
    Tensor x = counted(2, 3);
    has(x.indexSelect(1, places(2, 0, 2)), Shape.of(2, 3), 12, 10, 12, 15, 13, 15);
    has(x.indexSelect(0, places(1)), Shape.of(1, 3), 13, 14, 15);
    has(x.indexSelect(-1, places(-1, -3)), Shape.of(2, 2), 12, 10, 15, 13);
    has(x.indexSelect(0, places()), Shape.of(0, 3));
    has(counted(2, 3, 2).indexSelect(1, places(1)), Shape.of(2, 1, 2), 12, 13, 18, 19);
  }

  @Test
  void indicesBroadcastAndTheirShapeTakesThePlaceOfTheIndexedAxes() {
    Tensor x = counted(2, 3);
    has(x.index(places(1, 0)), Shape.of(2, 3), 13, 14, 15, 10, 11, 12);
    has(x.index(places(0, 1), places(2, -3)), Shape.of(2), 12, 13);
    has(x.index(places(Shape.of(2, 1), 0, 1), places(0, 2)), Shape.of(2, 2), 10, 12, 13, 15);
    has(counted(2, 3, 2).index(places(1), places(2)), Shape.of(1, 2), 20, 21);
    has(x.index(places(0), places()), Shape.of(0));
  }

  @Test
  void aPlaceOutsideItsAxisIsNamed() {
    Tensor x = counted(2, 3);
    refused(
        () -> x.index(places(0), places(3)),
        IndexException.class,
        "index: index 3 is outside axis 1 of shape (2, 3)");
    refused(
        () -> x.index(places(0, 2)),
        IndexException.class,
        "index: index 2 is outside axis 0 of shape (2, 3)");
    refused(
        () -> x.index(places(1, -3, 7)),
        IndexException.class,
        "index: index -3 is outside axis 0 of shape (2, 3)");
    has(x.index(places(-2)), Shape.of(1, 3), 10, 11, 12);
  }

  @Test
  void thereIsAtLeastOneIndexAndAtMostOneAnAxis() {
    Tensor x = counted(2, 3);
    String problem = "index: indices must be at least one and at most one for each axis of (2, 3)";
    refused(() -> x.index(), ArgumentException.class, problem);
    refused(() -> x.index(places(0), places(0), places(0)), ArgumentException.class, problem);
  }

  @Test
  void indicesAreIntegersOrBool() {
    Tensor x = counted(2, 3);
    Tensor floats = Tensor.ofArray(new float[] {0}, Shape.of(1), device);
    String problem = "index: index is float32; int32, int64 or bool is needed";
    refused(() -> x.index(floats), DTypeException.class, problem);
    refused(() -> x.indexSelect(0, floats), DTypeException.class, problem);
  }

  @Test
  void aMaskPicksThePlacesWhereItHolds() {
    Tensor x = counted(2, 3);
    Tensor mask = mask(Shape.of(2, 3), true, false, false, false, true, true);
    has(x.index(mask), Shape.of(3), 10, 14, 15);
    has(x.index(mask(Shape.of(2), false, true)), Shape.of(1, 3), 13, 14, 15);
    has(x.index(places(1, 1), mask(Shape.of(3), true, false, true)), Shape.of(2), 13, 15);
    has(x.index(mask(Shape.of(2), false, false)), Shape.of(0, 3));
    Tensor first = mask(Shape.of(2, 3), true, true, false, false, false, false);
    has(counted(2, 3, 2).index(first), Shape.of(2, 2), 10, 11, 12, 13);
  }

  @Test
  void aMaskHasTheShapeOfTheAxesThatItIndexes() {
    Tensor x = counted(2, 3);
    refused(
        () -> x.index(mask(Shape.of(3), true, true, true)),
        ShapeException.class,
        "index: mask (3,) must have the shape (2,) of the axes that it indexes");
    refused(
        () -> x.index(places(0), places(0), mask(Shape.of(2), true, true)),
        ShapeException.class,
        "index: mask (2,) must have the shape () of the axes that it indexes");
    refused(
        () -> counted(2).index(mask(Shape.of(2, 2), true, true, true, true)),
        ShapeException.class,
        "index: mask (2, 2) must have the shape (2,) of the axes that it indexes");
  }

  @Test
  void aMaskMayBroadcastWhenElementsAreSelected() {
    has(
        counted(2, 3).maskedSelect(mask(Shape.of(3), true, false, true)),
        Shape.of(4),
        10,
        12,
        13,
        15);
    has(counted(2, 1).maskedSelect(mask(Shape.of(2), true, true)), Shape.of(4), 10, 10, 11, 11);
    has(counted(2).maskedSelect(mask(Shape.of(2), false, false)), Shape.of(0));
    has(counted(0).maskedSelect(mask(Shape.of(0))), Shape.of(0));
  }

  @Test
  void placesThatAreNotZeroComeInRowMajorOrder() {
    Tensor x = Tensor.ofArray(new int[] {0, 7, 0, -1, 0, 2}, Shape.of(2, 3), device);
    has(x.nonzero(), Shape.of(3, 2), 0, 1, 1, 0, 1, 2);
    has(x.select(0, 0).nonzero(), Shape.of(1, 1), 1);
    Tensor cube = Tensor.ofArray(new int[] {0, 0, 0, 0, 0, 1, 1, 0}, Shape.of(2, 2, 2), device);
    has(cube.nonzero(), Shape.of(2, 3), 1, 0, 1, 1, 1, 0);
    assertThat(x.nonzero().dtype()).isEqualTo(DType.INT64);
    has(counted(2, 0).nonzero(), Shape.of(0, 2));
  }

  @Test
  void aScalarHasOnePlaceOrNoneAndNoAxes() {
    has(Tensor.ofArray(new int[] {5}, Shape.SCALAR, device).nonzero(), Shape.of(1, 0));
    has(Tensor.ofArray(new int[] {0}, Shape.SCALAR, device).nonzero(), Shape.of(0, 0));
  }
}
