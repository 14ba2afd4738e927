package dev.ladera.op;

import static dev.ladera.op.Inference.infer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.DTypeException;
import dev.ladera.IndexException;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import dev.ladera.op.Primitive.Reduction;
import dev.ladera.op.Primitive.Scan;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What primitives answer for types and shapes, and what they refuse. */
class PrimitiveTest {
  private static void refused(
      Operator operator, Class<? extends Throwable> error, String message, String... inputs) {
    assertThatThrownBy(() -> infer(operator, inputs)).isInstanceOf(error).hasMessage(message);
  }

  private static Primitive.Reduce reduce(Reduction reduction, boolean keepDims, Integer... axes) {
    return new Primitive.Reduce(reduction, List.of(axes), keepDims);
  }

  @Test
  void eachHasTheNameOfItsMethod() {
    assertThat(reduce(Reduction.SUM, false).name()).isEqualTo("sum");
    assertThat(reduce(Reduction.PROD, false).name()).isEqualTo("prod");
    assertThat(reduce(Reduction.MAX, false).name()).isEqualTo("amax");
    assertThat(reduce(Reduction.MIN, false).name()).isEqualTo("amin");
    assertThat(new Primitive.ArgReduce(true, 0, false).name()).isEqualTo("argmax");
    assertThat(new Primitive.ArgReduce(false, 0, false).name()).isEqualTo("argmin");
    assertThat(new Primitive.Cumulative(Scan.SUM, 0).name()).isEqualTo("cumsum");
    assertThat(new Primitive.Cumulative(Scan.PROD, 0).name()).isEqualTo("cumprod");
    assertThat(new Primitive.MatMul().name()).isEqualTo("matmul");
    assertThat(new Primitive.Gather(0).name()).isEqualTo("gather");
    assertThat(new Primitive.ScatterAdd(0).name()).isEqualTo("scatterAdd");
    assertThat(new Primitive.Concat(0).name()).isEqualTo("concat");
    assertThat(pad(List.of(), List.of(), List.of()).name()).isEqualTo("pad");
    assertThat(new Primitive.Sort(0, false).name()).isEqualTo("sort");
    assertThat(new Primitive.TopK(1, 0, true).name()).isEqualTo("topk");
    assertThat(fill(1).name()).isEqualTo("fill");
    assertThat(new Primitive.Arange(0, 1, 3, DType.INT64).name()).isEqualTo("arange");
    assertThat(new Primitive.RandomBits(0, 0, 3).name()).isEqualTo("randomBits");
    assertThat(assign().name()).isEqualTo("assign");
  }

  @Test
  void eachSaysHowManyInputsItTakes() {
    count(reduce(Reduction.SUM, false, 0), 1);
    count(new Primitive.ArgReduce(true, 0, false), 1);
    count(new Primitive.Cumulative(Scan.SUM, 0), 1);
    count(new Primitive.MatMul(), 2);
    count(new Primitive.Gather(0), 2);
    count(new Primitive.ScatterAdd(0), 3);
    count(pad(List.of(0, 0), List.of(0, 0), List.of(0, 0)), 1);
    count(new Primitive.Sort(0, false), 1);
    count(new Primitive.TopK(1, 0, true), 1);
    count(fill(1), 0);
    count(new Primitive.Arange(0, 1, 3, DType.INT64), 0);
    count(new Primitive.RandomBits(0, 0, 3), 0);
    count(assign(), 2);
  }

  private static void count(Operator operator, int inputs) {
    String[] more = Collections.nCopies(inputs + 1, "float32(2, 2)").toArray(new String[0]);
    String name =
        operator instanceof Primitive.Assign(Pointwise body) ? body.name() : operator.name();
    refused(
        operator,
        ArgumentException.class,
        name + ": inputs must be " + inputs + ", not " + (inputs + 1),
        more);
  }

