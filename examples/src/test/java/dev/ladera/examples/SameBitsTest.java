package dev.ladera.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.Device;
import dev.ladera.Generator;
import dev.ladera.Tensor;
import dev.ladera.backend.cpu.CpuBackend;
import dev.ladera.data.DataLoader;
import dev.ladera.data.Digits;
import dev.ladera.data.TensorDataset;
import dev.ladera.io.SafeTensors;
import dev.ladera.nn.NLLLoss;
import dev.ladera.nn.Sequential;
import dev.ladera.optim.SGD;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same seed gives the same bits: again, on any number of threads, and after a restart. */
class SameBitsTest {
  private static final int EPOCHS = 2;

  private static Map<String, Tensor> trained(Networks kind, Device device) {
    Generator.manualSeed(7);
    TensorDataset data = Digits.train();
    Sequential network = kind.make(data.inputs().shape().slice(1, 4), 10).to(device);
    SGD optimizer = new SGD(network.parameters(), 0.05).momentum(0.9);
    Trainer trainer = new Trainer(network, new NLLLoss(), optimizer, device);
    try (DataLoader loader = new DataLoader(data, 100).shuffle(3)) {
      for (int epoch = 0; epoch < EPOCHS; epoch++) {
        trainer.epoch(loader, _ -> {});
      }
    }
    return network.stateDict();
  }

  private static void assertSame(Map<String, Tensor> one, Map<String, Tensor> other) {
    assertThat(other.keySet()).isEqualTo(one.keySet()).isNotEmpty();
    one.forEach((name, tensor) ->
        assertThat(Objects.requireNonNull(other.get(name)).toFloatArray())
            .as(name)
            .isEqualTo(tensor.toFloatArray()));
  }

  @Test
  void aRunRepeatedGivesTheSameParameters() {
    assertSame(trained(Networks.MLP, Device.of("cpu")), trained(Networks.MLP, Device.of("cpu")));
  }

  @Test
  void oneTwoAndThreeThreadsGiveTheSameParameters() {
    for (Networks kind : Networks.values()) {
      Map<String, Tensor> one = trained(kind, Device.of("cpu", new CpuBackend(1)));
      assertSame(one, trained(kind, Device.of("cpu", new CpuBackend(2))));
      assertSame(one, trained(kind, Device.of("cpu", new CpuBackend(3))));
    }
  }

  @Test
  void tenEpochsAreFiveAndAfterARestartFive(@TempDir Path folder) throws Exception {
    for (String model : List.of("mlp", "lenet")) {
      Path whole = folder.resolve(model + "-whole");
      Path half = folder.resolve(model + "-half");
      Path rest = folder.resolve(model + "-rest");
      String checkpoint = half.resolve("checkpoint.safetensors").toString();
      run("train", "--model", model, "--epochs", "10", "--out", whole.toString());
      run("train", "--model", model, "--epochs", "5", "--out", half.toString());
      run(
          "train",
          "--model",
          model,
          "--epochs",
          "10",
          "--out",
          rest.toString(),
          "--resume",
          checkpoint);
      Map<String, Tensor> expected = state(whole);
      Map<String, Tensor> found = state(rest);
      // Seconds differ; the rest is equal to the bit, momentum and generators included.
      expected.remove("metrics/table");
      found.remove("metrics/table");
      assertThat(found.keySet()).isEqualTo(expected.keySet()).hasSizeGreaterThan(10);
      expected.forEach((name, tensor) ->
          assertThat(Objects.requireNonNull(found.get(name)).toDoubleArray())
              .as(name)
              .isEqualTo(tensor.toDoubleArray()));
    }
  }

  private static Map<String, Tensor> state(Path folder) {
    return new LinkedHashMap<>(
        SafeTensors.read(folder.resolve("checkpoint.safetensors")).tensors());
  }

  /** Runs the program in a JVM of its own. */
  private static void run(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of(arguments));
    File log = Files.createTempFile("ladera", ".log").toFile();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("ended in time").isTrue();
    assertThat(process.exitValue()).as(Files.readString(log.toPath())).isZero();
    Files.delete(log.toPath());
  }
}
