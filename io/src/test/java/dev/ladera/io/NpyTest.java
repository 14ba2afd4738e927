package dev.ladera.io;

import static dev.ladera.io.TestFiles.assertSame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NpyTest {
  @TempDir private Path folder = Path.of("");

  @Provide
  static Arbitrary<Tensor> tensors() {
    return TensorArbitrary.tensors();
  }

  @Property(tries = 200, shrinking = ShrinkingMode.BOUNDED)
  void whatIsWrittenIsReadAgain(@ForAll("tensors") Tensor tensor) throws IOException {
    Path file = Files.createTempFile("ladera", ".npy");
    try {
      Npy.write(file, tensor);
      assertSame(Npy.read(file), tensor);
      assertThat(Files.size(file) - tensor.elements() * tensor.dtype().bytes()).isEqualTo(128);
    } finally {
      Files.delete(file);
    }
  }

  private Tensor fixture(String name) {
    return Npy.read(TestFiles.fixture(folder, name));
  }

  @Test
  void filesOfNumpyAreRead() {
    Tensor counted = Tensor.arange(24).reshape(2, 3, 4);
    assertSame(fixture("c_order.npy"), counted.to(DType.FLOAT32));
    assertSame(fixture("fortran.npy"), counted.to(DType.FLOAT64));
    assertSame(fixture("scalar.npy"), Tensor.scalar(-7, DType.INT64));
    assertSame(fixture("empty.npy"), Tensor.zeros(Shape.of(3, 0), DType.INT32, Device.standard()));
    assertSame(fixture("version2.npy"), Tensor.of(new boolean[] {true, false}));
    assertSame(fixture("version3.npy"), Tensor.of(new boolean[] {true, false}));
  }

  @ParameterizedTest
  @ValueSource(strings = {"c_order.npy", "scalar.npy", "empty.npy"})
  void theBytesWrittenAreThoseOfNumpy(String name) throws IOException {
    Path copy = folder.resolve("copy.npy");
    Npy.write(copy, fixture(name));
    assertThat(Files.readAllBytes(copy)).isEqualTo(TestFiles.fixture(name));
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Path missing = folder.resolve("missing.npy");
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> Npy.read(missing))
        .withMessage("npy: " + missing + ": there is no such file");
  }
}