  @Test
  void axesThatAreNotThereAreRefused() {
    List<Operator> operators =
        List.of(
            reduce(Reduction.SUM, false, 2),
            new Primitive.ArgReduce(true, 2, false),
            new Primitive.Cumulative(Scan.SUM, 2),
            new Primitive.Sort(2, false),
            new Primitive.TopK(1, 2, true));
    for (Operator operator : operators) {
      refused(
          operator,
          IndexException.class,
          operator.name() + ": axis 2 does not exist in shape (2, 3); use 0 to 1",
          "float32(2, 3)");
    }
    refused(
        new Primitive.Concat(2),
        IndexException.class,
        "concat: axis 2 does not exist in shape (2, 3); use 0 to 1",
        "float32(2, 3)",
        "float32(2, 3)");
    refused(
        new Primitive.Gather(2),
        IndexException.class,
        "gather: axis 2 does not exist in shape (2, 3); use 0 to 1",
        "float32(2, 3)",
        "int64(2, 3)");
    refused(
        new Primitive.ScatterAdd(2),
        IndexException.class,
        "scatterAdd: axis 2 does not exist in shape (2, 3); use 0 to 1",
        "float32(2, 3)",
        "int64(2, 3)",
        "float32(2, 3)");
    refused(
        new Primitive.Sort(0, false),
        IndexException.class,
        "sort: axis 0 does not exist in shape (); use a tensor with axes",
        "float32()");
  }

  @Test
  void operatorsCountAxesFromTheFront() {
    List<Operator> operators =
        List.of(
            reduce(Reduction.SUM, false, -1),
            new Primitive.ArgReduce(true, -1, false),
            new Primitive.Cumulative(Scan.SUM, -1),
            new Primitive.Sort(-1, false),
            new Primitive.TopK(1, -1, true),
            new Primitive.Concat(-1));
    for (Operator operator : operators) {
      refused(
          operator,
          IndexException.class,
          operator.name() + ": axis -1 does not exist in shape (2, 3); use 0 to 1",
          "float32(2, 3)");
    }
    assertThatThrownBy(() -> infer(new Primitive.Gather(-1), "float32(2, 3)", "int64(2, 3)"))
        .isInstanceOf(IndexException.class);
    assertThatThrownBy(
            () -> infer(new Primitive.ScatterAdd(-1), "float32(2,)", "int64(2,)", "float32(2,)"))
        .isInstanceOf(IndexException.class);
  }

  @Test
  void reductionsDropTheirAxesOrKeepThemWithSizeOne() {
    Reduction sum = Reduction.SUM;
    assertThat(infer(reduce(sum, false, 1), "float32(2, 3, 4)")).containsExactly("float32(2, 4)");
    assertThat(infer(reduce(sum, true, 1), "float32(2, 3, 4)")).containsExactly("float32(2, 1, 4)");
    assertThat(infer(reduce(sum, false, 0, 2), "int32(2, 3, 4)")).containsExactly("int32(3,)");
    assertThat(infer(reduce(sum, true, 0, 2), "int32(2, 3, 4)")).containsExactly("int32(1, 3, 1)");
    assertThat(infer(reduce(sum, false, 0, 1), "float64(2, 3)")).containsExactly("float64()");
    assertThat(infer(reduce(sum, false), "float64(2, 3)")).containsExactly("float64(2, 3)");
    refused(
        reduce(sum, false, 0, 0),
        ArgumentException.class,
        "sum: axes [0, 0] name an axis twice",
        "float32(2, 3)");
  }

  @Test
  void boolHasAnyAndAllButNoSumAndNoProduct() {
    assertThat(infer(reduce(Reduction.MAX, false, 0), "bool(2, 3)")).containsExactly("bool(3,)");
    assertThat(infer(reduce(Reduction.MIN, false, 0), "bool(2, 3)")).containsExactly("bool(3,)");
    refused(
        reduce(Reduction.SUM, false, 0),
        DTypeException.class,
        "sum: bool has no sum; use to(DType.INT64)",
        "bool(2, 3)");
    refused(
        reduce(Reduction.PROD, false, 0),
        DTypeException.class,
        "prod: bool has no prod; use to(DType.INT64)",
        "bool(2, 3)");
  }

