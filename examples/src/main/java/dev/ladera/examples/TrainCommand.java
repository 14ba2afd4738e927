package dev.ladera.examples;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Generator;
import dev.ladera.Shape;
import dev.ladera.backend.cpu.CpuBackend;
import dev.ladera.data.DataLoader;
import dev.ladera.data.Digits;
import dev.ladera.data.Mnist;
import dev.ladera.data.TensorDataset;
import dev.ladera.io.AtomicFile;
import dev.ladera.io.Checkpoint;
import dev.ladera.nn.CheckReport;
import dev.ladera.nn.NLLLoss;
import dev.ladera.nn.Sequential;
import dev.ladera.op.TensorType;
import dev.ladera.optim.ExponentialLR;
import dev.ladera.optim.SGD;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Trains a network on handwritten digits. */
@Command(
    name = "train",
    description = {
      "Trains a network to read handwritten digits, and tests it on digits it has not seen.",
      "",
      "The digits come with the program. MNIST is read from --data, or fetched into a cache folder"
          + " the first time. Files go to --out: a checkpoint after every epoch, metrics.csv and"
          + " loss.svg.",
      ""
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Try:",
      "  ladera train",
      "  ladera train --model lenet --epochs 20",
      "  ladera train mnist --model lenet --epochs 10",
      "  ladera train mnist --model lenet --check",
      "  ladera train --epochs 60 --resume runs/digits-mlp/checkpoint.safetensors"
    })
final class TrainCommand implements Callable<Integer> {
  private static final int CLASSES = 10;

  /** What can be learned, with settings that learn it well. */
  enum Data {
    DIGITS(Shape.of(1, 8, 8), 30, 32, 0.05),
    MNIST(Shape.of(1, 28, 28), 10, 64, 0.01);

    private final Shape image;
    private final int epochs;
    private final int batch;
    private final double lr;

    Data(Shape image, int epochs, int batch, double lr) {
      this.image = image;
      this.epochs = epochs;
      this.batch = batch;
      this.lr = lr;
    }

    String title() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      defaultValue = "digits",
      description = "digits (8 x 8 pixels) or mnist (28 x 28); ${DEFAULT-VALUE}.")
  private Data data = Data.DIGITS;

  @Option(names = "--model", defaultValue = "mlp", description = "mlp or lenet (${DEFAULT-VALUE}).")
  private Networks model = Networks.MLP;

  @Option(
      names = "--device",
      description = "Where to compute: cpu, or another that 'ladera doctor' shows (the best).")
  private @Nullable String device;

  @Option(names = "--data", paramLabel = "DIR", description = "Folder with MNIST's four files.")
  private @Nullable Path folder;

  @Option(names = "--epochs", description = "Passes over the data (30 for digits, 10 for mnist).")
  private @Nullable Integer epochs;

  @Option(names = "--batch", description = "Samples a step (32 for digits, 64 for mnist).")
  private @Nullable Integer batch;

  @Option(names = "--lr", description = "Learning rate (0.05 for digits, 0.01 for mnist).")
  private @Nullable Double lr;

  @Option(
      names = "--decay",
      defaultValue = "1",
      description = "The learning rate is multiplied by this after each epoch (${DEFAULT-VALUE}).")
  private double decay;

