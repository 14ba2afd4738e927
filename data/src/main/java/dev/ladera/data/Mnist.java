package dev.ladera.data;

import dev.ladera.ArgumentException;
import dev.ladera.FileFormatException;
import dev.ladera.Tensor;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * MNIST, the handwritten digits of LeCun, Cortes and Burges: 60,000 images to train on and 10,000
 * to test with, 28 by 28 pixels each.
 *
 * <p>A folder holds the four files {@code train-images-idx3-ubyte}, {@code
 * train-labels-idx1-ubyte}, {@code t10k-images-idx3-ubyte} and {@code t10k-labels-idx1-ubyte}, with
 * or without {@code .gz}; where both are there, the one with {@code .gz} is read. {@link #download}
 * fetches them. For digits without files and without a network see {@link Digits}.
 */
public final class Mnist {
  private static final String IMAGES = "-images-idx3-ubyte";
  private static final String LABELS = "-labels-idx1-ubyte";
  private static final int SIDE = 28;
  private static final int CLASSES = 10;

  /** Mean and standard deviation of the training images' pixels, from 0 to 1. */
  private static final float MEAN = 0.1307f;

  private static final float DEVIATION = 0.3081f;

  private static final List<URI> MIRRORS =
      List.of(
          URI.create("https://ossci-datasets.s3.amazonaws.com/mnist/"),
          URI.create("https://storage.googleapis.com/cvdf-datasets/mnist/"));

  private static final Map<String, String> CHECKSUMS = checksums();

  private Mnist() {}

  private static Map<String, String> checksums() {
    Map<String, String> sha256 = new LinkedHashMap<>();
    sha256.put(
        "train-images-idx3-ubyte.gz",
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609");
    sha256.put(
        "train-labels-idx1-ubyte.gz",
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c");
    sha256.put(
        "t10k-images-idx3-ubyte.gz",
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6");
    sha256.put(
        "t10k-labels-idx1-ubyte.gz",
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6");
    return Collections.unmodifiableMap(sha256);
  }

  /**
   * The images to train on.
   *
   * @param folder that holds the files
   * @return inputs float32 (N, 1, 28, 28), a pixel p of 0 to 255 being (p / 255 − 0.1307) / 0.3081;
   *     targets int64 (N,), from 0 to 9
   * @throws ArgumentException if the folder does not hold the files
   * @throws FileFormatException if a file is damaged, holds no images of 28 by 28, labels that are
   *     no digits, or more or fewer labels than images
   * @throws UncheckedIOException if the system cannot read a file
   */
  public static TensorDataset train(Path folder) {
    return read("Mnist.train", folder, "train");
  }

  /**
   * The images to test with; all else as in {@link #train}.
   *
   * @param folder that holds the files
   */
  public static TensorDataset test(Path folder) {
    return read("Mnist.test", folder, "t10k");
  }

  private static TensorDataset read(String operation, Path folder, String split) {
    Path imagesPath = file(operation, folder, split + IMAGES);
    Path labelsPath = file(operation, folder, split + LABELS);
    IdxContent images = IdxContent.read(operation, imagesPath);
    int[] sizes = images.sizes();
    if (images.type() != IdxContent.UNSIGNED_BYTE
        || sizes.length != 3
        || sizes[1] != SIDE
        || sizes[2] != SIDE) {
      throw new FileFormatException(
          operation, imagesPath, 0, "must hold bytes of sizes (images, 28, 28)");
    }
    IdxContent labels = IdxContent.read(operation, labelsPath);
    if (labels.type() != IdxContent.UNSIGNED_BYTE || labels.sizes().length != 1) {
      throw new FileFormatException(operation, labelsPath, 0, "must hold bytes of one axis");
    }
    if (labels.sizes()[0] != sizes[0]) {
      throw new FileFormatException(
          operation,
          labelsPath,
          4,
          labels.sizes()[0] + " labels for the " + sizes[0] + " images of " + imagesPath);
    }
    return new TensorDataset(
        Tensor.of(pixels(images.data()), sizes[0], 1, SIDE, SIDE),
        Tensor.of(classes(operation, labelsPath, labels), sizes[0]));
  }

  private static float[] pixels(byte[] bytes) {
    float[] normalized = new float[256];
    for (int p = 0; p < normalized.length; p++) {
      normalized[p] = (p / 255f - MEAN) / DEVIATION;
    }
    float[] pixels = new float[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      pixels[i] = normalized[bytes[i] & 0xFF];
    }
    return pixels;
  }

  private static long[] classes(String operation, Path path, IdxContent labels) {
    byte[] bytes = labels.data();
    long[] classes = new long[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      classes[i] = bytes[i] & 0xFF;
      if (classes[i] >= CLASSES) {
        throw new FileFormatException(
            operation,
            path,
            labels.dataOffset() + (long) i,
            "label " + i + " is " + classes[i] + ", which is no digit from 0 to 9");
      }
    }
    return classes;
  }

  private static Path file(String operation, Path folder, String name) {
    for (String ending : List.of(".gz", "")) {
      Path file = folder.resolve(name + ending);
      if (Files.isRegularFile(file)) {
        return file;
      }
    }
    throw new ArgumentException(
        operation,
        "folder",
        folder
            + " holds neither "
            + name
            + " nor "
            + name
            + ".gz; MNIST's four files are expected in it, which Mnist.download(folder) fetches");
  }

  /**
   * Fetches the four files into {@link #cacheFolder()}; see {@link #download(Path)}.
   *
   * @return that folder
   */
  public static Path download() {
    return download(cacheFolder());
  }

  /**
   * Fetches the four files, about 11 MB, from public mirrors, checks them by SHA-256, and puts them
   * into a folder, which is made if need be. Files that are there and right are not fetched again.
   *
   * @return the folder
   * @throws DownloadException if a file cannot be had from any mirror
   * @throws UncheckedIOException if the folder cannot be written
   */
  public static Path download(Path folder) {
    Download files =
        new Download(
            "Mnist.download",
            MIRRORS,
            CHECKSUMS,
            "fetch it by other means and put it into "
                + folder
                + ", or use Digits, which needs no network:",
            Duration.ofMinutes(10));
    files.into(folder);
    return folder;
  }

  /**
   * Where {@link #download()} keeps the files: {@code $LADERA_CACHE/mnist} if that variable is set,
   * else {@code $XDG_CACHE_HOME/ladera/mnist}, else {@code ~/.cache/ladera/mnist}.
   */
  public static Path cacheFolder() {
    return cacheFolder(
        name -> System.getenv().getOrDefault(name, ""), System.getProperty("user.home", "."));
  }

  static Path cacheFolder(UnaryOperator<String> environment, String home) {
    String own = environment.apply("LADERA_CACHE");
    if (!own.isEmpty()) {
      return Path.of(own, "mnist");
    }
    String common = environment.apply("XDG_CACHE_HOME");
    Path caches = common.isEmpty() ? Path.of(home, ".cache") : Path.of(common);
    return caches.resolve("ladera").resolve("mnist");
  }
}