  @Test
  void ofNothingThereIsASumAndAProductButNoMaximumAndNoMinimum() {
    assertThat(infer(reduce(Reduction.SUM, false, 0), "float32(0, 3)"))
        .containsExactly("float32(3,)");
    assertThat(infer(reduce(Reduction.PROD, false, 0), "int64(0, 3)")).containsExactly("int64(3,)");
    refused(
        reduce(Reduction.MAX, false, 0),
        ShapeException.class,
        "amax: shape (0, 3) has no elements along axes [0]",
        "float32(0, 3)");
    refused(
        reduce(Reduction.MIN, false, 0, 1),
        ShapeException.class,
        "amin: shape (0, 3) has no elements along axes [0, 1]",
        "int32(0, 3)");
    assertThat(infer(reduce(Reduction.MAX, false, 0), "bool(0, 3)")).containsExactly("bool(3,)");
    assertThat(infer(reduce(Reduction.MAX, false, 1), "float32(0, 3)"))
        .containsExactly("float32(0,)");
  }

  @Test
  void placesOfExtremesAreInt64() {
    assertThat(infer(new Primitive.ArgReduce(true, 1, false), "float32(2, 3)"))
        .containsExactly("int64(2,)");
    assertThat(infer(new Primitive.ArgReduce(false, 0, true), "int32(2, 3)"))
        .containsExactly("int64(1, 3)");
    assertThat(infer(new Primitive.ArgReduce(true, 1, false), "float32(0, 3)"))
        .containsExactly("int64(0,)");
    assertThat(infer(new Primitive.ArgReduce(true, 0, false), "float32(0, 0)"))
        .containsExactly("int64(0,)");
    refused(
        new Primitive.ArgReduce(true, 0, false),
        ShapeException.class,
        "argmax: axis 0 of shape (0, 3) is empty",
        "float32(0, 3)");
    refused(
        new Primitive.ArgReduce(false, 0, false),
        DTypeException.class,
        "argmin: bool has no order; use to(DType.INT32)",
        "bool(2, 3)");
  }

  @Test
  void runningSumsKeepTypeAndShape() {
    assertThat(infer(new Primitive.Cumulative(Scan.SUM, 1), "int32(2, 0)"))
        .containsExactly("int32(2, 0)");
    refused(
        new Primitive.Cumulative(Scan.PROD, 0),
        DTypeException.class,
        "cumprod: bool has no cumprod; use to(DType.INT64)",
        "bool(2,)");
  }

  @Test
  void productsOfMatricesBroadcastTheirBatches() {
    Operator matmul = new Primitive.MatMul();
    assertThat(infer(matmul, "float32(2, 3)", "float32(3, 4)")).containsExactly("float32(2, 4)");
    assertThat(infer(matmul, "int64(0, 3)", "int64(3, 4)")).containsExactly("int64(0, 4)");
    assertThat(infer(matmul, "float64(5, 2, 3)", "float64(3, 4)"))
        .containsExactly("float64(5, 2, 4)");
    assertThat(infer(matmul, "float64(2, 3)", "float64(5, 3, 4)"))
        .containsExactly("float64(5, 2, 4)");
    assertThat(infer(matmul, "float32(7, 1, 2, 3)", "float32(5, 3, 4)"))
        .containsExactly("float32(7, 5, 2, 4)");
    assertThat(infer(matmul, "float32(5, 2, 3)", "float32(7, 1, 3, 4)"))
        .containsExactly("float32(7, 5, 2, 4)");
  }

