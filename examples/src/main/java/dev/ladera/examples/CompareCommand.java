package dev.ladera.examples;

import dev.ladera.ArgumentException;
import dev.ladera.Device;
import dev.ladera.data.Digits;
import dev.ladera.data.TensorDataset;
import dev.ladera.io.Chart;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Full-batch, single-sample and mini-batch descent, side by side. */
@Command(
    name = "compare",
    description = {
      "Compares full-batch, mini-batch and single-sample gradient descent.",
      "",
      "First on the digits: one network from the same weights, by the loss against samples seen and"
          + " against time. Then on a surface with many valleys: how often each way ends in the"
          + " lowest one, where the noise of small batches and momentum carry it over the crests.",
      ""
    },
    mixinStandardHelpOptions = true)
final class CompareCommand implements Runnable {
  private static final double MINI_NOISE = 1;
  private static final double SINGLE_NOISE = 2;
  private static final double MOMENTUM = 0.8;

  @Spec private CommandSpec spec;

  @Option(
      names = "--epochs",
      defaultValue = "8",
      description = "Passes over the digits, for each way (${DEFAULT-VALUE}).")
  private int epochs;

  @Option(
      names = "--batch",
      defaultValue = "32",
      description = "Samples of a mini-batch (${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--lr",
      split = ",",
      defaultValue = "0.5,0.1,0.01",
      paramLabel = "FULL,MINI,SINGLE",
      description = "Learning rates of the three ways (${DEFAULT-VALUE}).")
  private double[] rates = {};

  @Option(
      names = "--starts",
      defaultValue = "100",
      description = "Random starts on the surface (${DEFAULT-VALUE}).")
  private int starts;

  @Option(
      names = "--seed",
      defaultValue = "0",
      description = "Seed of everything (${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--out",
      defaultValue = "runs/compare",
      paramLabel = "DIR",
      description = "Where the pictures go (${DEFAULT-VALUE}).")
  private Path out = Path.of("runs", "compare");

  @Override
  public void run() {
    if (rates.length != 3) {
      throw new ArgumentException("compare", "lr", "must be three rates, such as 0.5,0.1,0.01");
    }
    if (epochs < 1 || starts < 1) {
      throw new ArgumentException("compare", "epochs and starts", "must be at least 1");
    }
    PrintWriter text = spec.commandLine().getOut();
    digits(text);
    text.println();
    valleys(text);
    text.flush();
  }

  private void digits(PrintWriter text) {
    TensorDataset train = Digits.train();
    List<BatchSizes.Method> methods =
        List.of(
            new BatchSizes.Method("full batch", train.size(), rates[0]),
            new BatchSizes.Method("mini-batches of " + batch, batch, rates[1]),
            new BatchSizes.Method("single samples", 1, rates[2]));
    text.printf("Digits: %d images, %d epochs each%n", train.size(), epochs);
    text.printf(
        "%-20s %6s %7s %9s %8s %11s %14s%n",
        "way", "lr", "steps", "samples", "seconds", "final loss", "test accuracy");
    BatchSizes sizes = new BatchSizes(train, Digits.test(), seed, Device.best());
    // The first runs of a JVM pay for its warming up; these are not shown.
    methods.forEach(method -> sizes.run(method, 1));
    List<BatchSizes.Run> runs = new ArrayList<>();
    for (BatchSizes.Method method : methods) {
      BatchSizes.Run run = sizes.run(method, epochs);
      BatchSizes.Point last = run.points().getLast();
      text.printf(
          Locale.ROOT,
          "%-20s %6s %7d %9d %8.3f %11.4f %14.4f%n",
          method.name(),
          method.lr(),
          run.steps(),
          last.samples(),
          last.seconds(),
          last.loss(),
          run.accuracy());
      text.flush();
      runs.add(run);
    }
    try {
      Files.createDirectories(out);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the folder " + out + ": " + e, e);
    }
    draw("samples seen", runs, BatchSizes.Run::samples, out.resolve("loss-by-samples.svg"));
    draw("seconds", runs, BatchSizes.Run::seconds, out.resolve("loss-by-time.svg"));
    text.println("wrote loss-by-samples.svg and loss-by-time.svg to " + out);
  }

  private static void draw(
      String across, List<BatchSizes.Run> runs, Function<BatchSizes.Run, double[]> xs, Path file) {
    Chart chart = new Chart("Digits: training loss by " + across).axes(across, "loss").logY();
    for (BatchSizes.Run run : runs) {
      chart.line(run.method().name(), xs.apply(run), run.losses());
    }
    chart.write(file);
  }

  private void valleys(PrintWriter text) {
    text.printf(
        "Valleys of %s%nWalks of %d that end in the lowest valley:%n",
        Surface.NAMED.get(LocalMinima.SURFACE), starts);
    text.printf("%-20s %6s %12s %12s%n", "way", "noise", "no momentum", "momentum " + MOMENTUM);
    row(text, "full batch", 0);
    row(text, "mini-batches", MINI_NOISE);
    row(text, "single samples", SINGLE_NOISE);
  }

  private void row(PrintWriter text, String name, double noise) {
    text.printf(
        Locale.ROOT,
        "%-20s %6s %12d %12d%n",
        name,
        noise,
        LocalMinima.reached(starts, noise, 0, seed),
        LocalMinima.reached(starts, noise, MOMENTUM, seed));
  }
}
