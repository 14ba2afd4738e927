package dev.ladera.examples;

import dev.ladera.Tensor;
import dev.ladera.io.AtomicFile;
import dev.ladera.io.Chart;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What training has shown so far, an epoch a row; kept in checkpoints as a float64 tensor. */
final class Metrics {
  /** One epoch. */
  record Row(int epoch, double trainLoss, double testLoss, double testAccuracy, double seconds) {}

  private static final int COLUMNS = 5;

  private final List<Row> rows = new ArrayList<>();

  static Metrics of(Tensor table) {
    Metrics metrics = new Metrics();
    double[] values = table.toDoubleArray();
    for (int i = 0; i + COLUMNS <= values.length; i += COLUMNS) {
      metrics.add(
          new Row((int) values[i], values[i + 1], values[i + 2], values[i + 3], values[i + 4]));
    }
    return metrics;
  }

  void add(Row row) {
    rows.add(row);
  }

  Tensor table() {
    double[] values =
        rows.stream()
            .flatMapToDouble(row ->
                java.util.stream.DoubleStream.of(
                    row.epoch(),
                    row.trainLoss(),
                    row.testLoss(),
                    row.testAccuracy(),
                    row.seconds()))
            .toArray();
    return Tensor.of(values, rows.size(), COLUMNS);
  }

  void writeCsv(Path file) {
    StringBuilder text = new StringBuilder("epoch,train_loss,test_loss,test_accuracy,seconds\n");
    for (Row row : rows) {
      text.append(
          String.format(
              Locale.ROOT,
              "%d,%.6f,%.6f,%.6f,%.3f%n",
              row.epoch(),
              row.trainLoss(),
              row.testLoss(),
              row.testAccuracy(),
              row.seconds()));
    }
    AtomicFile.write(file, out -> out.write(text.toString().getBytes(StandardCharsets.UTF_8)));
  }

  void draw(String title, Path file) {
    double[] epochs = column(Row::epoch);
    new Chart(title)
        .axes("epoch", "loss")
        .logY()
        .path("training loss", epochs, column(Row::trainLoss))
        .path("test loss", epochs, column(Row::testLoss))
        .write(file);
  }

  private double[] column(ToDoubleFunction<Row> value) {
    return rows.stream().mapToDouble(value).toArray();
  }
}