  @Test
  void productsThatDoNotFitSayWhere() {
    Operator matmul = new Primitive.MatMul();
    refused(
        matmul,
        ShapeException.class,
        "matmul: inner sizes differ: left (2, 3) has 3 columns, right (4, 5) has 4 rows",
        "float32(2, 3)",
        "float32(4, 5)");
    refused(
        matmul,
        ShapeException.class,
        "matmul: inner sizes differ: left (2, 3) has 3 columns, right (4, 3) has 4 rows; transpose"
            + " right",
        "float32(2, 3)",
        "float32(4, 3)");
    refused(
        matmul,
        ShapeException.class,
        "matmul: left (7, 2, 2, 3) and right (8, 1, 3, 4) do not broadcast: axis -4 has sizes 7 and"
            + " 8; sizes must be equal, or one of them 1",
        "float32(7, 2, 2, 3)",
        "float32(8, 1, 3, 4)");
    refused(
        matmul,
        ShapeException.class,
        "matmul: left (6, 2, 3) and right (5, 3, 4) do not broadcast: axis -3 has sizes 6 and 5;"
            + " sizes must be equal, or one of them 1",
        "float32(6, 2, 3)",
        "float32(5, 3, 4)");
    refused(
        matmul,
        ShapeException.class,
        "matmul: left (3,) has 1 axes; at least 2 are needed",
        "float32(3,)",
        "float32(3, 4)");
    refused(
        matmul,
        ShapeException.class,
        "matmul: right (3,) has 1 axes; at least 2 are needed",
        "float32(2, 3)",
        "float32(3,)");
    refused(
        matmul,
        DTypeException.class,
        "matmul: left is float32 and right is int64; convert one of them with to(DType)",
        "float32(2, 3)",
        "int64(3, 4)");
    refused(
        matmul,
        DTypeException.class,
        "matmul: bool has no product; use to(DType)",
        "bool(2, 3)",
        "bool(3, 4)");
  }

  @Test
  void gatheringAnswersTheIndexesShapeAndTheInputsType() {
    assertThat(infer(new Primitive.Gather(0), "float32(2, 3)", "int64(7, 3)"))
        .containsExactly("float32(7, 3)");
    assertThat(infer(new Primitive.Gather(1), "bool(2, 3)", "int32(1, 9)"))
        .containsExactly("bool(1, 9)");
    refused(
        new Primitive.Gather(0),
        ShapeException.class,
        "gather: index (2, 4) is larger along axis 1; input is (2, 3)",
        "float32(2, 3)",
        "int64(2, 4)");
    refused(
        new Primitive.Gather(0),
        ShapeException.class,
        "gather: index (2,) must have as many axes; input is (2, 3)",
        "float32(2, 3)",
        "int64(2,)");
    refused(
        new Primitive.Gather(0),
        DTypeException.class,
        "gather: index is float32; int32 or int64 is needed",
        "float32(2, 3)",
        "float32(2, 3)");
  }

  @Test
  void scatteringAnswersTheBasesType() {
    Operator scatter = new Primitive.ScatterAdd(0);
    assertThat(infer(scatter, "float32(2, 3)", "int64(7, 3)", "float32(7, 3)"))
        .containsExactly("float32(2, 3)");
    refused(
        scatter,
        ShapeException.class,
        "scatterAdd: index (2, 3) and source (1, 3) must have one shape",
        "float32(2, 3)",
        "int64(2, 3)",
        "float32(1, 3)");
    refused(
        scatter,
        ShapeException.class,
        "scatterAdd: index (2, 4) is larger along axis 1; base is (2, 3)",
        "float32(2, 3)",
        "int64(2, 4)",
        "float32(2, 4)");
    refused(
        scatter,
        DTypeException.class,
        "scatterAdd: index is bool; int32 or int64 is needed",
        "float32(2, 3)",
        "bool(2, 3)",
        "float32(2, 3)");
    refused(
        scatter,
        DTypeException.class,
        "scatterAdd: base is float32 and source is float64; convert one of them with to(DType)",
        "float32(2, 3)",
        "int64(2, 3)",
        "float64(2, 3)");
    refused(
        scatter,
        DTypeException.class,
        "scatterAdd: bool has no sum; use to(DType)",
        "bool(2, 3)",
        "int64(2, 3)",
        "bool(2, 3)");
  }

