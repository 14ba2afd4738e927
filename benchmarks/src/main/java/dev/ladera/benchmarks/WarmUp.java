package dev.ladera.benchmarks;

import dev.ladera.Tensor;
import dev.ladera.data.Digits;
import dev.ladera.data.Mnist;
import dev.ladera.data.TensorDataset;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a user waits for: {@code ladera train} in fresh JVMs, from the start of the process to the
 * first batch learned, to batches as fast as they become, and to its end; and the memory that it
 * took. Beside it the same loop in PyTorch, which reads the samples ready-made, as plain numbers.
 *
 * @param data folder with MNIST; null leaves LeNet out
 * @param times how often each is started; medians are told
 */
record WarmUp(List<Integer> threads, @Nullable Path python, @Nullable Path data, int times) {
  /**
   * What is trained.
   *
   * @param folder with the data; null for the digits, which come along
   */
  private record Task(
      String data, String model, int epochs, int batch, double lr, @Nullable Path folder) {
    String name() {
      return data + " " + model;
    }

    TensorDataset train() {
      return folder == null ? Digits.train() : Mnist.train(folder);
    }

    TensorDataset test() {
      return folder == null ? Digits.test() : Mnist.test(folder);
    }
  }

  private List<Task> tasks() {
    List<Task> tasks = new ArrayList<>();
    tasks.add(new Task("digits", "mlp", 30, 32, 0.05, null));
    if (data != null) {
      tasks.add(new Task("mnist", "lenet", 2, 64, 0.01, data));
    }
    return tasks;
  }

  String run(PrintWriter progress) {
    Machine machine = Machine.here();
    TextTable table =
        new TextTable(
            "training",
            "threads",
            "with",
            "first batch",
            "steady after",
            "steady batch",
            "total",
            "peak memory");
    Path work = temporary();
    try {
      for (Task task : tasks()) {
        writeSamples(task, work);
        for (int count : threads) {
          row(table, task, count, "ladera", ladera(task, count, work), work, progress);
          if (python != null) {
            row(table, task, count, "pytorch", pytorch(task, count, work), work, progress);
          }
        }
      }
    } finally {
      delete(work);
    }
    return machine.text()
        + table
        + (python == null ? "pytorch skipped: needs --python\n" : "")
        + (data == null ? "mnist skipped: needs --data\n" : "");
  }

  private static ProcessBuilder ladera(Task task, int count, Path work) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "train",
                task.data(),
                "--model",
                task.model(),
                "--device",
                "cpu",
                "--threads",
                Integer.toString(count),
                "--epochs",
                Integer.toString(task.epochs()),
                "--batch",
                Integer.toString(task.batch()),
                "--lr",
                Double.toString(task.lr()),
                "--out",
                work.resolve("run").toString(),
                "--batch-times",
                times(work).toString()));
    if (task.folder() != null) {
      arguments.addAll(List.of("--data", task.folder().toString()));
    }
    return Peers.java("dev.ladera.examples.Main", arguments);
  }

  private ProcessBuilder pytorch(Task task, int count, Path work) {
    return new ProcessBuilder(
        String.valueOf(python),
        Peers.script("train_pytorch.py").toString(),
        work.toString(),
        task.model(),
        Integer.toString(task.epochs()),
        Integer.toString(task.batch()),
        Double.toString(task.lr()),
        Integer.toString(count),
        times(work).toString());
  }

  private static Path times(Path work) {
    return work.resolve("batch-times.txt");
  }

  private void row(
      TextTable table,
      Task task,
      int count,
      String who,
      ProcessBuilder command,
      Path work,
      PrintWriter progress) {
    List<Start> starts = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      starts.add(Start.watch(command, times(work)));
      progress.println(task.name() + " with " + who + ": " + starts.getLast());
      progress.flush();
    }
    table.row(
        task.name(),
        Integer.toString(count),
        who,
        Units.nanos(1e9 * median(starts, Start::firstBatch)),
        Units.nanos(1e9 * median(starts, Start::steadyAfter)),
        Units.nanos(1e9 * median(starts, Start::steadyBatch)),
        Units.nanos(1e9 * median(starts, Start::total)),
        starts.getLast().peakBytes() == 0
            ? "unknown"
            : Units.bytes(median(starts, Start::peakBytes)));
  }

  private static double median(List<Start> starts, ToDoubleFunction<Start> value) {
    return Timing.median(starts.stream().mapToDouble(value).boxed().toList());
  }

  /** The samples as bytes, for {@code train_pytorch.py}. */
  private static void writeSamples(Task task, Path work) {
    TensorDataset train = task.train();
    TensorDataset test = task.test();
    try {
      int side = train.inputs().size(2);
      Files.writeString(
          work.resolve("sizes.txt"), train.size() + " " + test.size() + " " + side + "\n");
      Files.write(work.resolve("train-inputs"), floats(train.inputs()));
      Files.write(work.resolve("train-targets"), longs(train.targets()));
      Files.write(work.resolve("test-inputs"), floats(test.inputs()));
      Files.write(work.resolve("test-targets"), longs(test.targets()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write samples to " + work, e);
    }
  }

  private static byte[] floats(Tensor tensor) {
    float[] values = tensor.toFloatArray();
    ByteBuffer bytes =
        ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.nativeOrder());
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private static byte[] longs(Tensor tensor) {
    long[] values = tensor.toLongArray();
    ByteBuffer bytes =
        ByteBuffer.allocate(Long.BYTES * values.length).order(ByteOrder.nativeOrder());
    bytes.asLongBuffer().put(values);
    return bytes.array();
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("ladera-warmup");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a temporary folder", e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + folder, e);
    }
  }
}
