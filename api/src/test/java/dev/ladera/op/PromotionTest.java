package dev.ladera.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ladera.DType;
import dev.ladera.DTypeException;
import dev.ladera.Shape;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

class PromotionTest {
  private static final Pointwise ADD = Pointwise.of("add", (a, b) -> a.add(b));

  /** What PyTorch answers: a line for each left type, in {@link DType}'s order. */
  private static final String TENSORS =
      """
      float32 float64 float32 float32 float32
      float64 float64 float64 float64 float64
      float32 float64 int32   int64   int32
      float32 float64 int64   int64   int64
      float32 float64 int32   int64   bool
      """;

  /** The same with a right operand without axes, which never widens within a category. */
  private static final String TENSOR_WITH_SCALAR =
      """
      float32 float32 float32 float32 float32
      float64 float64 float64 float64 float64
      float32 float64 int32   int32   int32
      float32 float64 int64   int64   int64
      float32 float64 int32   int64   bool
      """;

  private static TensorType tensor(DType dtype) {
    return new TensorType(dtype, Shape.of(3));
  }

  private static TensorType scalar(DType dtype) {
    return new TensorType(dtype, Shape.SCALAR);
  }

  private static DType result(Pointwise op, TensorType... inputs) {
    return op.infer(inputs)[0].dtype();
  }

  private static void matches(String table, BiFunction<DType, DType, DType> promoted) {
    List<String> lines = table.lines().toList();
    for (DType left : DType.values()) {
      String[] row = lines.get(left.ordinal()).split(" +");
      for (DType right : DType.values()) {
        assertThat(promoted.apply(left, right))
            .as("%s with %s", left, right)
            .hasToString(row[right.ordinal()]);
      }
    }
  }

  @Test
  void tensorsWithAxesPromoteAsInPyTorch() {
    matches(TENSORS, DType::promote);
    matches(TENSORS, (left, right) -> result(ADD, tensor(left), tensor(right)));
  }

  @Test
  void amongScalarTensorsTheLargerTypeWinsToo() {
    matches(TENSORS, (left, right) -> result(ADD, scalar(left), scalar(right)));
  }

  @Test
  void tensorsWithoutAxesDoNotWidenWithinACategory() {
    matches(TENSOR_WITH_SCALAR, (left, right) -> result(ADD, tensor(left), scalar(right)));
    matches(TENSOR_WITH_SCALAR, (left, right) -> result(ADD, scalar(right), tensor(left)));
  }

  @Test
  void bothBranchesOfAChoicePromoteAsOperandsDo() {
    Pointwise where = Pointwise.of("where", 3, x -> Expr.where(x.get(0), x.get(1), x.get(2)));
    TensorType condition = tensor(DType.BOOL);
    matches(TENSORS, (yes, no) -> result(where, condition, tensor(yes), tensor(no)));
    matches(TENSOR_WITH_SCALAR, (yes, no) -> result(where, condition, tensor(yes), scalar(no)));
    matches(TENSOR_WITH_SCALAR, (no, yes) -> result(where, condition, scalar(yes), tensor(no)));
  }

  @Test
  void aNumberNeverWidensATensor() {
    Pointwise plusFloat = Pointwise.of("add", a -> a.add(1.5));
    Pointwise plusInteger = Pointwise.of("add", a -> a.add(1));
    for (DType dtype : DType.values()) {
      assertThat(result(plusFloat, tensor(dtype)))
          .isEqualTo(dtype.isFloating() ? dtype : DType.FLOAT32);
      assertThat(result(plusInteger, tensor(dtype)))
          .isEqualTo(dtype == DType.BOOL ? DType.INT64 : dtype);
      assertThat(result(plusFloat, scalar(dtype))).isEqualTo(result(plusFloat, tensor(dtype)));
      assertThat(result(plusInteger, scalar(dtype))).isEqualTo(result(plusInteger, tensor(dtype)));
    }
  }

  @Test
  void whatIsComputedOfATensorAndANumberCountsAsATensor() {
    Pointwise op = Pointwise.of("op", (a, b) -> a.add(1).add(b));
    assertThat(result(op, tensor(DType.FLOAT32), scalar(DType.FLOAT64))).isEqualTo(DType.FLOAT32);
    assertThat(result(op, scalar(DType.FLOAT64), tensor(DType.FLOAT32))).isEqualTo(DType.FLOAT32);
    assertThat(result(op, scalar(DType.FLOAT32), scalar(DType.FLOAT64))).isEqualTo(DType.FLOAT64);
    Pointwise chosen =
        Pointwise.of("op", 3, x -> Expr.where(x.get(0), x.get(1), Expr.of(0.0)).add(x.get(2)));
    assertThat(result(chosen, tensor(DType.BOOL), tensor(DType.FLOAT32), scalar(DType.FLOAT64)))
        .isEqualTo(DType.FLOAT32);
  }

  @Test
  void aConvertedNumberCountsAsATensorWithoutAxes() {
    Pointwise op = Pointwise.of("op", a -> a.add(Expr.of(1).to(DType.INT32)));
    assertThat(result(op, tensor(DType.BOOL))).isEqualTo(DType.INT32);
    assertThat(result(op, scalar(DType.INT64))).isEqualTo(DType.INT64);
    assertThat(result(op, tensor(DType.INT64))).isEqualTo(DType.INT64);
    Pointwise converted = Pointwise.of("op", (a, b) -> a.to(DType.FLOAT32).add(b));
    assertThat(result(converted, tensor(DType.INT64), scalar(DType.FLOAT64)))
        .isEqualTo(DType.FLOAT32);
  }

