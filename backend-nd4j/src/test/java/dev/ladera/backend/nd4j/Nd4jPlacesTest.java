package dev.ladera.backend.nd4j;

import static dev.ladera.backend.nd4j.Twin.data;
import static dev.ladera.backend.nd4j.Twin.places;
import static dev.ladera.backend.nd4j.Twin.sameOne;
import static dev.ladera.backend.nd4j.Twin.special;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ladera.DType;
import dev.ladera.Dispatcher;
import dev.ladera.IndexException;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.op.Primitive;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Operators that pick, put and make elements, against the reference backend. */
class Nd4jPlacesTest {
  private static final List<DType> ALL = List.of(DType.values());

  @TestFactory
  Stream<DynamicTest> gathersFromAllTypesAlongAllAxes() {
    return ALL.stream()
        .flatMap(dtype ->
            Stream.of(
                sameOne(
                    dtype + " axis 0",
                    d -> special(d, dtype, 5, 3, 4).gather(0, places(d, 5, 7, 3, 2))),
                sameOne(
                    dtype + " axis 2 of a view",
                    d ->
                        special(d, dtype, 4, 3, 5)
                            .transpose(0, 2)
                            .flip(1)
                            .gather(2, places(d, 4, 2, 9, 3).transpose(1, 2))),
                sameOne(
                    dtype + " rows by an expanded index",
                    d ->
                        special(d, dtype, 5, 6)
                            .gather(0, places(d, 5, 8, 1).to(DType.INT32).expand(8, 6))),
                sameOne(dtype + " nothing", d -> special(d, dtype, 5).gather(0, places(d, 5, 0)))));
  }

  @TestFactory
  Stream<DynamicTest> addsAtPlacesInAllNumberTypes() {
    return ALL.stream()
        .filter(dtype -> dtype != DType.BOOL)
        .flatMap(dtype ->
            Stream.of(
                sameOne(
                    dtype + " with repeats",
                    d ->
                        data(d, dtype, 3, 4)
                            .scatterAdd(0, places(d, 3, 20, 4), data(d, dtype, 20, 4))),
                sameOne(
                    dtype + " views",
                    d ->
                        data(d, dtype, 4, 5)
                            .t()
                            .scatterAdd(
                                1,
                                places(d, 4, 5, 1).expand(5, 3),
                                data(d, dtype, 3).expand(5, 3))),
                sameOne(
                    dtype + " nothing",
                    d -> data(d, dtype, 3).scatterAdd(0, places(d, 3, 0), data(d, dtype, 0)))));
  }

  @Test
  void anIndexOutsideIsRefusedByNumber() {
    Tensor x = data(Twin.ND4J, DType.FLOAT32, 3, 2);
    for (long wrong : new long[] {3, -1, 1L << 40}) {
      Tensor index = Tensor.ofArray(new long[] {0, wrong}, Shape.of(1, 2), Twin.ND4J);
      assertThatThrownBy(() -> x.gather(0, index))
          .isInstanceOfSatisfying(
              IndexException.class,
              e -> {
                assertThat(e.index()).isEqualTo(wrong);
                assertThat(e.size()).isEqualTo(3);
              })
          .hasMessage("gather: index " + wrong + " is outside axis 0 of shape (3, 2)");
      assertThatThrownBy(() -> x.scatterAdd(0, index, x.slice(0, 0, 1)))
          .isInstanceOf(IndexException.class);
    }
  }

  @TestFactory
  Stream<DynamicTest> joinsAndPadsAllTypes() {
    return ALL.stream()
        .flatMap(dtype ->
            Stream.of(
                sameOne(
                    dtype + " concat views",
                    d ->
                        Dispatcher.call(
                            new Primitive.Concat(1),
                            special(d, dtype, 3, 2),
                            special(d, dtype, 4, 3).t(),
                            special(d, dtype, 3, 0),
                            special(d, dtype, 3, 1).expand(3, 5))),
                sameOne(
                    dtype + " concat in front",
                    d ->
                        Dispatcher.call(
                            new Primitive.Concat(0),
                            special(d, dtype, 0, 2),
                            special(d, dtype, 3, 2))),
                sameOne(
                    dtype + " pad around and between",
                    d ->
                        Dispatcher.call(
                            new Primitive.Pad(
                                List.of(1, 0, 2), List.of(0, 3, 1), List.of(0, 1, 2), -1.5),
                            special(d, dtype, 3, 2, 4).flip(0))),
                sameOne(
                    dtype + " pad nothing",
                    d ->
                        Dispatcher.call(
                            new Primitive.Pad(List.of(1, 0), List.of(1, 1), List.of(3, 0), 1),
                            special(d, dtype, 0, 2))),
                sameOne(dtype + " number", d -> special(d, dtype))));
  }

  @TestFactory
  Stream<DynamicTest> createsAllTypes() {
    List<Number> numbers =
        List.of(0, 1, -7, 2.5, -0.0, Double.NaN, 1e300, Long.MAX_VALUE, (1L << 53) + 1);
    return ALL.stream()
        .flatMap(dtype ->
            Stream.concat(
                numbers.stream()
                    .map(number ->
                        sameOne(
                            dtype + " full of " + number,
                            d -> Tensor.full(Shape.of(2, 3), number, dtype, d))),
                dtype == DType.BOOL
                    ? Stream.of()
                    : Stream.of(
                        sameOne(
                            dtype + " range",
                            d -> Dispatcher.create(new Primitive.Arange(-2, 3, 7, dtype), d)))));
  }

  @TestFactory
  Stream<DynamicTest> randomBitsAreThoseOfPhilox() {
    return Stream.of(1, 3, 4, 5, 1001)
        .map(count ->
            sameOne(
                count + " words",
                d ->
                    Dispatcher.create(
                        new Primitive.RandomBits(0x1234_5678_9ABC_DEF0L, -2, count), d)));
  }
}
