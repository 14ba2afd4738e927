package dev.ladera.testkit.conformance;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Gradients;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What PyTorch was given and answered in one case, as named tensors. Cases stand in text resources
 * that {@code make_reference_values.py}, among the testkit's tests, makes: a case begins with
 * {@code case} and its name, and has a line for each tensor, of name, type, shape and values.
 */
public final class PyTorchCase {
  private final String name;
  private final Map<String, HostValue> values = new LinkedHashMap<>();

  private PyTorchCase(String name) {
    this.name = name;
  }

  /** The text of a resource that stands next to a class. */
  public static String text(Class<?> test, String resource) {
    try (InputStream in = test.getResourceAsStream(resource)) {
      return new String(
          Objects.requireNonNull(in, resource).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The cases of a resource that stands next to a class, by name, in their order. */
  public static Map<String, PyTorchCase> read(Class<?> test, String resource) {
    return parse(text(test, resource));
  }

  static Map<String, PyTorchCase> parse(String text) {
    Map<String, PyTorchCase> cases = new LinkedHashMap<>();
    PyTorchCase current = new PyTorchCase("none");
    for (String line : text.lines().toList()) {
      if (line.startsWith("case ")) {
        current = new PyTorchCase(line.substring(5));
        if (cases.put(current.name, current) != null) {
          throw new IllegalArgumentException("a case stands twice: " + current.name);
        }
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        String[] words = line.split(" ");
        current.values.put(words[0], value(words));
      }
    }
    return cases;
  }

  private static HostValue value(String[] words) {
    int[] sizes =
        words[2].equals("-")
            ? new int[0]
            : Arrays.stream(words[2].split("x")).mapToInt(Integer::parseInt).toArray();
    String[] values = Arrays.copyOfRange(words, 3, words.length);
    Object array =
        switch (DType.valueOf(words[1].toUpperCase(Locale.ROOT))) {
          case FLOAT32 -> {
            float[] floats = new float[values.length];
            for (int i = 0; i < floats.length; i++) {
              floats[i] = (float) number(values[i]);
            }
            yield floats;
          }
          case FLOAT64 -> Arrays.stream(values).mapToDouble(PyTorchCase::number).toArray();
          case INT32 -> Arrays.stream(values).mapToInt(Integer::parseInt).toArray();
          case INT64 -> Arrays.stream(values).mapToLong(Long::parseLong).toArray();
          case BOOL -> {
            boolean[] truths = new boolean[values.length];
            for (int i = 0; i < truths.length; i++) {
              truths[i] = values[i].equals("1");
            }
            yield truths;
          }
        };
    return new HostValue(array, Shape.of(sizes));
  }

  private static double number(String word) {
    return switch (word) {
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      case "nan" -> Double.NaN;
      default -> Double.parseDouble(word);
    };
  }

  /** Whether there is a tensor of that name. */
  public boolean has(String tensor) {
    return values.containsKey(tensor);
  }

  /** A tensor, on the standard device. */
  public Tensor get(String tensor) {
    return value(tensor).on(Device.standard());
  }

  HostValue value(String tensor) {
    return Objects.requireNonNull(values.get(tensor), () -> name + " has no " + tensor);
  }

  /** The tensors whose names begin so, by the rest of their names, on the standard device. */
  public Map<String, Tensor> with(String prefix) {
    Map<String, Tensor> found = new LinkedHashMap<>();
    values.forEach((key, value) -> {
      if (key.startsWith(prefix)) {
        found.put(key.substring(prefix.length()), value.on(Device.standard()));
      }
    });
    return found;
  }

  /** The values whose names are the prefix and a number from 0 on. */
  List<HostValue> numbered(String prefix) {
    return values.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix))
        .map(Map.Entry::getValue)
        .toList();
  }

  /**
   * Fails if a tensor is not what PyTorch has: of another shape, or with an element that is further
   * away than the tolerance times its size, or times 1 where it is smaller. NaN is only close to
   * NaN, and infinity to itself.
   *
   * @param tensor the name of what PyTorch has
   */
  public void assertClose(String tensor, Tensor actual, double tolerance) {
    HostValue expected = value(tensor);
    if (!actual.shape().equals(expected.shape())) {
      throw new AssertionError(
          name + ", " + tensor + ": " + actual.shape() + "; PyTorch has " + expected.shape());
    }
    double[] found = actual.toDoubleArray();
    for (int i = 0; i < found.length; i++) {
      double right = expected.getDouble(i);
      if (!close(found[i], right, tolerance)) {
        throw new AssertionError(
            name + ", " + tensor + "[" + i + "]: " + found[i] + "; PyTorch has " + right);
      }
    }
  }

  private static boolean close(double found, double right, double tolerance) {
    return found == right
        || (Double.isNaN(found) && Double.isNaN(right))
        || (!Double.isInfinite(found)
            && !Double.isInfinite(right)
            && Math.abs(found - right) <= tolerance * Math.max(1, Math.abs(right)));
  }

  /**
   * The gradients that cases hold: those of the sum of all outputs, the element at row-major place
   * i weighted by cos i. They are zeros where the outputs do not depend on a leaf.
   *
   * @param createGraph whether gradients of the gradients will be asked for
   */
  public static List<Tensor> gradients(
      List<Tensor> outputs, List<Tensor> leaves, boolean createGraph) {
    List<Tensor> recorded = outputs.stream().filter(Tensor::requiresGrad).toList();
    List<@Nullable Tensor> weights = new ArrayList<>();
    recorded.forEach(output -> weights.add(cosines(output)));
    List<@Nullable Tensor> found =
        recorded.isEmpty()
            ? Collections.nCopies(leaves.size(), null)
            : Gradients.grad(recorded, leaves, weights, createGraph, createGraph);
    List<Tensor> gradients = new ArrayList<>();
    for (int i = 0; i < leaves.size(); i++) {
      Tensor leaf = leaves.get(i);
      Tensor gradient = found.get(i);
      gradients.add(
          gradient == null ? Tensor.zeros(leaf.shape(), leaf.dtype(), leaf.device()) : gradient);
    }
    return gradients;
  }

  private static Tensor cosines(Tensor like) {
    double[] values = new double[(int) like.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.cos(i);
    }
    return Tensor.ofArray(values, like.shape(), like.device()).to(like.dtype());
  }

  /** The name. */
  @Override
  public String toString() {
    return name;
  }
}
