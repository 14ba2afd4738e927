package dev.ladera.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ladera.Generator;
import dev.ladera.LaderaException;
import dev.ladera.Tensor;
import dev.ladera.data.Csv;
import dev.ladera.data.Idx;
import dev.ladera.io.Checkpoint;
import dev.ladera.io.Npy;
import dev.ladera.io.Npz;
import dev.ladera.io.SafeTensors;
import dev.ladera.nn.Linear;
import dev.ladera.optim.Adam;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files cut off at every byte, and files with some bytes changed: read to something, or refused by
 * an exception of Ladera's; never by another.
 */
class DamagedFilesTest {
  private static final int CHANGED = 300;

  /** What headers are made of: such bytes get further than others. */
  private static final byte[] LIKELY = "0123456789-,{}[]\"eN/".getBytes(StandardCharsets.UTF_8);

  private static final byte[] IDX = {0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6};

  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("file");
  }

  private void cut(byte[] whole, Consumer<Path> reader) throws IOException {
    for (int length = 0; length < whole.length; length++) {
      Files.write(file(), Arrays.copyOf(whole, length));
      assertThat(catchThrowable(() -> reader.accept(file())))
          .as("cut at byte %d of %d", length, whole.length)
          .isInstanceOf(LaderaException.class)
          .hasMessageContaining(file().toString());
    }
  }

  private void change(byte[] whole, Consumer<Path> reader) throws IOException {
    Random random = new Random(7);
    for (int i = 0; i < CHANGED; i++) {
      byte[] changed = whole.clone();
      for (int left = 1 + random.nextInt(3); left > 0; left--) {
        changed[random.nextInt(changed.length)] =
            random.nextBoolean()
                ? (byte) random.nextInt(256)
                : LIKELY[random.nextInt(LIKELY.length)];
      }
      Files.write(file(), changed);
      Throwable failure = catchThrowable(() -> reader.accept(file()));
      if (failure != null) {
        assertThat(failure)
            .as("change %d: %s", i, Arrays.toString(changed))
            .isInstanceOf(LaderaException.class);
      }
    }
  }

  private void damage(byte[] whole, Consumer<Path> reader) throws IOException {
    Files.write(file(), whole);
    reader.accept(file());
    cut(whole, reader);
    change(whole, reader);
  }

  private byte[] written(Consumer<Path> writer) throws IOException {
    writer.accept(file());
    return Files.readAllBytes(file());
  }

  private static Map<String, Tensor> tensors() {
    return Map.of("a", Tensor.linspace(0, 1, 6).reshape(2, 3), "b", Tensor.arange(4));
  }

  @Test
  void idx() throws IOException {
    damage(IDX, Idx::read);
  }

  @Test
  void packedIdx() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(IDX);
    }
    damage(packed.toByteArray(), Idx::read);
  }

  @Test
  void csv() throws IOException {
    // Not cut: a table of fewer lines is a table.
    byte[] table = "1.5,2,0\n3,4e2,1\n5,-6,2\n".getBytes(StandardCharsets.UTF_8);
    change(table, path -> Csv.dataset(path, -1));
  }

  @Test
  void npy() throws IOException {
    damage(written(path -> Npy.write(path, Tensor.linspace(0, 1, 6))), Npy::read);
  }

  @Test
  void npz() throws IOException {
    damage(written(path -> Npz.write(path, tensors())), Npz::read);
  }

  @Test
  void safetensors() throws IOException {
    damage(
        written(path -> SafeTensors.write(path, tensors(), Map.of("key", "value"))),
        SafeTensors::read);
  }

  @Test
  void checkpoints() throws IOException {
    Linear net = new Linear(2, 2);
    Adam optimizer = new Adam(net.parameters(), 0.1);
    net.forward(Tensor.ones(1, 2)).sum().backward();
    optimizer.step();
    Checkpoint whole =
        new Checkpoint()
            .put("net", net.stateDict())
            .put("optimizer", optimizer.stateDict())
            .put("numbers", new Generator(3))
            .note("epoch", "1");
    damage(
        written(whole::write),
        path -> {
          Checkpoint read = Checkpoint.read(path);
          net.loadStateDict(read.tensors("net"));
          optimizer.loadStateDict(read.state("optimizer"));
          read.restore("numbers", new Generator(1));
        });
  }
}
