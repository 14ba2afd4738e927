package dev.ladera.op;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.DType;
import org.junit.jupiter.api.Test;

class SignatureTest {
  private static Signature of(String... types) {
    return Signature.of(Inference.types(types));
  }

  @Test
  void itKnowsEachInputsTypeAndWhetherItHasAxes() {
    Signature signature = of("float32(2, 3)", "int64()", "bool(1,)");
    assertThat(signature.size()).isEqualTo(3);
    assertThat(signature.dtype(0)).isEqualTo(DType.FLOAT32);
    assertThat(signature.dtype(1)).isEqualTo(DType.INT64);
    assertThat(signature.dtype(2)).isEqualTo(DType.BOOL);
    assertThat(signature.isScalar(0)).isFalse();
    assertThat(signature.isScalar(1)).isTrue();
    assertThat(signature.isScalar(2)).isFalse();
    assertThat(of().size()).isZero();
  }

  @Test
  void shapesAreNoPartOfIt() {
    assertThat(of("float32(2, 3)", "int64()"))
        .isEqualTo(of("float32(7,)", "int64()"))
        .hasSameHashCodeAs(of("float32(7,)", "int64()"));
  }

  @Test
  void typesAndMissingAxesAre() {
    Signature signature = of("float32(2, 3)", "int64()");
    assertThat(signature)
        .isNotEqualTo(of("float64(2, 3)", "int64()"))
        .isNotEqualTo(of("float32(2, 3)", "int64(1,)"))
        .isNotEqualTo(of("float32()", "int64(1,)"))
        .isNotEqualTo(of("float32(2, 3)"))
        .isNotEqualTo("signature");
  }

  @Test
  void differentOnesSpreadOverHashTables() {
    assertThat(of("float32(2,)").hashCode()).isNotEqualTo(of("float64(2,)").hashCode());
    assertThat(of("float32(2,)").hashCode()).isNotEqualTo(of("float32()").hashCode());
    assertThat(of("float32(2,)", "float32()").hashCode())
        .isNotEqualTo(of("float32()", "float32(2,)").hashCode());
  }

  @Test
  void itPrintsTheTypes() {
    assertThat(of("float32(2, 3)", "int64()")).hasToString("[float32, int64]");
  }
}
