package dev.ladera.op;

import static dev.ladera.DType.BOOL;
import static dev.ladera.DType.FLOAT32;
import static dev.ladera.DType.FLOAT64;
import static dev.ladera.DType.INT32;
import static dev.ladera.DType.INT64;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.DType;
import dev.ladera.op.Program.Step;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What a backend gets of an expression: typed steps, all conversions among them. */
class ProgramTest {
  private static Program of(UnaryOperator<Expr> body, String type) {
    return Pointwise.of("op", body).program(Signature.of(Inference.types(type)));
  }

  private static Program of(BinaryOperator<Expr> body, String left, String right) {
    return Pointwise.of("op", body).program(Signature.of(Inference.types(left, right)));
  }

  @Test
  void itKnowsTheTypesOfItsInputsAndOfItsResult() {
    Program program = of((a, b) -> a.lt(b), "float32(3,)", "int64()");
    assertThat(program.inputs()).containsExactly(FLOAT32, INT64);
    assertThat(program.dtype()).isEqualTo(BOOL);
    assertThat(of(x -> Expr.of(1.0), "int32(3,)").inputs()).containsExactly(INT32);
  }

  @Test
  void operandsOfDifferentTypesAreConvertedFirst() {
    assertThat(of((a, b) -> a.mul(b), "int32(3,)", "float64(3,)").steps())
        .containsExactly(
            new Step.Load(0, INT32),
            new Step.Load(1, FLOAT64),
            new Step.Cast(0, FLOAT64),
            new Step.Binary(BinaryOp.MUL, 2, 1, FLOAT64));
  }

  @Test
  void integersAreConvertedForFloatingFunctions() {
    assertThat(of(x -> x.exp(), "int64(3,)").steps())
        .containsExactly(
            new Step.Load(0, INT64),
            new Step.Cast(0, FLOAT32),
            new Step.Unary(UnaryOp.EXP, 1, FLOAT32));
    assertThat(of(x -> x.exp(), "float64(3,)").steps())
        .containsExactly(new Step.Load(0, FLOAT64), new Step.Unary(UnaryOp.EXP, 0, FLOAT64));
    assertThat(of((a, b) -> a.div(b), "int64(3,)", "bool(3,)").steps())
        .containsExactly(
            new Step.Load(0, INT64),
            new Step.Load(1, BOOL),
            new Step.Cast(0, FLOAT32),
            new Step.Cast(1, FLOAT32),
            new Step.Binary(BinaryOp.DIV, 2, 3, FLOAT32));
  }

  @Test
  void boolsAreComparedAsIntegersAndOthersInTheirCommonType() {
    assertThat(of((a, b) -> a.lt(b), "bool(3,)", "bool(3,)").steps())
        .containsExactly(
            new Step.Load(0, BOOL),
            new Step.Load(1, BOOL),
            new Step.Cast(0, INT32),
            new Step.Cast(1, INT32),
            new Step.Binary(BinaryOp.LT, 2, 3, BOOL));
    assertThat(of((a, b) -> a.lt(b), "int64(3,)", "int64(3,)").steps())
        .containsExactly(
            new Step.Load(0, INT64),
            new Step.Load(1, INT64),
            new Step.Binary(BinaryOp.LT, 0, 1, BOOL));
  }

  @Test
  void arithmeticOfBoolsIsLogic() {
    assertThat(logic(BinaryOp.ADD)).isEqualTo(BinaryOp.OR);
    assertThat(logic(BinaryOp.MAX)).isEqualTo(BinaryOp.OR);
    assertThat(logic(BinaryOp.MUL)).isEqualTo(BinaryOp.AND);
    assertThat(logic(BinaryOp.MIN)).isEqualTo(BinaryOp.AND);
  }

  private static BinaryOp logic(BinaryOp op) {
    Step last = of((a, b) -> a.apply(op, b), "bool(3,)", "bool(3,)").steps().getLast();
    return ((Step.Binary) last).op();
  }

  @Test
  void anIntegerIsNeverNaN() {
    assertThat(of(x -> x.apply(UnaryOp.IS_NAN), "int32(3,)").steps())
        .containsExactly(new Step.Literal(0, BOOL));
    assertThat(of(x -> x.apply(UnaryOp.IS_NAN), "float32(3,)").steps())
        .containsExactly(new Step.Load(0, FLOAT32), new Step.Unary(UnaryOp.IS_NAN, 0, BOOL));
  }

  @Test
  void anIntegerIsItsOwnFloorCeilingRoundingAndTruncation() {
    for (UnaryOp op : new UnaryOp[] {UnaryOp.FLOOR, UnaryOp.CEIL, UnaryOp.ROUND, UnaryOp.TRUNC}) {
      assertThat(of(x -> x.apply(op), "int64(3,)").steps())
          .containsExactly(new Step.Load(0, INT64));
      assertThat(of(x -> x.apply(op), "float32(3,)").steps())
          .containsExactly(new Step.Load(0, FLOAT32), new Step.Unary(op, 0, FLOAT32));
    }
    assertThat(of(x -> x.neg(), "int64(3,)").steps())
        .containsExactly(new Step.Load(0, INT64), new Step.Unary(UnaryOp.NEG, 0, INT64));
  }

