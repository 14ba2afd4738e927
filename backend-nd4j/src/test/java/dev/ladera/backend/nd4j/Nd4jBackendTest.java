package dev.ladera.backend.nd4j;

import static dev.ladera.backend.nd4j.Twin.data;
import static dev.ladera.backend.nd4j.Twin.places;
import static dev.ladera.backend.nd4j.Twin.same;
import static dev.ladera.backend.nd4j.Twin.sameOne;
import static dev.ladera.backend.nd4j.Twin.special;

import dev.ladera.DType;
import dev.ladera.Dispatcher;
import dev.ladera.Tensor;
import dev.ladera.op.BinaryOp;
import dev.ladera.op.Expr;
import dev.ladera.op.Pointwise;
import dev.ladera.op.Primitive;
import dev.ladera.op.UnaryOp;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Elementwise operations, reductions and orders against the reference backend. */
class Nd4jBackendTest {
  /** Ways in which six by four elements can lie. */
  private static final Map<String, UnaryOperator<Tensor>> VIEWS =
      new TreeMap<>(
          Map.of(
              "contiguous", x -> x,
              "transposed", x -> x.reshape(4, 6).t(),
              "stepped", x -> x.repeat(2, 3).slice(0, 0, 12, 2).slice(1, 1, 12, 3),
              "flipped", x -> x.flip(0, 1),
              "row expanded", x -> x.slice(0, 2, 3).expand(6, 4),
              "column expanded", x -> x.slice(1, 1, 2).expand(6, 4),
              "permuted", x -> x.reshape(2, 2, 6).permute(2, 0, 1).reshape(6, 4)));

  private static Stream<DynamicTest> views(
      String name, List<DType> dtypes, UnaryOperator<Tensor> operation) {
    return dtypes.stream()
        .flatMap(dtype ->
            VIEWS.entrySet().stream()
                .map(view ->
                    sameOne(
                        name + " of " + dtype + " " + view.getKey(),
                        device ->
                            operation.apply(view.getValue().apply(special(device, dtype, 6, 4))))));
  }

  private static final List<DType> FLOATING = List.of(DType.FLOAT32, DType.FLOAT64);
  private static final List<DType> NUMBERS =
      List.of(DType.FLOAT32, DType.FLOAT64, DType.INT32, DType.INT64);
  private static final List<DType> ALL = List.of(DType.values());

  @TestFactory
  Stream<DynamicTest> everyUnaryFunctionOfEveryTypeAndView() {
    return Stream.of(UnaryOp.values())
        .flatMap(op -> {
          List<DType> dtypes =
              switch (op.kind()) {
                case BITS -> List.of(DType.INT32, DType.INT64, DType.BOOL);
                case NUMERIC -> NUMBERS;
                case FLOATING, TEST -> FLOATING;
              };
          Pointwise f = Pointwise.of(op.name(), x -> x.apply(op));
          return views(op.name(), dtypes, x -> Dispatcher.call(f, x));
        });
  }

  @TestFactory
  Stream<DynamicTest> everyBinaryFunctionOfEveryTypeBroadcast() {
    return Stream.of(BinaryOp.values())
        .flatMap(op -> {
          List<DType> dtypes =
              switch (op) {
                case SHIFT_LEFT, SHIFT_RIGHT, SHIFT_RIGHT_UNSIGNED ->
                    List.of(DType.INT32, DType.INT64);
                case AND, OR, XOR -> List.of(DType.INT32, DType.INT64, DType.BOOL);
                case DIV, ATAN2 -> FLOATING;
                default -> NUMBERS;
              };
          Pointwise f = Pointwise.of(op.name(), (x, y) -> x.apply(op, y));
          int[][][] shapes = {
            {{40, 5}, {40, 5}},
            {{3, 4}, {}},
            {{}, {7}},
            {{1}, {1}},
            {{}, {}},
            {{4, 1}, {3}},
            {{2, 1, 3}, {5, 1}},
            {{5, 1, 2}, {1, 3, 1}},
            {{1, 4}, {3, 1}},
            {{0, 3}, {3}}
          };
          return dtypes.stream()
              .flatMap(dtype ->
                  Stream.of(shapes)
                      .map(pair ->
                          sameOne(
                              op + " " + dtype + " " + List.of(pair[0].length, pair[1].length),
                              device ->
                                  Dispatcher.call(
                                      f,
                                      special(device, dtype, pair[0]),
                                      special(device, dtype, pair[1])))));
        });
  }

  @TestFactory
  Stream<DynamicTest> castsBetweenAllTypes() {
    return ALL.stream().flatMap(to -> views("cast to " + to, ALL, x -> x.to(to)));
  }

  @TestFactory
  Stream<DynamicTest> expressionsOfManySteps() {
    Pointwise many =
        Pointwise.of(
            "many",
            3,
            in -> {
              Expr x = in.get(0);
              Expr y = in.get(1);
              Expr bias = in.get(2);
              Expr shared = x.mul(y).add(bias);
              return Expr.where(shared.gt(0), shared.tanh().mul(2.5), shared.sub(x).abs().sqrt())
                  .add(shared.square());
            });
    return Stream.of(
        sameOne(
            "bias row",
            device ->
                Dispatcher.call(
                    many,
                    data(device, DType.FLOAT32, 6, 4),
                    data(device, DType.FLOAT32, 6, 4).t().reshape(6, 4),
                    data(device, DType.FLOAT32, 4))),
        sameOne(
            "all broadcast",
            device ->
                Dispatcher.call(
                    many,
                    data(device, DType.FLOAT64, 6, 1),
                    data(device, DType.FLOAT64, 1, 4),
                    data(device, DType.FLOAT64))),
        sameOne(
            "only numbers",
            device ->
                Dispatcher.call(
                    Pointwise.of("numbers", x -> Expr.of(2.5).add(1)),
                    data(device, DType.FLOAT32, 3, 2))),
        sameOne("relu", device -> special(device, DType.FLOAT32, 50).relu()),
        sameOne("softmax", device -> data(device, DType.FLOAT32, 5, 7).softmax(0)));
  }

