package dev.ladera.backend.nd4j;

import static dev.ladera.backend.nd4j.Twin.data;
import static dev.ladera.backend.nd4j.Twin.same;
import static dev.ladera.backend.nd4j.Twin.sameOne;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Dispatcher;
import dev.ladera.Tensor;
import dev.ladera.op.Convolution;
import dev.ladera.op.Pool;
import dev.ladera.op.Primitive;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Products, convolutions and pooling against the reference backend. */
class Nd4jProductsTest {
  private static final List<DType> NUMBERS =
      List.of(DType.FLOAT32, DType.FLOAT64, DType.INT32, DType.INT64);

  private static Tensor product(Tensor left, Tensor right) {
    return Dispatcher.call(new Primitive.MatMul(), left, right);
  }

  @TestFactory
  Stream<DynamicTest> productsOfAllShapes() {
    int[][][] shapes = {
      {{3, 4}, {4, 5}},
      {{1, 4}, {4, 1}},
      {{1, 4}, {4, 5}},
      {{3, 4}, {4, 1}},
      {{1, 1}, {1, 1}},
      {{3, 1}, {1, 5}},
      {{2, 3, 4}, {4, 5}},
      {{3, 4}, {2, 4, 5}},
      {{2, 3, 4}, {2, 4, 5}},
      {{2, 1, 3, 4}, {5, 4, 2}},
      {{5, 3, 4}, {2, 1, 4, 2}},
      {{1, 3, 4}, {2, 4, 5}},
      {{2, 1, 4}, {4, 5}},
      {{2, 1, 4}, {2, 4, 1}},
      {{3, 0}, {0, 5}},
      {{0, 4}, {4, 5}},
      {{0, 3, 4}, {4, 5}},
      {{70, 40}, {40, 33}},
      {{30, 40}, {50, 40, 33}},
      {{50, 30, 40}, {1, 40, 33}},
      {{5, 1, 30, 40}, {7, 40, 33}}
    };
    return NUMBERS.stream()
        .flatMap(dtype ->
            Stream.of(shapes)
                .map(pair ->
                    sameOne(
                        dtype + " " + List.of(pair[0].length, pair[1].length),
                        device ->
                            product(data(device, dtype, pair[0]), data(device, dtype, pair[1])))));
  }

  @TestFactory
  Stream<DynamicTest> productsOfViews() {
    Map<String, Function<Tensor, Tensor>> views =
        Map.of(
            "contiguous", x -> x,
            "transposed", x -> x.reshape(4, 6).t(),
            "rows stepped", x -> x.repeat(2, 1).slice(0, 0, 12, 2),
            "columns stepped", x -> x.repeat(1, 2).slice(1, 0, 8, 2),
            "part of wider rows", x -> x.repeat(1, 3).slice(1, 5, 9),
            "part of transposed", x -> x.repeat(3, 1).reshape(4, 18).t().slice(0, 3, 9),
            "flipped", x -> x.flip(0),
            "row expanded", x -> x.slice(0, 1, 2).expand(6, 4),
            "column expanded", x -> x.slice(1, 1, 2).expand(6, 4));
    return NUMBERS.stream()
        .flatMap(dtype ->
            views.entrySet().stream()
                .flatMap(view ->
                    Stream.of(
                        sameOne(
                            dtype + " left " + view.getKey(),
                            d ->
                                product(
                                    view.getValue().apply(data(d, dtype, 6, 4)),
                                    data(d, dtype, 4, 3))),
                        sameOne(
                            dtype + " right " + view.getKey(),
                            d ->
                                product(
                                    data(d, dtype, 3, 6),
                                    view.getValue().apply(data(d, dtype, 6, 4)))),
                        sameOne(
                            dtype + " stacked " + view.getKey(),
                            d ->
                                product(
                                    view.getValue()
                                        .apply(data(d, dtype, 6, 4))
                                        .reshape(3, 2, 4)
                                        .transpose(1, 0),
                                    data(d, dtype, 4, 2))))));
  }

