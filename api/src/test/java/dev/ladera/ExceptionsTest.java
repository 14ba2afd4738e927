package dev.ladera;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Errors carry their facts, beside the text for people. */
class ExceptionsTest {
  @Test
  void allNameTheOperation() {
    assertThat(new GradientException("backward", "there is no graph").operation())
        .isEqualTo("backward");
    assertThat(new DeviceException("device", "is not there")).hasMessage("device: is not there");
    Throwable cause = new IllegalStateException("broken");
    assertThat(new BackendException("matmul", "failed", cause))
        .hasMessage("matmul: failed")
        .hasCause(cause);
    assertThat(new BackendException("matmul", "failed", cause).operation()).isEqualTo("matmul");
    assertThat(new BackendException("matmul", "failed")).hasNoCause();
  }

  @Test
  void eachCarriesWhatItIsAbout() {
    assertThat(new ShapeException("add", "do not fit", Shape.of(2), Shape.of(3)).shapes())
        .containsExactly(Shape.of(2), Shape.of(3));
    assertThat(new DTypeException("add", "do not fit", DType.BOOL, DType.INT32).dtypes())
        .containsExactly(DType.BOOL, DType.INT32);
    ArgumentException argument = new ArgumentException("topk", "k", "is 4");
    assertThat(argument).hasMessage("topk: k is 4");
    assertThat(argument.argument()).isEqualTo("k");
    IndexException index = new IndexException("select", "is outside", 7, 5);
    assertThat(index.index()).isEqualTo(7);
    assertThat(index.size()).isEqualTo(5);
    FileFormatException file = new FileFormatException("npy", Path.of("a.npy"), 6, "no magic");
    assertThat(file).hasMessage("npy: a.npy at 6: no magic");
    assertThat(file.path()).isEqualTo(Path.of("a.npy"));
    assertThat(file.offset()).isEqualTo(6);
  }
}
