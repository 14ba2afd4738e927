package dev.ladera;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DTypeTest {
  @Test
  void eachTypeHasAWidthAnArrayAndAName() {
    assertThat(DType.values()).extracting(DType::bytes).containsExactly(4, 8, 4, 8, 1);
    assertThat(DType.values())
        .extracting(DType::toString)
        .containsExactly("float32", "float64", "int32", "int64", "bool");
    assertThat(DType.FLOAT32.newArray(3)).isInstanceOf(float[].class);
    assertThat(DType.FLOAT64.newArray(3)).isInstanceOf(double[].class);
    assertThat(DType.INT32.newArray(3)).isInstanceOf(int[].class);
    assertThat(DType.INT64.newArray(3)).isEqualTo(new long[3]);
    assertThat(DType.BOOL.newArray(3)).isInstanceOf(boolean[].class);
  }

  @Test
  void typesAreFloatingIntegerOrBool() {
    assertThat(DType.values())
        .extracting(DType::isFloating)
        .containsExactly(true, true, false, false, false);
    assertThat(DType.values())
        .extracting(DType::isInteger)
        .containsExactly(false, false, true, true, false);
  }
}
