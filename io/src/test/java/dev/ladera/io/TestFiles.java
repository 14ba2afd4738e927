package dev.ladera.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Files that NumPy and safetensors made, and what tensors are compared by. */
final class TestFiles {
  private TestFiles() {}

  /** The bytes of a fixture. */
  static byte[] fixture(String name) {
    try (InputStream stream = TestFiles.class.getResourceAsStream(name)) {
      assertThat(stream).as(name).isNotNull();
      return stream.readAllBytes();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** A fixture as a file in a folder. */
  static Path fixture(Path folder, String name) {
    return write(folder.resolve(name), fixture(name));
  }

  static byte[] read(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  static Path write(Path path, byte[] bytes) {
    try {
      return Files.write(path, bytes);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** Asserts type, shape and every bit, those of NaNs too. */
  static void assertSame(Tensor actual, Tensor expected) {
    assertThat(actual.type()).isEqualTo(expected.type());
    assertThat(actual.isContiguous()).isTrue();
    assertThat(bits(actual)).isEqualTo(bits(expected));
  }

  private static Object bits(Tensor tensor) {
    return switch (tensor.toArray()) {
      case float[] values -> {
        int[] bits = new int[values.length];
        Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
        yield bits;
      }
      case double[] values ->
          Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
      case Object other -> other;
    };
  }
}
