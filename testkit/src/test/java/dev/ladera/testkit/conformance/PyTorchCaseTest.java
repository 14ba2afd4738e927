package dev.ladera.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ladera.DType;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.op.TensorType;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The reader of reference values finds what stands there, and its comparison what is wrong. */
class PyTorchCaseTest {
  private static final Map<String, PyTorchCase> CASES =
      PyTorchCase.parse(
          """
          # A comment.
          case Linear(4, 3, bias=False) of nothing
          in.0 float32 2x2 1.5 -0 1e-3 nan
          in.1 float64 - -inf
          case numbers
          wide int64 2 9007199254740993 -1
          narrow int32 1x1 7
          truth bool 3 1 0 1
          none float64 0x3
          value float64 2 1000 0.5
          """);

  private static PyTorchCase get(String name) {
    return Objects.requireNonNull(CASES.get(name));
  }

  private static TensorType type(DType dtype, int... sizes) {
    return new TensorType(dtype, Shape.of(sizes));
  }

  @Test
  void casesAreNamedByWholeLines() {
    assertThat(CASES.keySet()).containsExactly("Linear(4, 3, bias=False) of nothing", "numbers");
    assertThat(get("numbers")).hasToString("numbers");
  }

  @Test
  void tensorsHaveTheirTypesShapesAndValues() {
    PyTorchCase floats = get("Linear(4, 3, bias=False) of nothing");
    assertThat(floats.get("in.0").type()).isEqualTo(type(DType.FLOAT32, 2, 2));
    assertThat(floats.get("in.0").toFloatArray())
        .isEqualTo(new float[] {1.5f, -0.0f, 1e-3f, Float.NaN});
    assertThat(floats.get("in.1").type()).isEqualTo(type(DType.FLOAT64));
    assertThat(floats.get("in.1").item()).isEqualTo(Double.NEGATIVE_INFINITY);
    PyTorchCase numbers = get("numbers");
    assertThat(numbers.get("wide").toLongArray()).containsExactly(9007199254740993L, -1);
    assertThat(numbers.get("narrow").type()).isEqualTo(type(DType.INT32, 1, 1));
    assertThat(numbers.get("truth").toBooleanArray()).containsExactly(true, false, true);
    assertThat(numbers.get("none").type()).isEqualTo(type(DType.FLOAT64, 0, 3));
  }

  @Test
  void tensorsAreFoundByTheBeginningsOfTheirNames() {
    PyTorchCase floats = get("Linear(4, 3, bias=False) of nothing");
    assertThat(floats.with("in.").keySet()).containsExactly("0", "1");
    assertThat(floats.with("out.")).isEmpty();
    assertThat(floats.has("in.1")).isTrue();
    assertThat(floats.has("in.2")).isFalse();
    assertThatThrownBy(() -> floats.get("in.2")).hasMessageEndingWith("of nothing has no in.2");
  }

  @Test
  void whatIsCloseIsAccepted() {
    get("numbers").assertClose("value", Tensor.of(new double[] {1000.9, 0.5009}), 1e-3);
    get("numbers").assertClose("value", Tensor.of(new float[] {1000, 0.5f}), 0);
    get("Linear(4, 3, bias=False) of nothing")
        .assertClose("in.0", Tensor.of(new double[] {1.5, 0, 1e-3, Double.NaN}, 2, 2), 1e-9);
  }

  private static void assertDiffers(String words, double... values) {
    assertThatThrownBy(() -> get("numbers").assertClose("value", Tensor.of(values), 1e-3))
        .isInstanceOf(AssertionError.class)
        .hasMessage("numbers, value" + words);
  }

  @Test
  void whatIsFurtherAwayIsNot() {
    assertDiffers("[0]: 1001.1; PyTorch has 1000.0", 1001.1, 0.5);
    assertDiffers("[1]: 0.5011; PyTorch has 0.5", 1000, 0.5011);
    assertDiffers("[1]: NaN; PyTorch has 0.5", 1000, Double.NaN);
    assertDiffers("[0]: Infinity; PyTorch has 1000.0", Double.POSITIVE_INFINITY, 0.5);
    assertDiffers(": (1,); PyTorch has (2,)", 1000);
    PyTorchCase floats = get("Linear(4, 3, bias=False) of nothing");
    assertThatThrownBy(() -> floats.assertClose("in.1", Tensor.scalar(-1e30), 1))
        .hasMessageEndingWith("PyTorch has -Infinity");
  }

  @Test
  void aNameThatStandsTwiceIsRefused() {
    assertThatThrownBy(() -> PyTorchCase.parse("case one\ncase one\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a case stands twice: one");
  }
}
