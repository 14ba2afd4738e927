package dev.ladera.op;

import dev.ladera.DType;
import dev.ladera.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Asks operators what they infer; types are written as they print: {@code float32(2, 3)}. */
final class Inference {
  private Inference() {}

  static TensorType type(String text) {
    int open = text.indexOf('(');
    DType dtype = DType.valueOf(text.substring(0, open).toUpperCase(Locale.ROOT));
    int[] sizes =
        Arrays.stream(text.substring(open + 1, text.length() - 1).split(","))
            .map(String::strip)
            .filter(size -> !size.isEmpty())
            .mapToInt(Integer::parseInt)
            .toArray();
    return new TensorType(dtype, Shape.of(sizes));
  }

  static TensorType[] types(String... texts) {
    return Arrays.stream(texts).map(Inference::type).toArray(TensorType[]::new);
  }

  /** The types of the outputs for inputs of these types. */
  static List<String> infer(Operator operator, String... inputs) {
    return Arrays.stream(operator.infer(types(inputs))).map(TensorType::toString).toList();
  }
}
