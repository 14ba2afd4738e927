package dev.ladera.testkit.conformance;

import dev.ladera.testkit.conformance.PyTorchValues.Asked;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Writes the inputs for {@code make_reference_values.py}. No build runs it by itself; the script
 * says how to.
 */
class PyTorchInputs {
  @Test
  void writeInputs() throws IOException {
    Path target = Path.of(System.getProperty("ladera.pytorch.inputs", "target/pytorch-inputs.txt"));
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, Asked> asked : PyTorchValues.asked().entrySet()) {
      text.append("case ").append(asked.getKey()).append('\n');
      boolean special = asked.getKey().matches(".* (special|kinks)");
      List<HostValue> inputs = asked.getValue().inputs();
      for (int i = 0; i < inputs.size(); i++) {
        text.append("in.").append(i).append(' ').append(line(inputs.get(i), special)).append('\n');
      }
    }
    Files.writeString(target, text, StandardCharsets.UTF_8);
  }

  /** Floating values to three decimals, unless they are special: both sides compute with that. */
  private static String line(HostValue value, boolean special) {
    String sizes =
        value.shape().toList().stream().map(String::valueOf).collect(Collectors.joining("x"));
    String values =
        IntStream.range(0, (int) value.shape().elements())
            .mapToObj(i ->
                value.dtype().isFloating() && !special
                    ? String.valueOf(Math.round(value.getDouble(i) * 1000) / 1000.0)
                    : value.text(i))
            .collect(Collectors.joining(" "));
    return (value.dtype() + " " + (sizes.isEmpty() ? "-" : sizes) + " " + values).strip();
  }
}