  @Test
  void aConditionOfAnotherTypeBecomesBool() {
    assertThat(of((a, b) -> Expr.where(a, b, Expr.of(2)), "float32(3,)", "int32(3,)").steps())
        .containsExactly(
            new Step.Load(0, FLOAT32),
            new Step.Cast(0, BOOL),
            new Step.Load(1, INT32),
            new Step.Parameter(0, INT32),
            new Step.Select(1, 2, 3, INT32));
  }

  @Test
  void aConversionToTheSameTypeIsNoStep() {
    assertThat(of(x -> x.to(FLOAT32), "float32(3,)").steps())
        .containsExactly(new Step.Load(0, FLOAT32));
  }

  @Test
  void equalSubexpressionsAreOneStep() {
    assertThat(of(x -> x.exp().mul(x.exp()), "float32(3,)").steps()).hasSize(3);
    assertThat(of(x -> x.exp().add(x.exp().mul(x.exp())), "int32(3,)").steps()).hasSize(5);
  }

  @Test
  void itHoldsNoStepThatItsResultDoesNotNeed() {
    assertThat(of(x -> x.mul(2).add(1), "float32(3,)").steps())
        .containsExactly(
            new Step.Load(0, FLOAT32),
            new Step.Parameter(0, FLOAT32),
            new Step.Binary(BinaryOp.MUL, 0, 1, FLOAT32),
            new Step.Parameter(1, FLOAT32),
            new Step.Binary(BinaryOp.ADD, 2, 3, FLOAT32));
  }

  @Test
  void everyKindOfStepReadsTheRightOnesAfterUnneededOnesHaveGone() {
    // The number is written as an integer and used as a float: its first step goes.
    assertThat(of(x -> x.add(1).neg(), "float64(3,)").steps())
        .endsWith(new Step.Unary(UnaryOp.NEG, 2, FLOAT64));
    assertThat(of(x -> x.add(1).to(INT32), "float64(3,)").steps())
        .endsWith(new Step.Cast(2, INT32));
    UnaryOperator<Expr> choice =
        x -> {
          Expr next = x.add(1);
          return Expr.where(next.gt(x), x, next);
        };
    assertThat(of(choice, "float64(3,)").steps())
        .containsExactly(
            new Step.Load(0, FLOAT64),
            new Step.Parameter(0, FLOAT64),
            new Step.Binary(BinaryOp.ADD, 0, 1, FLOAT64),
            new Step.Binary(BinaryOp.GT, 2, 0, BOOL),
            new Step.Select(3, 0, 2, FLOAT64));
  }

  @Test
  void constantsThatWereLeftInTheExpressionAreLiterals() {
    Pointwise op = Pointwise.ofTemplate("op", 1, Expr.input(0).mul(Expr.of(0.1)).add(Expr.of(2)));
    assertThat(op.program(Signature.of(Inference.type("float64(3,)"))).steps())
        .containsExactly(
            new Step.Load(0, FLOAT64),
            new Step.Literal(0.1, FLOAT64),
            new Step.Binary(BinaryOp.MUL, 0, 1, FLOAT64),
            new Step.Literal(2, FLOAT64),
            new Step.Binary(BinaryOp.ADD, 2, 3, FLOAT64));
  }

  @Test
  void whatIsComputedFromNumbersAloneIsNotRoundedToFloat32First() {
    onlyFloat64(x -> x.mul(Expr.of(3.1).log()));
    onlyFloat64(x -> x.pow(Expr.of(2.7).sub(1)));
    onlyFloat64(x -> x.mul(Expr.of(2.7).sub(1.5).neg().exp()));
  }

  @Test
  void aChoiceBetweenNumbersIsNotRoundedToFloat32First() {
    assertThat(
            of(x -> x.mul(Expr.where(x.gt(0), Expr.of(1.0), Expr.of(0.01))), "float64(3,)").steps())
        .extracting(Step::dtype)
        .doesNotContain(FLOAT32);
  }

  private static void onlyFloat64(UnaryOperator<Expr> body) {
    assertThat(of(body, "float64(3,)").steps()).extracting(Step::dtype).containsOnly(FLOAT64);
  }

  @Test
  void numbersOfIntegersAloneAreComputedAsIntegers() {
    assertThat(
            of(x -> x.mul(Expr.of(7).apply(BinaryOp.FLOOR_DIV, Expr.of(2))), "float64(3,)").steps())
        .extracting(Step::dtype)
        .containsExactly(FLOAT64, INT64, INT64, INT64, FLOAT64, FLOAT64);
    assertThat(of(x -> x.mul(Expr.of(7).neg()), "float32(3,)").steps())
        .extracting(Step::dtype)
        .containsExactly(FLOAT32, INT64, INT64, FLOAT32, FLOAT32);
  }

  @Test
  void floatingNumbersUsedAsIntegersAreCutAfterwards() {
    Expr half = Expr.of(2.5).mul(2.0);
    assertThat(of(x -> x.add(half.to(DType.INT64)), "int64(3,)").steps())
        .extracting(Step::dtype)
        .containsExactly(INT64, FLOAT32, FLOAT32, FLOAT32, INT64, INT64);
    Expr positive = Expr.of(2.5).abs();
    assertThat(of(x -> x.add(positive.to(DType.INT64)), "int64(3,)").steps())
        .extracting(Step::dtype)
        .containsExactly(INT64, FLOAT32, FLOAT32, INT64, INT64);
  }
}
