package dev.ladera.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.Tensor;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormulaTest {
  private static double at(String formula, double x, double y) {
    return Formula.of(formula)
        .apply(Tensor.scalar(x, DType.FLOAT64), Tensor.scalar(y, DType.FLOAT64))
        .item();
  }

  @ParameterizedTest
  @CsvSource({
    "x + 2*y, 8",
    "x - y - 1, -2",
    "2*x^2, 8",
    "-x^2, -4",
    "2^-1, 0.5",
    "2^3^2, 512",
    "(x + y) / 4 * 2, 2.5",
    "sqrt(x*x + y*y) , 3.605551275463989",
    "cos(2*pi*x) + log(e), 2",
    "-(-x), 2"
  })
  void operatorsBindAsInMathematics(String formula, double expected) {
    assertThat(at(formula, 2, 3)).isCloseTo(expected, within(1e-12));
  }

  @ParameterizedTest
  @CsvSource({"x +, 4", "(x, 3", "z, 1", "sin x, 5", "x y, 3", "1..2, 1"})
  void whatIsNoFormulaIsRefusedWithItsPlace(String formula, int place) {
    assertThatThrownBy(() -> Formula.of(formula))
        .isInstanceOf(ArgumentException.class)
        .hasMessageContaining("cannot be read at character " + place + ": expected");
  }

  @Test
  void aFormulaHasGradients() {
    Tensor x = Tensor.scalar(-3, DType.FLOAT64).requiresGrad(true);
    Formula.of("x^2 + y").apply(x, Tensor.scalar(1, DType.FLOAT64)).backward();
    assertThat(Objects.requireNonNull(x.grad()).item()).isEqualTo(-6);
  }
}