  @TestFactory
  Stream<DynamicTest> productsOfStacksOfViews() {
    Map<String, Function<Tensor, Tensor>> views =
        Map.of(
            "flipped", x -> x.flip(0),
            "expanded", x -> x.slice(0, 1, 2).expand(3, 4, 4),
            "flipped and transposed", x -> x.flip(0).t(),
            "stepped", x -> x.repeat(2, 1, 1).slice(0, 0, 6, 2));
    return NUMBERS.stream()
        .flatMap(dtype ->
            views.entrySet().stream()
                .flatMap(view ->
                    Stream.of(
                        sameOne(
                            dtype + " left " + view.getKey(),
                            d ->
                                product(
                                    view.getValue().apply(data(d, dtype, 3, 4, 4)),
                                    data(d, dtype, 3, 4, 2))),
                        sameOne(
                            dtype + " right " + view.getKey(),
                            d ->
                                product(
                                    data(d, dtype, 3, 5, 4),
                                    view.getValue().apply(data(d, dtype, 3, 4, 4)))))));
  }

  /** One convolution to check: its numbers, and the sizes of input and weight. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared, and seen by this class only.
  private record Conv(Convolution operator, int[] x, int[] w) {
    static Conv of(int[] x, int[] w, int stride, int padding, int dilation, int groups) {
      List<Integer> axes = Collections.nCopies(x.length - 2, 1);
      return new Conv(
          new Convolution(
              axes.stream().map(_ -> stride).toList(),
              axes.stream().map(_ -> padding).toList(),
              axes.stream().map(_ -> dilation).toList(),
              groups),
          x,
          w);
    }

    List<Integer> spatial(int[] sizes) {
      return Arrays.stream(sizes).skip(2).boxed().toList();
    }

    Tensor forward(Device device, DType dtype) {
      return Dispatcher.call(operator, data(device, dtype, x), data(device, dtype, w));
    }

    Tensor inputGradient(Device device, DType dtype) {
      Tensor g = data(device, dtype, forward(device, dtype).shape().toArray());
      return Dispatcher.call(
          new Convolution.InputGradient(operator, spatial(x)), g, data(device, dtype, w));
    }

    Tensor weightGradient(Device device, DType dtype) {
      Tensor g = data(device, dtype, forward(device, dtype).shape().toArray());
      return Dispatcher.call(
          new Convolution.WeightGradient(operator, spatial(w)), g, data(device, dtype, x));
    }
  }

  @TestFactory
  Stream<DynamicTest> convolutionsAndTheirGradients() {
    List<Conv> cases =
        List.of(
            Conv.of(new int[] {2, 3, 8}, new int[] {4, 3, 3}, 1, 0, 1, 1),
            Conv.of(new int[] {2, 4, 9}, new int[] {6, 2, 3}, 2, 1, 2, 2),
            Conv.of(new int[] {2, 3, 7, 6}, new int[] {4, 3, 3, 2}, 1, 1, 1, 1),
            Conv.of(new int[] {2, 4, 9, 8}, new int[] {4, 1, 3, 3}, 2, 2, 1, 4),
            Conv.of(new int[] {1, 2, 11, 10}, new int[] {3, 2, 3, 3}, 3, 4, 2, 1),
            Conv.of(new int[] {2, 4, 5, 5}, new int[] {6, 2, 1, 1}, 1, 0, 1, 2),
            Conv.of(new int[] {2, 2, 4, 5, 6}, new int[] {3, 2, 2, 3, 2}, 1, 1, 1, 1),
            Conv.of(new int[] {1, 4, 6, 5, 7}, new int[] {4, 2, 2, 2, 2}, 2, 1, 3, 2),
            Conv.of(new int[] {2, 0, 4, 4}, new int[] {3, 0, 2, 2}, 1, 0, 1, 1),
            Conv.of(new int[] {0, 2, 4, 4}, new int[] {3, 2, 2, 2}, 1, 0, 1, 1),
            Conv.of(new int[] {1, 1, 1, 1}, new int[] {1, 1, 3, 3}, 1, 1, 1, 1));
    return cases.stream()
        .flatMap(c ->
            Stream.of(DType.FLOAT32, DType.FLOAT64)
                .flatMap(t -> {
                  String name = t + " " + c.operator() + " of " + Arrays.toString(c.x());
                  return Stream.of(
                      sameOne("forward " + name, d -> c.forward(d, t)),
                      sameOne("input gradient " + name, d -> c.inputGradient(d, t)),
                      sameOne("weight gradient " + name, d -> c.weightGradient(d, t)));
                }));
  }

  @TestFactory
  Stream<DynamicTest> convolutionsOfViews() {
    Convolution c = new Convolution(List.of(1, 1), List.of(1, 0), List.of(1, 1), 1);
    return Stream.of(
        sameOne(
            "channels last",
            d ->
                Dispatcher.call(
                    c,
                    data(d, DType.FLOAT32, 2, 6, 5, 3).permute(0, 3, 1, 2),
                    data(d, DType.FLOAT32, 3, 3, 3, 4).permute(3, 0, 1, 2))),
        sameOne(
            "expanded gradient",
            d ->
                Dispatcher.call(
                    new Convolution.InputGradient(c, List.of(4, 4)),
                    data(d, DType.FLOAT32).expand(2, 3, 4, 2),
                    data(d, DType.FLOAT32, 3, 2, 3, 3).flip(2, 3))));
  }

  @TestFactory
  Stream<DynamicTest> poolingAndItsGradients() {
    List<int[]> inputs =
        List.of(new int[] {2, 3, 9}, new int[] {2, 2, 7, 8}, new int[] {1, 2, 5, 4, 6});
    return inputs.stream()
        .flatMap(sizes ->
            Stream.of(Pool.Kind.values())
                .flatMap(kind ->
                    Stream.of(true, false)
                        .flatMap(flag -> pools(sizes, kind, flag).map(p -> pair(sizes, p))))
                .flatMap(tests -> tests));
  }

  private static Stream<Pool> pools(int[] sizes, Pool.Kind kind, boolean flag) {
    int spatial = sizes.length - 2;
    int dilated = kind == Pool.Kind.MAX ? 2 : 1;
    return Stream.of(
        pool(spatial, kind, 2, 2, 0, 1, flag),
        pool(spatial, kind, 3, 2, 1, 1, flag),
        pool(spatial, kind, 2, 3, 1, dilated, flag));
  }

  private static Pool pool(
      int spatial,
      Pool.Kind kind,
      int kernel,
      int stride,
      int padding,
      int dilation,
      boolean flag) {
    return new Pool(
        kind,
        Collections.nCopies(spatial, kernel),
        Collections.nCopies(spatial, stride),
        Collections.nCopies(spatial, padding),
        Collections.nCopies(spatial, dilation),
        flag,
        flag);
  }

  private static Stream<DynamicTest> pair(int[] sizes, Pool pool) {
    String name = pool + " of " + Arrays.toString(sizes);
    return Stream.of(
        same(name, d -> Dispatcher.callAll(pool, Twin.special(d, DType.FLOAT32, sizes))),
        sameOne(
            "gradient of " + name,
            d -> {
              Tensor[] out = Dispatcher.callAll(pool, data(d, DType.FLOAT64, sizes));
              Tensor g = data(d, DType.FLOAT64, out[0].shape().toArray());
              Pool.Gradient gradient =
                  new Pool.Gradient(pool, Arrays.stream(sizes).skip(2).boxed().toList());
              return out.length == 2
                  ? Dispatcher.call(gradient, g, out[1])
                  : Dispatcher.call(gradient, g);
            }));
  }
}
