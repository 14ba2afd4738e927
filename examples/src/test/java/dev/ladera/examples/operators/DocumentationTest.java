package dev.ladera.examples.operators;

import static dev.ladera.examples.operators.Functions.RANGE;
import static dev.ladera.examples.operators.Lambdas.MISH;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Generator;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.autograd.GradCheck;
import dev.ladera.backend.cpu.CpuBackend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/custom-operators.md shows is code that is compiled and run. */
class DocumentationTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @Test
  void everyPieceOfCodeStandsInASourceFile() throws IOException {
    List<String> sources = new ArrayList<>();
    for (String folder :
        List.of(
            "examples/src/main/java/dev/ladera/examples/operators",
            "examples/src/test/java/dev/ladera/examples/operators",
            "backend-nd4j/src/test/java")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
        files
            .filter(file -> file.toString().endsWith(".java"))
            .map(DocumentationTest::read)
            .forEach(sources::add);
      }
    }
    String text = Files.readString(ROOT.resolve("docs/custom-operators.md"));
    Matcher blocks = BLOCK.matcher(text);
    int pieces = 0;
    while (blocks.find()) {
      for (String piece : blocks.group(1).split("// …")) {
        String dense = dense(piece);
        assertThat(sources).as(piece).anyMatch(source -> source.contains(dense));
        pieces++;
      }
    }
    assertThat(pieces).isGreaterThan(12);
  }

  private static String read(Path file) {
    try {
      return dense(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Without white space, so that indentation and line breaks may differ. */
  private static String dense(String text) {
    return text.replaceAll("\\s", "");
  }

  @Test
  void theCallsDoWhatIsSaidOfThem() {
    Device device = Device.of("cpu", new CpuBackend(1));
    Tensor x = new Generator(1).uniform(Shape.of(2, 3), DType.FLOAT64, device).add(0.5);
    Tensor y = MISH.call(x);
    assertThat(y.type()).isEqualTo(x.type());
    List<Tensor> range = RANGE.callAll(x);
    assertThat(range).hasSize(2);
    Tensor normal = new RmsNorm(1e-6).call(x);
    assertThat(normal.square().mean().item()).isBetween(0.999, 1.001);
    device.register(new RmsNormOnCpu());
    assertThat(device.hasKernel(new RmsNorm(1e-6), x.type())).isTrue();
    GradCheck.of(in -> new RmsNorm(1e-6).call(in.get(0))).secondOrder().check(x);
  }
}
