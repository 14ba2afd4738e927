package dev.ladera.op;

import static dev.ladera.op.Inference.infer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ladera.ArgumentException;
import dev.ladera.ShapeException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PointwiseTest {
  private static final Pointwise ADD = Pointwise.of("add", (a, b) -> a.add(b));
  private static final Pointwise AFFINE = Pointwise.of("affine", x -> x.mul(2.5).add(3));

  @Test
  void inputsBroadcastToOneShape() {
    assertThat(infer(ADD, "float32(4, 1, 3)", "float32(2, 1)")).containsExactly("float32(4, 2, 3)");
    assertThat(infer(ADD, "float32()", "float32(5,)")).containsExactly("float32(5,)");
    Pointwise sum = Pointwise.of("sum", 3, x -> x.get(0).add(x.get(1)).add(x.get(2)));
    assertThat(infer(sum, "int32(3, 1)", "int32()", "int32(1, 4)")).containsExactly("int32(3, 4)");
    assertThatThrownBy(() -> infer(ADD, "float32(2, 3)", "float32(2,)"))
        .isInstanceOf(ShapeException.class)
        .hasMessage(
            "add: shapes (2, 3) and (2,) do not broadcast: axis -1 has sizes 3 and 2; sizes must be"
                + " equal, or one of them 1");
  }

  @Test
  void withoutInputsItIsAScalar() {
    Pointwise constant = Pointwise.of("one", 0, x -> Expr.of(1));
    assertThat(infer(constant)).containsExactly("int64()");
    assertThat(constant.arity()).isZero();
  }

  @Test
  void theNumberOfInputsIsFixed() {
    assertThat(ADD.arity()).isEqualTo(2);
    assertThatThrownBy(() -> infer(ADD, "float32(2,)"))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("add: inputs must be 2, not 1");
  }

  @Test
  void anExpressionMayReadOnlyTheInputsThatThereAre() {
    assertThatThrownBy(() -> Pointwise.of("op", 2, Expr.input(2)))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("op: body reads input 2 of an operator of 2 inputs");
    assertThatThrownBy(() -> Pointwise.of("op", 2, Expr.input(-1)))
        .isInstanceOf(ArgumentException.class);
    assertThat(Pointwise.of("op", 2, Expr.input(0)).body()).isEqualTo(Expr.input(0));
    assertThat(Pointwise.of("op", 2, Expr.input(1)).body()).isEqualTo(Expr.input(1));
  }

  @Test
  void aPlaceWithoutAValueIsRefused() {
    assertThatThrownBy(() -> Pointwise.of("op", 1, new Expr.Scalar(0, false)))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("op: body holds a parameter place without a value");
  }

  @Test
  void numbersBecomePlacesInTheirOrder() {
    assertThat(AFFINE.body())
        .isEqualTo(Expr.input(0).mul(new Expr.Scalar(0, false)).add(new Expr.Scalar(1, true)));
    assertThat(AFFINE.scalars()).containsExactly(Double.doubleToRawLongBits(2.5), 3);
    assertThat(AFFINE.scalarBits(0)).isEqualTo(Double.doubleToRawLongBits(2.5));
    assertThat(AFFINE.scalarBits(1)).isEqualTo(3);
    assertThat(AFFINE.scalarAsDouble(0)).isEqualTo(2.5);
    assertThat(AFFINE.scalarAsDouble(1)).isEqualTo(3);
    assertThat(AFFINE.scalarAsLong(0)).isEqualTo(2);
    assertThat(AFFINE.scalarAsLong(1)).isEqualTo(3);
  }

  @Test
  void integersAreKnownAsSuchWhereverTheyStand() {
    Pointwise op =
        Pointwise.of(
            "op",
            x ->
                Expr.where(
                    x.lt(1),
                    Expr.of(2).neg(),
                    Expr.where(x.gt(3), Expr.of(4).sub(x), Expr.of(5).to(dev.ladera.DType.INT32))));
    assertThat(List.of(0, 1, 2, 3, 4)).allMatch(i -> op.scalarAsDouble(i) == i + 1);
  }

  @Test
  void aNumberThatOccursTwiceAsOneObjectIsOnePlace() {
    Expr two = Expr.of(2.0);
    assertThat(Pointwise.of("op", x -> x.mul(two).add(two)).scalars()).hasSize(1);
  }

  @Test
  void otherNumbersTakeThePlacesOfTheOld() {
    Pointwise other = AFFINE.with(4, 5.9);
    assertThat(other.scalarAsDouble(0)).isEqualTo(4);
    assertThat(other.scalarAsLong(1)).isEqualTo(5);
    assertThat(AFFINE.withNumbersOf(other)).isEqualTo(other).isNotEqualTo(AFFINE);
    assertThatThrownBy(() -> AFFINE.with(1))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("affine: numbers must be 2, not 1");
  }

  @Test
  void aTemplateBringsItsNumbersAndKeepsItsConstants() {
    Expr body = Expr.input(0).mul(new Expr.Scalar(0, true)).add(Expr.of(7));
    long[] numbers = {9};
    Pointwise op = Pointwise.ofTemplate("op", 1, body, numbers);
    numbers[0] = 10;
    assertThat(op.body()).isEqualTo(body);
    assertThat(op.scalars()).containsExactly(9);
  }

  @Test
  void numbersAreParametersSoThatOneKernelServesThemAll() {
    Pointwise a = Pointwise.of("scale", x -> x.mul(2.0));
    Pointwise b = Pointwise.of("scale", x -> x.mul(3.0));
    assertThat(a.kernelKey()).isEqualTo(b.kernelKey()).hasSameHashCodeAs(b.kernelKey());
    assertThat(a).isNotEqualTo(b).isEqualTo(b.with(2.0)).hasSameHashCodeAs(b.with(2.0));
    assertThat(a.hashCode()).isNotEqualTo(b.hashCode());
  }

  @Test
  void anotherExpressionIsAnotherKernel() {
    Pointwise exp = Pointwise.of("op", x -> x.exp());
    Pointwise log = Pointwise.of("op", x -> x.log());
    Pointwise wider = Pointwise.of("op", 2, x -> x.get(0).exp());
    assertThat(exp.kernelKey())
        .isNotEqualTo(log.kernelKey())
        .isNotEqualTo(wider.kernelKey())
        .isNotEqualTo("key");
    assertThat(exp).isNotEqualTo(log).isNotEqualTo(wider).isNotEqualTo("operator");
    assertThat(exp.hashCode()).isNotEqualTo(log.hashCode());
    assertThat(exp.kernelKey().hashCode()).isNotEqualTo(log.kernelKey().hashCode());
  }

  @Test
  void itPrintsItsNameAndItsKernelWhatItIsMadeOf() {
    assertThat(ADD.name()).isEqualTo("add");
    assertThat(ADD).hasToString("add");
    assertThat(ADD.kernelKey().toString()).startsWith("add[").contains("ADD", "Input[index=1]");
  }
}
