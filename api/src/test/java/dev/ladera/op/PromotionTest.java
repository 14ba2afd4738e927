package dev.ladera.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ladera.DType;
import dev.ladera.DTypeException;
import dev.ladera.Shape;
import org.junit.jupiter.api.Test;

class PromotionTest {
  private static final Pointwise ADD = Pointwise.of("add", (a, b) -> a.add(b));
  private static final Pointwise DIV = Pointwise.of("div", (a, b) -> a.div(b));

  private static TensorType tensor(DType dtype) {
    return new TensorType(dtype, Shape.of(3));
  }

  private static TensorType scalar(DType dtype) {
    return new TensorType(dtype, Shape.SCALAR);
  }

  private static DType result(Pointwise op, TensorType... inputs) {
    return op.infer(inputs)[0].dtype();
  }

  @Test
  void tensorsWithAxesPromoteToTheLarger() {
    assertThat(result(ADD, tensor(DType.FLOAT32), tensor(DType.FLOAT64))).isEqualTo(DType.FLOAT64);
    assertThat(result(ADD, tensor(DType.INT64), tensor(DType.FLOAT32))).isEqualTo(DType.FLOAT32);
    assertThat(result(ADD, tensor(DType.BOOL), tensor(DType.INT32))).isEqualTo(DType.INT32);
  }

  @Test
  void tensorsWithoutAxesDoNotWidenWithinACategory() {
    assertThat(result(ADD, tensor(DType.FLOAT32), scalar(DType.FLOAT64))).isEqualTo(DType.FLOAT32);
    assertThat(result(ADD, tensor(DType.INT32), scalar(DType.INT64))).isEqualTo(DType.INT32);
    assertThat(result(ADD, tensor(DType.INT64), scalar(DType.FLOAT64))).isEqualTo(DType.FLOAT64);
  }

  @Test
  void aScalarNeverWidensATensor() {
    Pointwise plusFloat = Pointwise.of("add", a -> a.add(1.5));
    Pointwise plusInteger = Pointwise.of("add", a -> a.add(1));
    assertThat(result(plusFloat, tensor(DType.FLOAT32))).isEqualTo(DType.FLOAT32);
    assertThat(result(plusInteger, tensor(DType.INT32))).isEqualTo(DType.INT32);
    assertThat(result(plusFloat, tensor(DType.INT64))).isEqualTo(DType.FLOAT32);
    assertThat(result(plusInteger, tensor(DType.BOOL))).isEqualTo(DType.INT64);
  }

  @Test
  void trueDivisionOfIntegersIsFloating() {
    assertThat(result(DIV, tensor(DType.INT64), tensor(DType.INT64))).isEqualTo(DType.FLOAT32);
  }

  @Test
  void boolHasNoDifference() {
    Pointwise sub = Pointwise.of("sub", (a, b) -> a.sub(b));
    assertThatThrownBy(() -> result(sub, tensor(DType.BOOL), tensor(DType.BOOL)))
        .isInstanceOf(DTypeException.class)
        .hasMessageStartingWith("sub: bool has no sub");
  }

  @Test
  void equalSubexpressionsAreOneStep() {
    Pointwise op = Pointwise.of("twice", x -> x.exp().mul(x.exp()));
    Program program = op.program(Signature.of(tensor(DType.FLOAT32)));
    assertThat(program.steps()).hasSize(3);
  }

  @Test
  void whatIsComputedFromNumbersAloneIsNotRoundedToFloat32First() {
    Pointwise op = Pointwise.of("slope", x -> x.pow(Expr.of(2.7).sub(1)).mul(Expr.of(3.1).log()));
    Program program = op.program(Signature.of(tensor(DType.FLOAT64)));
    assertThat(program.steps()).extracting(Program.Step::dtype).containsOnly(DType.FLOAT64);
  }

  @Test
  void aProgramHoldsNoStepThatItsResultDoesNotNeed() {
    Pointwise op = Pointwise.of("affine", x -> x.mul(2).add(1));
    assertThat(op.program(Signature.of(tensor(DType.FLOAT32))).steps()).hasSize(5);
  }

  @Test
  void numbersAreParametersSoThatOneKernelServesThemAll() {
    Pointwise a = Pointwise.of("scale", x -> x.mul(2.0));
    Pointwise b = Pointwise.of("scale", x -> x.mul(3.0));
    assertThat(a.kernelKey()).isEqualTo(b.kernelKey());
    assertThat(a).isNotEqualTo(b).isEqualTo(b.with(2.0));
    assertThat(b.scalarAsDouble(0)).isEqualTo(3.0);
  }
}