  @Test
  void joinedTensorsDifferOnlyAlongTheirAxis() {
    assertThat(infer(new Primitive.Concat(0), "int32(2, 3)", "int32(0, 3)", "int32(4, 3)"))
        .containsExactly("int32(6, 3)");
    assertThat(infer(new Primitive.Concat(1), "bool(2, 3)", "bool(2, 1)"))
        .containsExactly("bool(2, 4)");
    refused(
        new Primitive.Concat(0),
        ShapeException.class,
        "concat: tensor 0 (2, 3) and tensor 1 (2, 4) differ off axis 0",
        "float32(2, 3)",
        "float32(2, 4)");
    refused(
        new Primitive.Concat(0),
        ShapeException.class,
        "concat: tensor 0 (2, 3) and tensor 1 (2,) differ off axis 0",
        "float32(2, 3)",
        "float32(2,)");
    refused(
        new Primitive.Concat(0),
        DTypeException.class,
        "concat: tensor 0 is float32 and tensor 2 is int64; convert one of them with to(DType)",
        "float32(2, 3)",
        "float32(2, 3)",
        "int64(2, 3)");
    refused(new Primitive.Concat(0), ArgumentException.class, "concat: tensors must not be empty");
  }

  private static Primitive.Pad pad(
      List<Integer> before, List<Integer> after, List<Integer> between) {
    return new Primitive.Pad(before, after, between, 0);
  }

  @Test
  void paddingGrowsEachAxis() {
    assertThat(infer(pad(List.of(1, 0), List.of(2, 0), List.of(0, 3)), "float32(2, 3)"))
        .containsExactly("float32(5, 9)");
    assertThat(infer(pad(List.of(1), List.of(1), List.of(5)), "int32(0,)"))
        .containsExactly("int32(2,)");
    assertThat(infer(pad(List.of(0), List.of(0), List.of(5)), "int32(1,)"))
        .containsExactly("int32(1,)");
    assertThat(infer(pad(List.of(), List.of(), List.of()), "int32()")).containsExactly("int32()");
  }

  @Test
  void amountsOfPaddingAreOneAnAxisAndNotNegative() {
    List<Integer> one = List.of(1);
    List<Integer> two = List.of(1, 1);
    for (Primitive.Pad pad : List.of(pad(one, two, two), pad(two, one, two), pad(two, two, one))) {
      refused(
          pad,
          ArgumentException.class,
          "pad: amounts must be one for each axis of (2, 3)",
          "float32(2, 3)");
    }
    List<Integer> negative = List.of(0, -1);
    for (Primitive.Pad pad :
        List.of(pad(negative, two, two), pad(two, negative, two), pad(two, two, negative))) {
      refused(
          pad,
          ArgumentException.class,
          "pad: amounts must not be negative, at axis 1; use slice to cut",
          "float32(2, 3)");
    }
  }

  @Test
  void anAxisLongerThanAnIntIsRefused() {
    List<Integer> most = List.of(Integer.MAX_VALUE);
    refused(
        pad(most, most, List.of(0)),
        ShapeException.class,
        "pad: axis 0 of the result would have 4294967297 places; at most 2147483647 are possible",
        "float32(3,)");
    refused(
        pad(List.of(0), List.of(0), most),
        ShapeException.class,
        "pad: axis 0 of the result would have 4294967297 places; at most 2147483647 are possible",
        "float32(3,)");
    refused(
        new Primitive.Concat(0),
        ShapeException.class,
        "concat: axis 0 of the result would have 2147483648 places; at most 2147483647 are possible",
        "bool(2147483647,)",
        "bool(1,)");
    assertThat(infer(new Primitive.Concat(0), "bool(2147483646,)", "bool(1,)"))
        .containsExactly("bool(2147483647,)");
  }

  @Test
  void sortingAnswersTheElementsAndTheirPlaces() {
    assertThat(infer(new Primitive.Sort(1, true), "int32(2, 3)"))
        .containsExactly("int32(2, 3)", "int64(2, 3)");
  }

  @Test
  void theBestOfAnAxisAreAtMostAllOfIt() {
    assertThat(infer(new Primitive.TopK(2, 1, true), "float32(2, 3)"))
        .containsExactly("float32(2, 2)", "int64(2, 2)");
    assertThat(infer(new Primitive.TopK(3, 1, true), "float32(2, 3)"))
        .containsExactly("float32(2, 3)", "int64(2, 3)");
    assertThat(infer(new Primitive.TopK(0, 1, true), "float32(2, 3)"))
        .containsExactly("float32(2, 0)", "int64(2, 0)");
    refused(
        new Primitive.TopK(4, 1, true),
        ArgumentException.class,
        "topk: k is 4; axis 1 of (2, 3) has 3",
        "float32(2, 3)");
    refused(
        new Primitive.TopK(-1, 1, true),
        ArgumentException.class,
        "topk: k is -1; axis 1 of (2, 3) has 3",
        "float32(2, 3)");
  }

