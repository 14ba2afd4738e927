package dev.ladera.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.Device;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BenchmarksTest {
  static Stream<Operation> operations() {
    return Benchmarks.all().stream().map(Benchmark::operation).distinct();
  }

  @ParameterizedTest
  @MethodSource("operations")
  void everyBodyGivesTheSameFiniteNumbersTwice(Operation operation) {
    int[] sizes = operation.small().stream().mapToInt(Integer::intValue).toArray();
    Inputs inputs = new Inputs(Device.of("cpu"));
    Prepared prepared = operation.maker().make(inputs, sizes);
    List<Double> check = Check.of(prepared);
    assertThat(check).allMatch(Double::isFinite).anyMatch(number -> number != 0);
    assertThat(prepared.leaves()).allMatch(leaf -> leaf.grad() != null);
    assertThat(Check.of(operation.maker().make(inputs, sizes))).isEqualTo(check);
    assertThat(operation.work().of(sizes).amount()).isNotNegative();
  }

  @Test
  void namesAreUniqueAndTargetsNameBenchmarks() {
    List<String> names = Benchmarks.all().stream().map(Benchmark::name).toList();
    assertThat(names).doesNotHaveDuplicates().hasSizeGreaterThan(100);
    assertThat(names).containsAll(Targets.benchmarks());
    assertThat(Targets.benchmarks()).hasSameSizeAs(Targets.all());
  }

  @Test
  void pyTorchIsAskedForEveryOperation() throws IOException {
    String script = Files.readString(Peers.script("peer_pytorch.py"));
    Set<String> missing = new LinkedHashSet<>();
    operations()
        .map(Operation::name)
        .forEach(name -> {
          if (!script.contains("    \"" + name + "\": ")) {
            missing.add(name);
          }
        });
    assertThat(missing).isEmpty();
  }

  @Test
  void workIsCountedAsByHand() {
    assertThat(work("matmul/64").amount()).isEqualTo(2.0 * 64 * 64 * 64);
    assertThat(work("conv/3x3-64").amount()).isEqualTo(2.0 * 8 * 56 * 56 * 64 * 64 * 9);
    assertThat(work("conv/7x7-stem").amount()).isEqualTo(2.0 * 8 * 112 * 112 * 64 * 3 * 49);
    assertThat(work("add/1000000").amount()).isEqualTo(12e6);
    assertThat(work("add/1").kind()).isEqualTo(Work.Kind.NONE);
    // Multiplications of the products forward, of the weights' gradients, of the inputs' but the
    // first layer's.
    int products = 784 * 128 + 128 * 64 + 64 * 10;
    assertThat(work("mlpSgd/64").amount())
        .isEqualTo(2.0 * 64 * (2 * products + 128 * 64 + 64 * 10));
    // ResNet-20 takes 40.55 million multiply-adds an image without its two shortcuts of 1x1.
    double shortcuts = 16 * 16 * 16 * 32 + 8 * 8 * 32 * 64;
    double first = 32 * 32 * 3 * 16 * 9;
    assertThat(work("resnetSgd/resnet20-32").amount() / 64)
        .isEqualTo(3 * (40_551_040 + shortcuts) - first);
  }

  @Test
  void aReportIsShownAfterEachBenchmark() {
    List<Benchmark> two =
        Benchmarks.all().stream().filter(one -> one.name().matches("(add|relu)/1")).toList();
    Pace pace = new Pace(0, 0.01, 1, 1, 0.1);
    List<Integer> rows = new ArrayList<>();
    Session session =
        new Session(
            "cpu", List.of(1), List.of(), null, pace, "short", new PrintWriter(new StringWriter()));
    Report report = session.run(two, shown -> rows.add(shown.rows().size()));
    assertThat(rows).containsExactly(1, 2);
    assertThat(report.rows()).hasSize(2);
  }

  private static Work work(String name) {
    return Benchmarks.all().stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow()
        .work();
  }

  @Test
  void inputsAreWhatThePeersMake() {
    // As printed by peer_pytorch.py's own values(1, 4) and places(2, 10, 4).
    assertThat(Inputs.array(1, 4))
        .containsExactly(0.14679515f, 0.1767875f, 0.40826738f, 0.85552573f);
    assertThat(new Inputs(Device.of("cpu")).places(2, 10, 4).toLongArray())
        .containsExactly(9, 8, 4, 7);
  }
}