  @Option(names = "--momentum", defaultValue = "0.9", description = "Momentum (${DEFAULT-VALUE}).")
  private double momentum;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Seed of weights and order (${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--threads", description = "Threads of the cpu (all processors).")
  private @Nullable Integer threads;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where files go (runs/DATA-MODEL); made where it is missing.")
  private @Nullable Path out;

  @Option(
      names = "--resume",
      paramLabel = "FILE",
      description =
          "Go on from a checkpoint, up to --epochs in all, as if it had not stopped; the learning"
              + " rate, momentum and batch order are the checkpoint's.")
  private @Nullable Path resume;

  @Option(
      names = "--check",
      description =
          "Only say whether the model would run on the device, and why not; exit code 1 if not.")
  private boolean check;

  @Option(
      names = "--batch-times",
      paramLabel = "FILE",
      description = "Write when each batch had been learned: microseconds since 1970, a line each.")
  private @Nullable Path batchTimes;

  @Override
  public Integer call() {
    if (threads != null) {
      System.setProperty(CpuBackend.THREADS, threads.toString());
    }
    int last = epochs == null ? data.epochs : epochs;
    if (last < 1) {
      throw new ArgumentException("train", "epochs", "must be at least 1, not " + last);
    }
    Device where = device == null ? Device.best() : Device.of(device);
    Generator.manualSeed(seed);
    Sequential network = model.make(data.image, CLASSES);
    int samples = batch == null ? data.batch : batch;
    PrintWriter text = spec.commandLine().getOut();
    if (check) {
      return check(network, where, data.image, samples, text);
    }
    network.to(where);
    Path target = folder(out == null ? Path.of("runs", title()) : out);
    TensorDataset train = load(true);
    TensorDataset test = load(false);

    SGD optimizer = new SGD(network.parameters(), lr == null ? data.lr : lr).momentum(momentum);
    ExponentialLR schedule = new ExponentialLR(optimizer, decay);
    Generator order = new Generator(seed);
    Metrics metrics = new Metrics();
    int first = 1;
    if (resume != null) {
      Checkpoint saved = Checkpoint.read(resume, where);
      checkNote(saved, "data", data.title());
      checkNote(saved, "model", model.name());
      network.loadStateDict(saved.tensors("model"));
      optimizer.loadStateDict(saved.state("optimizer"));
      schedule.loadStateDict(saved.state("schedule"));
      saved.restore("order", order);
      saved.restore("random", Generator.current());
      metrics = Metrics.of(Objects.requireNonNull(saved.tensors("metrics").get("table")));
      first = Integer.parseInt(saved.note("epoch")) + 1;
      if (first > last) {
        throw new ArgumentException(
            "train", "--epochs", "is " + last + ", which the checkpoint has already; give more");
      }
    }

    text.printf(
        "%s: %d images to learn, %d to test; %s with %,d parameters on %s%n",
        data.title(),
        train.size(),
        test.size(),
        model.name().toLowerCase(Locale.ROOT),
        network.parameters().stream().mapToLong(parameter -> parameter.elements()).sum(),
        where);
    Trainer trainer = new Trainer(network, new NLLLoss(), optimizer, where);
    ProgressBar bar = ProgressBar.onTerminal();
    StringBuilder times = new StringBuilder();
    try (DataLoader loader = new DataLoader(train, samples).shuffle(order)) {
      for (int epoch = first; epoch <= last; epoch++) {
        long start = System.nanoTime();
        String name = String.format(Locale.ROOT, "epoch %3d/%d", epoch, last);
        double loss =
            trainer.epoch(
                loader,
                done -> {
                  if (batchTimes != null) {
                    times
                        .append(ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()))
                        .append('\n');
                  }
                  bar.show(name, done, loader.batches());
                });
        bar.clear();
        schedule.step();
        Trainer.Score score = trainer.test(test);
        double seconds = (System.nanoTime() - start) * 1e-9;
        metrics.add(new Metrics.Row(epoch, loss, score.loss(), score.accuracy(), seconds));
        text.printf(
            Locale.ROOT,
            "%s  loss %.4f  test loss %.4f  test accuracy %.4f  %.2f s%n",
            name,
            loss,
            score.loss(),
            score.accuracy(),
            seconds);
        text.flush();
        new Checkpoint()
            .note("data", data.title())
            .note("model", model.name())
            .note("epoch", Integer.toString(epoch))
            .put("model", network.stateDict())
            .put("optimizer", optimizer.stateDict())
            .put("schedule", schedule.stateDict())
            .put("order", order)
            .put("random", Generator.current())
            .put("metrics", Map.of("table", metrics.table()))
            .write(target.resolve("checkpoint.safetensors"));
      }
    }
    if (batchTimes != null) {
      AtomicFile.write(
          batchTimes, file -> file.write(times.toString().getBytes(StandardCharsets.UTF_8)));
    }
    metrics.writeCsv(target.resolve("metrics.csv"));
    metrics.draw("Learning " + title(), target.resolve("loss.svg"));
    text.println("wrote checkpoint.safetensors, metrics.csv and loss.svg to " + target);
    text.printf(Locale.ROOT, "test accuracy: %.4f%n", trainer.test(test).accuracy());
    text.flush();
    return CommandLine.ExitCode.OK;
  }

  /** Checks a step of training, with its loss; answers the exit code. */
  static int check(Sequential network, Device device, Shape image, int samples, PrintWriter text) {
    Shape batch = Shape.of(samples);
    CheckReport report =
        CheckReport.of(
            network,
            device,
            List.of(
                new TensorType(DType.FLOAT32, batch.concat(image)),
                new TensorType(DType.INT64, batch)),
            inputs -> new NLLLoss().forward(network.forward(inputs.get(0)), inputs.get(1)));
    text.println(report);
    text.flush();
    return report.runs() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private String title() {
    return data.title() + "-" + model.name().toLowerCase(Locale.ROOT);
  }

  private TensorDataset load(boolean training) {
    if (data == Data.DIGITS) {
      return training ? Digits.train() : Digits.test();
    }
    Path source = folder == null ? Mnist.download() : folder;
    return training ? Mnist.train(source) : Mnist.test(source);
  }

  private static void checkNote(Checkpoint saved, String name, String expected) {
    if (!saved.note(name).equals(expected)) {
      throw new ArgumentException(
          "train",
          "--resume",
          "is a checkpoint of "
              + name
              + " "
              + saved.note(name).toLowerCase(Locale.ROOT)
              + ", not "
              + expected.toLowerCase(Locale.ROOT));
    }
  }

  private static Path folder(Path path) {
    try {
      return Files.createDirectories(path);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the folder " + path + ": " + e, e);
    }
  }
}