  private static Primitive.Fill fill(Number value) {
    return new Primitive.Fill(Shape.of(2, 3), DType.INT32, value);
  }

  @Test
  void whatIsMadeOfNothingHasTheTypeAskedFor() {
    assertThat(infer(fill(7))).containsExactly("int32(2, 3)");
    assertThat(infer(new Primitive.Arange(0, 1, 3, DType.FLOAT64))).containsExactly("float64(3,)");
    assertThat(infer(new Primitive.Arange(0, 1, 0, DType.INT32))).containsExactly("int32(0,)");
    assertThat(infer(new Primitive.RandomBits(1, 2, 5))).containsExactly("int32(5,)");
    refused(
        new Primitive.Arange(0, 1, 3, DType.BOOL),
        DTypeException.class,
        "arange: bool has no ranges");
    refused(
        new Primitive.Arange(0, 1, -1, DType.INT32),
        ArgumentException.class,
        "arange: count must not be negative: -1");
  }

  @Test
  void oneKernelServesAllThatIsReadWhenItRuns() {
    assertThat(fill(7).kernelKey()).isEqualTo(fill(8).kernelKey());
    assertThat(fill(7).kernelKey())
        .isNotEqualTo(new Primitive.Fill(Shape.of(2), DType.BOOL, 7).kernelKey());
    Primitive.Arange range = new Primitive.Arange(0, 1, 3, DType.INT32);
    assertThat(range.kernelKey())
        .isEqualTo(new Primitive.Arange(5, 2, 9, DType.INT32).kernelKey())
        .isNotEqualTo(new Primitive.Arange(0, 1, 3, DType.INT64).kernelKey())
        .isNotEqualTo(fill(7).kernelKey());
    assertThat(new Primitive.RandomBits(1, 2, 3).kernelKey())
        .isEqualTo(new Primitive.RandomBits(4, 5, 6).kernelKey());
    assertThat(assign().kernelKey())
        .isEqualTo(assign().kernelKey())
        .isNotEqualTo(assign().body().kernelKey());
  }

  private static Primitive.Assign assign() {
    return new Primitive.Assign(Pointwise.of("second", (_, value) -> value));
  }

  @Test
  void anAssignmentAnswersNothingAndOverwritesItsFirstInput() {
    assertThat(assign().mutates()).isEqualTo(1);
    assertThat(fill(1).mutates()).isZero();
    assertThat(infer(assign(), "float32(2, 3)", "float32(3,)")).isEmpty();
    assertThat(infer(assign(), "float32(2, 3)", "float32()")).isEmpty();
  }

  @Test
  void anAssignedValueMustBroadcastToTheTarget() {
    refused(
        assign(),
        ShapeException.class,
        "assign: value of shape (2, 3) does not fit into the target of shape (3,); the value must"
            + " broadcast to the target",
        "float32(3,)",
        "float32(2, 3)");
  }

  @Test
  void anAssignedValueIsCastUnlessIntegersOrBoolWouldTakeFloats() {
    List<String> types = List.of("float32", "float64", "int32", "int64", "bool");
    for (String target : types) {
      for (String value : types) {
        String[] inputs = {target + "(3,)", value + "(3,)"};
        if (value.startsWith("float") && !target.startsWith("float")) {
          refused(
              new Primitive.Assign(
                  Pointwise.of("cast", (_, x) -> x.to(Inference.type(inputs[1]).dtype()))),
              DTypeException.class,
              "assign: a "
                  + value
                  + " value cannot be put into a "
                  + target
                  + " tensor; use to(DType)",
              inputs);
        } else {
          assertThat(infer(assign(), inputs)).as("%s into %s", value, target).isEmpty();
        }
      }
    }
  }
}