  @TestFactory
  Stream<DynamicTest> assignments() {
    return ALL.stream()
        .flatMap(dtype ->
            VIEWS.entrySet().stream()
                .filter(view -> !view.getKey().contains("expanded"))
                .map(view ->
                    sameOne(
                        "assign to " + dtype + " " + view.getKey(),
                        device -> {
                          Tensor base = data(device, dtype, 6, 4).copy();
                          Tensor target = view.getValue().apply(base);
                          target.assign(data(device, dtype, 4));
                          return view.getKey().equals("stepped") ? target : base;
                        })));
  }

  @TestFactory
  Stream<DynamicTest> assignmentsOfExpressions() {
    Pointwise step = Pointwise.of("step", (p, g) -> p.sub(g.mul(0.1)).tanh());
    return FLOATING.stream()
        .flatMap(dtype ->
            Stream.of(
                sameOne(
                    "in place " + dtype,
                    device ->
                        data(device, dtype, 6, 4).copy().assign(step, data(device, dtype, 4))),
                sameOne(
                    "into a view " + dtype,
                    device -> {
                      Tensor base = data(device, dtype, 4, 6).copy();
                      base.t().assign(step, data(device, dtype, 6, 1));
                      return base;
                    }),
                sameOne(
                    "from itself transposed " + dtype,
                    device -> {
                      Tensor base = data(device, dtype, 5, 5).copy();
                      return base.assign(step, base.t());
                    }),
                sameOne(
                    "float64 into " + dtype,
                    device ->
                        data(device, dtype, 6, 4)
                            .copy()
                            .assign(data(device, DType.FLOAT64, 6, 4).exp()))));
  }

  @TestFactory
  Stream<DynamicTest> reductions() {
    List<List<Integer>> axes = List.of(List.of(), List.of(0), List.of(1), List.of(0, 1));
    return Stream.of(Primitive.Reduction.values())
        .flatMap(reduction -> {
          boolean additive =
              reduction == Primitive.Reduction.SUM || reduction == Primitive.Reduction.PROD;
          return axes.stream()
              .flatMap(over ->
                  views(
                      reduction + " over " + over,
                      additive ? NUMBERS : ALL,
                      x ->
                          Dispatcher.call(
                              new Primitive.Reduce(reduction, over, over.size() == 1), x)));
        });
  }

  @TestFactory
  Stream<DynamicTest> reductionsOfManyAxesAndOfNothing() {
    return Stream.of(
        sameOne("axes 0 and 2", d -> data(d, DType.FLOAT32, 3, 4, 5, 2).sum(0, 2)),
        sameOne("axes 1 and 3", d -> data(d, DType.FLOAT64, 3, 4, 5, 2).amax(1, 3)),
        sameOne("axes 1 and 2 of ints", d -> data(d, DType.INT32, 3, 4, 5, 2).prod(1, 2)),
        sameOne("a number", d -> data(d, DType.FLOAT32).sum()),
        sameOne("a long row", d -> data(d, DType.FLOAT32, 1, 10_001).sum(1)),
        sameOne("nothing", d -> data(d, DType.FLOAT32, 0, 3).sum(0)),
        sameOne("product of nothing", d -> data(d, DType.INT64, 2, 0).prod(1)),
        sameOne("no row", d -> data(d, DType.FLOAT32, 0, 3).amax(1)),
        sameOne("any of nothing", d -> data(d, DType.BOOL, 2, 0).any(1)),
        sameOne("all of nothing", d -> data(d, DType.BOOL, 2, 0).all(1)));
  }

  @TestFactory
  Stream<DynamicTest> placesScansAndOrders() {
    return Stream.of(0, 1)
        .flatMap(axis ->
            Stream.of(
                    views("argmax " + axis, NUMBERS, x -> x.argmax(axis)),
                    views("argmin " + axis, NUMBERS, x -> x.argmin(axis)),
                    views("cumsum " + axis, NUMBERS, x -> x.cumsum(axis)),
                    views("cumprod " + axis, NUMBERS, x -> x.cumprod(axis)),
                    orders("sort up " + axis, new Primitive.Sort(axis, false)),
                    orders("sort down " + axis, new Primitive.Sort(axis, true)),
                    orders("largest " + axis, new Primitive.TopK(3, axis, true)),
                    orders("smallest " + axis, new Primitive.TopK(2, axis, false)))
                .flatMap(tests -> tests));
  }

  private static Stream<DynamicTest> orders(String name, Primitive operator) {
    return ALL.stream()
        .flatMap(dtype ->
            VIEWS.entrySet().stream()
                .map(view ->
                    same(
                        name + " of " + dtype + " " + view.getKey(),
                        device ->
                            Dispatcher.callAll(
                                operator, view.getValue().apply(special(device, dtype, 6, 4))))));
  }

  @TestFactory
  Stream<DynamicTest> longLinesAreSortedStably() {
    return Stream.of(
        same(
            "equals keep their order",
            device -> {
              var found = places(device, 7, 1, 1000).sort(1, true);
              return new Tensor[] {found.values(), found.indices()};
            }),
        same(
            "nothing",
            device -> {
              var found = data(device, DType.FLOAT32, 3, 0).sort(1);
              return new Tensor[] {found.values(), found.indices()};
            }));
  }
}
