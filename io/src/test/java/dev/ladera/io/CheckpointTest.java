package dev.ladera.io;

import static dev.ladera.io.TestFiles.assertSame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ladera.ArgumentException;
import dev.ladera.Device;
import dev.ladera.FileFormatException;
import dev.ladera.Generator;
import dev.ladera.StateDict;
import dev.ladera.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointTest {
  @TempDir private Path folder = Path.of("");

  private static StateDict optimizer() {
    StateDict state = StateDict.empty();
    state.tensors().put("0/momentum", Tensor.of(new float[] {1, 2}));
    state.numbers().put("group/0/lr", 0.1);
    state.numbers().put("step", 100.0);
    state.numbers().put("nan", Double.NaN);
    state.numbers().put("best", Double.NEGATIVE_INFINITY);
    state.numbers().put("zero", -0.0);
    state.numbers().put("tiny", Double.MIN_VALUE);
    return state;
  }

  private Path whole() {
    Map<String, Tensor> model = new LinkedHashMap<>();
    model.put("weight", Tensor.of(new float[] {1, 2, 3, 4}, 2, 2).t());
    model.put("layers.0/odd", Tensor.arange(3));
    StateDict scheduler = StateDict.empty();
    scheduler.numbers().put("epoch", 3.0);
    Generator generator = new Generator(Long.MIN_VALUE);
    generator.restore(Long.MIN_VALUE, Long.MAX_VALUE - 1);
    Path path = folder.resolve("run.safetensors");
    new Checkpoint()
        .put("model", model)
        .put("optimizer", optimizer())
        .put("scheduler", scheduler)
        .put("shuffle", generator)
        .put("buffers", Map.<String, Tensor>of())
        .note("epoch", "3")
        .note("", "")
        .note("a/b", "ü\n\"")
        .write(path);
    return path;
  }

  @Test
  void everyPartComesBack() {
    Checkpoint read = Checkpoint.read(whole());
    assertThat(read.parts())
        .containsExactly("model", "optimizer", "scheduler", "shuffle", "buffers");
    assertThat(read.notes())
        .containsExactly(Map.entry("epoch", "3"), Map.entry("", ""), Map.entry("a/b", "ü\n\""));
    assertThat(read.note("epoch")).isEqualTo("3");
    Map<String, Tensor> model = read.tensors("model");
    assertThat(model).containsOnlyKeys("weight", "layers.0/odd");
    assertSame(
        model.getOrDefault("weight", Tensor.ones(1)), Tensor.of(new float[] {1, 3, 2, 4}, 2, 2));
    assertSame(model.getOrDefault("layers.0/odd", Tensor.ones(1)), Tensor.arange(3));
    assertThat(read.state("optimizer").numbers()).containsExactlyEntriesOf(optimizer().numbers());
    assertThat(read.state("optimizer").tensors()).containsOnlyKeys("0/momentum");
    assertThat(read.state("scheduler").number("epoch")).isEqualTo(3);
    assertThat(read.tensors("buffers")).isEmpty();
    Generator generator = new Generator(0);
    read.restore("shuffle", generator);
    assertThat(generator.seed()).isEqualTo(Long.MIN_VALUE);
    assertThat(generator.offset()).isEqualTo(Long.MAX_VALUE - 1);
  }

  @Test
  void aCheckpointThatWasReadCanBeWrittenAgain() {
    Path first = whole();
    Path second = folder.resolve("second.safetensors");
    Checkpoint.read(first, Device.standard()).write(second);
    assertThat(second).hasSameBinaryContentAs(first);
  }

  @Test
  void theOrderOfTheMetadataDoesNotMatter() {
    SafeTensors file = SafeTensors.read(whole());
    Path shuffled = folder.resolve("shuffled.safetensors");
    SafeTensors.write(shuffled, file.tensors(), new TreeMap<>(file.metadata()));
    Checkpoint read = Checkpoint.read(shuffled);
    assertThat(read.parts())
        .containsExactlyInAnyOrder("model", "optimizer", "scheduler", "shuffle", "buffers");
    assertThat(read.state("optimizer").numbers())
        .containsExactlyInAnyOrderEntriesOf(optimizer().numbers());
  }

  @Property(tries = 50, shrinking = ShrinkingMode.BOUNDED)
  void numbersAreExact(
      @ForAll @Size(max = 20) Map<@AlphaChars @StringLength(max = 8) String, Double> numbers)
      throws IOException {
    Path file = Files.createTempFile("ladera", ".safetensors");
    try {
      new Checkpoint().put("state", new StateDict(Map.of(), numbers)).write(file);
      assertThat(Checkpoint.read(file).state("state").numbers())
          .containsExactlyEntriesOf(new LinkedHashMap<>(numbers));
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void aGeneratorGoesOnWhereItWasPut() {
    Generator generator = new Generator(7);
    generator.nextInt(10);
    Checkpoint checkpoint = new Checkpoint().put("shuffle", generator);
    int next = generator.nextInt(1000);
    Path path = folder.resolve("g.safetensors");
    checkpoint.write(path);
    Generator other = new Generator(0);
    Checkpoint.read(path).restore("shuffle", other);
    assertThat(other.nextInt(1000)).isEqualTo(next);
  }

  @Test
  void aPartPutAgainReplacesTheFirst() {
    Checkpoint checkpoint = new Checkpoint().put("x", new Generator(1)).note("n", "1");
    checkpoint.put("x", Map.of("w", Tensor.ones(1))).note("n", "2");
    assertThat(checkpoint.tensors("x")).containsOnlyKeys("w");
    assertThat(checkpoint.note("n")).isEqualTo("2");
  }

  @Test
  void aPartThatIsMissingIsAnsweredByThoseThatThereAre() {
    Checkpoint read = Checkpoint.read(whole());
    assertThatExceptionOfType(ArgumentException.class)
        .isThrownBy(() -> read.tensors("net"))
        .withMessageContaining("'net' is not there; there are [model, optimizer, scheduler, ");
    assertThatExceptionOfType(ArgumentException.class)
        .isThrownBy(() -> read.note("loss"))
        .withMessageContaining("'loss' is not there; there are [epoch, , a/b]");
  }

  @Test
  void aPartOfAnotherKindSaysHowToReadIt() {
    Checkpoint read = Checkpoint.read(whole());
    Generator generator = new Generator(0);
    assertThatExceptionOfType(ArgumentException.class)
        .isThrownBy(() -> read.tensors("optimizer"))
        .withMessageContaining("'optimizer' is a state with numbers; use state()");
    assertThatExceptionOfType(ArgumentException.class)
        .isThrownBy(() -> read.tensors("shuffle"))
        .withMessageContaining("use restore()");
    assertThatExceptionOfType(ArgumentException.class)
        .isThrownBy(() -> read.state("model"))
        .withMessageContaining("'model' is a map of tensors; use tensors()");
    assertThatExceptionOfType(ArgumentException.class)
        .isThrownBy(() -> read.state("shuffle"))
        .withMessageContaining("use restore()");
    assertThatExceptionOfType(ArgumentException.class)
        .isThrownBy(() -> read.restore("model", generator))
        .withMessageContaining("use tensors()");
    assertThatExceptionOfType(ArgumentException.class)
        .isThrownBy(() -> read.restore("optimizer", generator))
        .withMessageContaining("use state()");
  }

  @ParameterizedTest
  @CsvSource({"''", "a/b", "/"})
  void aPartsNameHasNoSlash(String name) {
    assertThatExceptionOfType(ArgumentException.class)
        .isThrownBy(() -> new Checkpoint().put(name, new Generator(0)))
        .withMessageContaining("a name without a slash");
  }

  @ParameterizedTest
  @CsvSource({
    "'', x, 'the metadata has no ladera.checkpoint, so this is none'",
    "ladera.checkpoint, 2, 'of version 1, not 2;'",
  })
  void aFileThatIsNoCheckpointOfThisVersionIsNamed(String key, String value, String words) {
    assertRefused(Map.of(), Map.of(key, value), words);
  }

  @ParameterizedTest
  @CsvSource({
    "part/x, things, 'expected tensors, state or generator for ''part/x'', not ''things'''",
    "part/x, generator 1, 'expected tensors, state or generator'",
    "part/x, generator 1 b, 'expected two integers for the generator ''part/x'''",
    "part/x, generator 1 9223372036854775808, 'expected two integers'",
    "number/x/lr, 1, 'expected ''number/x/lr'' to belong to a state; there are []'",
    "number/x, 1, 'to belong to a state'",
  })
  void metadataThatLiesIsNamed(String key, String value, String words) {
    assertRefused(Map.of(), Map.of("ladera.checkpoint", "1", key, value), words);
  }

  @Test
  void aNumberThatIsNoneIsNamed() {
    assertRefused(
        Map.of(),
        Map.of("ladera.checkpoint", "1", "part/x", "state", "number/x/lr", "much"),
        "expected a number for 'number/x/lr', not 'much'");
  }

  @ParameterizedTest
  @CsvSource({"w", "y/w", "g/w"})
  void aTensorOfNoPartIsNamed(String name) {
    assertRefused(
        Map.of(name, Tensor.ones(1)),
        Map.of("ladera.checkpoint", "1", "part/g", "generator 0 0"),
        "expected tensor '" + name + "' to belong to one of [g]");
  }

  private void assertRefused(
      Map<String, Tensor> tensors, Map<String, String> metadata, String words) {
    Path path = folder.resolve("lie.safetensors");
    SafeTensors.write(path, tensors, metadata);
    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> Checkpoint.read(path))
        .withMessageStartingWith("checkpoint: " + path + " at 8: ")
        .withMessageContaining(words);
  }
}