  @Test
  void inputsBeyondTheSixtyFourthPromoteLikeTheOthers() {
    Pointwise sum = Pointwise.of("sum", 70, (List<Expr> x) -> x.stream().reduce(Expr::add).get());
    TensorType[] inputs = new TensorType[70];
    java.util.Arrays.fill(inputs, tensor(DType.FLOAT32));
    inputs[66] = scalar(DType.FLOAT64);
    assertThat(result(sum, inputs)).isEqualTo(DType.FLOAT32);
    inputs[67] = tensor(DType.FLOAT64);
    assertThat(result(sum, inputs)).isEqualTo(DType.FLOAT64);
  }

  /** Functions of one argument by what they answer for each type, in {@link DType}'s order. */
  private static String answers(UnaryOp op) {
    return switch (op.kind()) {
      case FLOATING -> "float32 float64 float32 float32 float32";
      case TEST -> "bool bool bool bool bool";
      case BITS -> "refused refused int32 int64 bool";
      case NUMERIC -> "float32 float64 int32 int64 refused";
    };
  }

  @Test
  void functionsOfOneArgumentTakeAndAnswerTheTypesOfTheirKind() {
    for (UnaryOp function : UnaryOp.values()) {
      Pointwise op = Pointwise.of("op", x -> x.apply(function));
      String[] expected = answers(function).split(" ");
      for (DType dtype : DType.values()) {
        assertThat(answer(op, tensor(dtype)))
            .as("%s of %s", function, dtype)
            .isEqualTo(expected[dtype.ordinal()]);
      }
    }
  }

  /** Functions of two arguments of one type by what they answer; {@code logic} stands for bool. */
  private static String answers(BinaryOp op) {
    return switch (op) {
      case ADD, MUL, MAX, MIN -> "float32 float64 int32 int64 bool";
      case SUB, FLOOR_DIV, REMAINDER, FMOD, POW -> "float32 float64 int32 int64 refused";
      case DIV, ATAN2 -> "float32 float64 float32 float32 float32";
      case EQ, NE, LT, LE, GT, GE -> "bool bool bool bool bool";
      case AND, OR, XOR -> "refused refused int32 int64 bool";
      case SHIFT_LEFT, SHIFT_RIGHT, SHIFT_RIGHT_UNSIGNED -> "refused refused int32 int64 refused";
    };
  }

  @Test
  void functionsOfTwoArgumentsTakeAndAnswerTheTypesOfTheirKind() {
    for (BinaryOp function : BinaryOp.values()) {
      Pointwise op = Pointwise.of("op", (a, b) -> a.apply(function, b));
      String[] expected = answers(function).split(" ");
      for (DType dtype : DType.values()) {
        assertThat(answer(op, tensor(dtype), tensor(dtype)))
            .as("%s of %s", function, dtype)
            .isEqualTo(expected[dtype.ordinal()]);
      }
    }
  }

  private static String answer(Pointwise op, TensorType... inputs) {
    try {
      return result(op, inputs).toString();
    } catch (DTypeException e) {
      assertThat(e.dtypes()).containsExactly(inputs[0].dtype());
      return "refused";
    }
  }

  @Test
  void aTypeThatAFunctionDoesNotTakeIsNamedWithWhatItTakes() {
    refused(
        BinaryOp.SUB, DType.BOOL, "bool has no sub; it takes numbers; use logicalXor or to(DType)");
    refused(BinaryOp.AND, DType.FLOAT32, "float32 has no and; it takes integers and bool");
    refused(BinaryOp.SHIFT_LEFT, DType.BOOL, "bool has no shift_left; it takes integers");
    refused(BinaryOp.SHIFT_RIGHT, DType.FLOAT64, "float64 has no shift_right; it takes integers");
    refused(
        UnaryOp.NEG, DType.BOOL, "bool has no neg; it takes numbers; use logicalNot or to(DType)");
    refused(UnaryOp.NOT, DType.FLOAT32, "float32 has no not; it takes integers and bool");
  }

  private static void refused(BinaryOp function, DType dtype, String detail) {
    Pointwise op = Pointwise.of("mine", (a, b) -> a.apply(function, b));
    assertThatThrownBy(() -> result(op, tensor(dtype), tensor(dtype)))
        .isInstanceOf(DTypeException.class)
        .hasMessage("mine: " + detail);
  }

  private static void refused(UnaryOp function, DType dtype, String detail) {
    Pointwise op = Pointwise.of("mine", x -> x.apply(function));
    assertThatThrownBy(() -> result(op, tensor(dtype)))
        .isInstanceOf(DTypeException.class)
        .hasMessage("mine: " + detail);
  }

  @Test
  void aRefusalNamesThePromotedType() {
    Pointwise and = Pointwise.of("and", (a, b) -> a.and(b));
    assertThatThrownBy(() -> result(and, tensor(DType.INT32), tensor(DType.FLOAT64)))
        .hasMessageStartingWith("and: float64 has no and");
  }
}
