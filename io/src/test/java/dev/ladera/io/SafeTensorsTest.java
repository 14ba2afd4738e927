package dev.ladera.io;

import static dev.ladera.io.TestFiles.assertSame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeTensorsTest {
  @TempDir private Path folder = Path.of("");

  @Provide
  static Arbitrary<Map<String, Tensor>> named() {
    Arbitrary<String> names =
        Arbitraries.strings()
            .all()
            .ofMaxLength(8)
            .filter(name -> name.chars().noneMatch(c -> Character.isSurrogate((char) c)));
    return Arbitraries.maps(names, TensorArbitrary.tensors()).ofMaxSize(5);
  }

  @Property(tries = 150, shrinking = ShrinkingMode.BOUNDED)
  void whatIsWrittenIsReadAgain(@ForAll("named") Map<String, Tensor> tensors) throws IOException {
    Path file = Files.createTempFile("ladera", ".safetensors");
    try {
      Map<String, String> notes = new LinkedHashMap<>();
      tensors.keySet().forEach(name -> notes.put(name, name));
      SafeTensors.write(file, tensors, notes);
      SafeTensors read = SafeTensors.read(file);
      assertThat(read.tensors()).containsOnlyKeys(tensors.keySet());
      tensors.forEach((name, tensor) -> assertSame(read.tensor(name), tensor));
      assertThat(read.metadata()).isEqualTo(notes);
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void aFileOfPythonIsRead() {
    SafeTensors read = SafeTensors.read(TestFiles.fixture(folder, "python.safetensors"));
    assertThat(read.metadata()).containsExactly(Map.entry("made by", "safetensors ü"));
    assertThat(read.tensors().keySet())
        .containsExactly(
            "long", "double", "empty", "w", "\uffee \"quoted\"\n", "🌻", "int", "bool");
    assertSame(
        read.tensor("w"), Tensor.of(new float[] {-0.1f, 0.9f, 1.9f, 2.9f, 3.9f, 4.9f}, 2, 3));
    assertSame(
        read.tensor("double"),
        Tensor.of(new double[] {Math.PI, -0.0, Double.NaN, Double.POSITIVE_INFINITY}));
    assertSame(
        read.tensor("int"), Tensor.of(new int[] {Integer.MIN_VALUE, Integer.MAX_VALUE}, 2, 1));
    assertThat(read.tensor("long").shape()).isEqualTo(Shape.SCALAR);
    assertThat(read.tensor("long").itemAsLong()).isEqualTo(Long.MIN_VALUE);
    assertSame(read.tensor("bool"), Tensor.of(new boolean[] {true, false, true}));
    assertThat(read.tensor("empty").shape()).isEqualTo(Shape.of(0, 3));
  }

  @Test
  void theBytesWrittenAreThoseOfTheReferenceImplementation() throws IOException {
    SafeTensors read = SafeTensors.read(TestFiles.fixture(folder, "python.safetensors"));
    Path copy = folder.resolve("copy.safetensors");
    SafeTensors.write(copy, read.tensors(), read.metadata());
    assertThat(Files.readAllBytes(copy)).isEqualTo(TestFiles.fixture("python.safetensors"));
  }

  @Test
  void narrowTypesAreWidened() {
    SafeTensors narrow = SafeTensors.read(TestFiles.fixture(folder, "narrow.safetensors"));
    assertSame(
        narrow.tensor("f16"),
        Tensor.of(new float[] {1.5f, -65504, Float.POSITIVE_INFINITY, 0x1p-24f}));
    assertSame(narrow.tensor("i8"), Tensor.of(new int[] {-128, 127}));
    assertSame(narrow.tensor("u8"), Tensor.of(new int[] {0, 255}));
    assertSame(narrow.tensor("i16"), Tensor.of(new int[] {-32768, 32767}));
    assertSame(narrow.tensor("u16"), Tensor.of(new int[] {0, 65535}));
    SafeTensors brain = SafeTensors.read(TestFiles.fixture(folder, "bfloat16.safetensors"));
    assertSame(brain.tensor("b"), Tensor.of(new float[] {1.5f, -123.5f, Float.POSITIVE_INFINITY}));
  }

  @Test
  void thePayloadOfNansIsKept() {
    float[] signalling = {Float.intBitsToFloat(0x7fa12345), Float.intBitsToFloat(0xffc00001)};
    double[] wide = {Double.longBitsToDouble(0x7ff4000000000123L)};
    Map<String, Tensor> tensors = Map.of("f", Tensor.of(signalling), "d", Tensor.of(wide));
    Path file = folder.resolve("nan.safetensors");
    SafeTensors.write(file, tensors);
    SafeTensors read = SafeTensors.read(file);
    tensors.forEach((name, tensor) -> assertSame(read.tensor(name), tensor));
  }

  @Test
  void aTensorOfManyChunksIsWhole() {
    int count = 300_001;
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      values[i] = i * 31;
    }
    Path file = folder.resolve("large.safetensors");
    SafeTensors.write(file, Map.of("large", Tensor.of(values), "view", Tensor.of(values).flip(0)));
    assertSame(SafeTensors.read(file).tensor("large"), Tensor.of(values));
    assertSame(SafeTensors.read(file).tensor("view"), Tensor.of(values).flip(0).contiguous());
  }

  @Test
  void tensorsThatRequireGradientsAreWrittenAndReadWithout() {
    Path file = folder.resolve("leaf.safetensors");
    SafeTensors.write(file, Map.of("w", Tensor.ones(2).requiresGrad(true)));
    assertThat(SafeTensors.read(file).tensor("w").requiresGrad()).isFalse();
  }

  @Test
  void tensorsAreReadToTheDeviceThatIsNamed() {
    Path file = folder.resolve("device.safetensors");
    SafeTensors.write(file, Map.of("w", Tensor.ones(2)));
    Device device = Device.of("reference:0");
    assertThat(SafeTensors.read(file, device).tensor("w").device()).isSameAs(device);
  }

  @Test
  void dataBeginsAtAMultipleOfEight() throws IOException {
    for (int length = 1; length <= 8; length++) {
      Path file = folder.resolve("padded.safetensors");
      SafeTensors.write(
          file, Map.of("x".repeat(length), Tensor.zeros(Shape.of(1), DType.FLOAT64, cpu())));
      assertThat(Files.size(file) % 8).isZero();
    }
  }

  private static Device cpu() {
    return Device.standard();
  }

  @Test
  void anUnknownNameIsAnsweredByTheNamesThatThereAre() {
    SafeTensors read = SafeTensors.read(TestFiles.fixture(folder, "narrow.safetensors"));
    assertThatExceptionOfType(ArgumentException.class)
        .isThrownBy(() -> read.tensor("f32"))
        .withMessageContaining("'f32' is not in ")
        .withMessageContaining("it has [f16, u16, i16, i8, u8]");
    assertThatThrownBy(() -> read.tensors().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void namesThatTheFormatHasNoPlaceForAreRefused() {
    Path file = folder.resolve("names.safetensors");
    Tensor one = Tensor.ones(1);
    assertThatExceptionOfType(ArgumentException.class)
        .isThrownBy(() -> SafeTensors.write(file, Map.of("__metadata__", one)))
        .withMessageContaining("must not have the name __metadata__");
    assertThatExceptionOfType(ArgumentException.class)
        .isThrownBy(() -> SafeTensors.write(file, Map.of("\ud83c", one)))
        .withMessageContaining("surrogate");
    assertThatExceptionOfType(ArgumentException.class)
        .isThrownBy(() -> SafeTensors.write(file, Map.of("x", one), Map.of("k", "\udf3b")))
        .withMessageContaining("metadata must be");
    assertThat(file).doesNotExist();
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Path missing = folder.resolve("missing.safetensors");
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> SafeTensors.read(missing))
        .withMessage("safetensors: " + missing + ": there is no such file");
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> SafeTensors.read(folder))
        .withMessageContaining(folder.toString());
  }

  @Test
  void theTracesOfPyTorchAreRead() {
    Path golden = Path.of(System.getProperty("ladera.shared", "../../shared"), "golden");
    assumeTrue(Files.isDirectory(golden), "PyTorch's traces are not at " + golden);
    for (String name : List.of("mlp-sgd-f32", "lenet-sgd-f32")) {
      SafeTensors read = SafeTensors.read(golden.resolve(name + ".safetensors"));
      assertThat(read.tensor("losses").type())
          .isEqualTo(Tensor.zeros(Shape.of(100), DType.FLOAT64, cpu()).type());
      assertThat(read.tensor("initial.fc1.weight").dtype()).isEqualTo(DType.FLOAT32);
    }
  }
}
