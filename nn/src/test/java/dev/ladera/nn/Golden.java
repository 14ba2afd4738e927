package dev.ladera.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.Device;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Numbers computed with PyTorch: cases of named tensors, from a text resource. */
final class Golden {
  private final String name;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  private Golden(String name) {
    this.name = name;
  }

  static String text(String resource) {
    try (InputStream in = Golden.class.getResourceAsStream(resource)) {
      return new String(
          Objects.requireNonNull(in, resource).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  static Map<String, Golden> read(String resource) {
    Map<String, Golden> cases = new LinkedHashMap<>();
    Golden current = new Golden("none");
    for (String line : text(resource).split("\n")) {
      if (line.startsWith("case ")) {
        current = new Golden(line.substring(5));
        cases.put(current.name, current);
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        String[] words = line.trim().split(" ");
        current.tensors.put(words[0], tensor(words));
      }
    }
    return cases;
  }

  private static Tensor tensor(String[] words) {
    Shape shape =
        words[2].equals("-")
            ? Shape.SCALAR
            : Shape.of(Arrays.stream(words[2].split("x")).mapToInt(Integer::parseInt).toArray());
    List<String> values = Arrays.asList(words).subList(3, words.length);
    Object array =
        words[1].equals("int64")
            ? values.stream().mapToLong(Long::parseLong).toArray()
            : values.stream().mapToDouble(Golden::number).toArray();
    return Tensor.ofArray(array, shape, Device.standard());
  }

  private static double number(String word) {
    return switch (word) {
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(word);
    };
  }

  boolean has(String tensor) {
    return tensors.containsKey(tensor);
  }

  Tensor get(String tensor) {
    return Objects.requireNonNull(tensors.get(tensor), tensor);
  }

  /** The tensors whose names begin so, without that beginning. */
  Map<String, Tensor> with(String prefix) {
    Map<String, Tensor> found = new LinkedHashMap<>();
    tensors.forEach((key, tensor) -> {
      if (key.startsWith(prefix)) {
        found.put(key.substring(prefix.length()), tensor);
      }
    });
    return found;
  }

  void assertClose(String tensor, Tensor actual) {
    assertClose(tensor, get(tensor), actual, 1e-8);
  }

  static void assertClose(String what, Tensor expected, Tensor actual, double tolerance) {
    assertThat(actual.shape()).as(what).isEqualTo(expected.shape());
    double[] right = expected.toDoubleArray();
    double[] found = actual.toDoubleArray();
    for (int i = 0; i < right.length; i++) {
      boolean close =
          found[i] == right[i]
              || Math.abs(found[i] - right[i]) <= tolerance * Math.max(1, Math.abs(right[i]));
      assertThat(close).as("%s[%d]: %s, PyTorch has %s", what, i, found[i], right[i]).isTrue();
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
