package dev.ladera.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.FileFormatException;
import dev.ladera.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MnistTest {
  @TempDir Path folder;

  private void write(String name, byte[] contents) throws IOException {
    Files.write(folder.resolve(name), contents);
  }

  /** Two images: black with one white pixel at the beginning, and all grey. */
  private static byte[] images() {
    byte[] pixels = new byte[2 * 28 * 28];
    java.util.Arrays.fill(pixels, 28 * 28, pixels.length, (byte) 128);
    pixels[0] = (byte) 255;
    return IdxTest.bytes(pixels, 2, 28, 28);
  }

  private static byte[] labels(int... labels) {
    byte[] bytes = new byte[labels.length];
    for (int i = 0; i < labels.length; i++) {
      bytes[i] = (byte) labels[i];
    }
    return IdxTest.bytes(bytes, labels.length);
  }

  @Test
  void imagesAreNormalizedAndLabelsAreIntegers() throws IOException {
    write("train-images-idx3-ubyte", images());
    write("train-labels-idx1-ubyte.gz", IdxTest.gzip(labels(7, 0)));
    TensorDataset train = Mnist.train(folder);
    assertThat(train.inputs().shape()).isEqualTo(Shape.of(2, 1, 28, 28));
    assertThat(train.inputs().dtype()).isEqualTo(DType.FLOAT32);
    assertThat(train.targets().dtype()).isEqualTo(DType.INT64);
    assertThat(train.targets().toLongArray()).containsExactly(7, 0);
    assertThat(train.inputs().at(0, 0, 0, 0)).isCloseTo((1 - 0.1307) / 0.3081, within(1e-6));
    assertThat(train.inputs().at(0, 0, 0, 1)).isCloseTo(-0.1307 / 0.3081, within(1e-6));
    assertThat(train.inputs().at(1, 0, 27, 27))
        .isCloseTo((128 / 255.0 - 0.1307) / 0.3081, within(1e-6));
  }

  @Test
  void aFolderWithoutTheFilesIsNamedWithWhatIsExpected() {
    assertThatThrownBy(() -> Mnist.test(folder))
        .isInstanceOf(ArgumentException.class)
        .hasMessageContaining(folder.toString())
        .hasMessageContaining("t10k-images-idx3-ubyte nor t10k-images-idx3-ubyte.gz")
        .hasMessageContaining("Mnist.download");
  }

  @Test
  void aLabelThatIsNoDigitIsNamedWithItsOffset() throws IOException {
    write("t10k-images-idx3-ubyte", images());
    write("t10k-labels-idx1-ubyte", labels(9, 10));
    FileFormatException found =
        catchThrowableOfType(FileFormatException.class, () -> Mnist.test(folder));
    assertThat(found.offset()).isEqualTo(9);
    assertThat(found).hasMessageContaining("label 1 is 10, which is no digit");
  }

  @Test
  void moreOrFewerLabelsThanImagesAreRefused() throws IOException {
    write("t10k-images-idx3-ubyte", images());
    write("t10k-labels-idx1-ubyte", labels(1, 2, 3));
    assertThatThrownBy(() -> Mnist.test(folder))
        .isInstanceOf(FileFormatException.class)
        .hasMessageContaining("3 labels for the 2 images");
  }

  @Test
  void otherContentsAreRefused() throws IOException {
    write("t10k-images-idx3-ubyte", IdxTest.bytes(new byte[12], 1, 3, 4));
    write("t10k-labels-idx1-ubyte", labels(1));
    assertThatThrownBy(() -> Mnist.test(folder))
        .isInstanceOf(FileFormatException.class)
        .hasMessageContaining("must hold bytes of sizes (images, 28, 28)");
    write("t10k-images-idx3-ubyte", images());
    write("t10k-labels-idx1-ubyte", IdxTest.bytes(new byte[2], 2, 1));
    assertThatThrownBy(() -> Mnist.test(folder))
        .isInstanceOf(FileFormatException.class)
        .hasMessageContaining("must hold bytes of one axis");
  }

  @Test
  void theCacheFolderFollowsTheEnvironment() {
    String home = "/home/ada";
    assertThat(Mnist.cacheFolder(_ -> "", home))
        .isEqualTo(Path.of("/home/ada/.cache/ladera/mnist"));
    Map<String, String> common = Map.of("XDG_CACHE_HOME", "/caches");
    assertThat(Mnist.cacheFolder(name -> common.getOrDefault(name, ""), home))
        .isEqualTo(Path.of("/caches/ladera/mnist"));
    Map<String, String> own = Map.of("XDG_CACHE_HOME", "/caches", "LADERA_CACHE", "/data");
    assertThat(Mnist.cacheFolder(name -> own.getOrDefault(name, ""), home))
        .isEqualTo(Path.of("/data/mnist"));
    assertThat(Mnist.cacheFolder().getFileName()).isEqualTo(Path.of("mnist"));
  }

  @Test
  void theSharedImagesAreReadWithMeanZeroAndDeviationOne() {
    Path shared = Path.of(System.getProperty("ladera.shared", "../../shared"), "data", "mnist");
    assumeThat(shared).as("the folder of shared data, which is not part of the source").exists();
    TensorDataset train = Mnist.train(shared);
    TensorDataset test = Mnist.test(shared);
    assertThat(train.size()).isEqualTo(8000);
    assertThat(test.size()).isEqualTo(2000);
    double sum = 0;
    double squares = 0;
    float[] pixels = train.inputs().toFloatArray();
    for (float pixel : pixels) {
      sum += pixel;
      squares += (double) pixel * pixel;
    }
    double mean = sum / pixels.length;
    assertThat(mean).isCloseTo(0, within(0.02));
    assertThat(Math.sqrt(squares / pixels.length - mean * mean)).isCloseTo(1, within(0.02));
    assertThat(test.targets().toLongArray()).contains(0, 9);
  }
}
