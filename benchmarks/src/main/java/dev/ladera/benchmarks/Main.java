package dev.ladera.benchmarks;

import dev.ladera.ArgumentException;
import dev.ladera.LaderaException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The command {@code ladera bench}. Exit codes: 0 done, 1 failed, a target was missed or a peer
 * computed something else, 2 asked wrongly.
 */
@Command(
    name = "ladera bench",
    description = {
      "Times Ladera's operators and training steps beside other frameworks and the machine's own"
          + " limits, in turns within one run.",
      ""
    },
    mixinStandardHelpOptions = true,
    version = "ladera bench 0.1.0-SNAPSHOT",
    footer = {
      "",
      "Try:",
      "  ladera bench --quick --only matmul",
      "  ladera bench --peer pytorch --python venv/bin/python --json now.json --html now.html",
      "  ladera bench --targets --python venv/bin/python",
      "  ladera bench --profile --only lenetSgd/64",
      "  ladera bench --compare before.json now.json",
      "  ladera bench --warmup --python venv/bin/python"
    })
public final class Main implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--device",
      defaultValue = "cpu",
      description = "Where Ladera computes (${DEFAULT-VALUE}).")
  private String device = "cpu";

  @Option(
      names = "--threads",
      split = ",",
      defaultValue = "1",
      paramLabel = "N",
      description = "Numbers of threads, for Ladera and peers alike (${DEFAULT-VALUE}).")
  private List<Integer> threads = List.of(1);

  @Option(
      names = "--peer",
      split = ",",
      paramLabel = "NAME",
      description = "Frameworks to compare with: pytorch, nd4j, djl, bytedeco.")
  private List<String> peers = List.of();

  @Option(names = "--python", paramLabel = "PATH", description = "A Python that has torch.")
  private @Nullable Path python;

  @Option(
      names = "--only",
      paramLabel = "REGEX",
      description = "Benchmarks whose name, such as matmul/256, has a match.")
  private @Nullable Pattern only;

  @Option(names = "--quick", description = "Fewer and shorter rounds, for a first look.")
  private boolean quick;

  @Option(names = "--rounds", paramLabel = "N", description = "Turns of each contestant.")
  private @Nullable Integer rounds;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the report as JSON.")
  private @Nullable Path json;

  @Option(names = "--html", paramLabel = "FILE", description = "Write the report as a page.")
  private @Nullable Path html;

  @Option(names = "--list", description = "Show all benchmarks, and measure none.")
  private boolean list;

  @Option(
      names = "--targets",
      description = "Measure what has a floor against PyTorch, and say whether it holds.")
  private boolean targets;

  @Option(
      names = "--profile",
      description = "Show where the time of Ladera's benchmarks goes, kernel by kernel.")
  private boolean profile;

  @Option(
      names = "--compare",
      arity = "2",
      paramLabel = "REPORT",
      description = "Show what changed between two reports, and measure nothing.")
  private List<Path> compared = List.of();

  @Option(
      names = "--warmup",
      description = "Time fresh JVMs of 'ladera train' from their start, beside PyTorch.")
  private boolean warmup;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder with MNIST's four files, for --warmup with LeNet on MNIST too.")
  private @Nullable Path data;

  private Main() {}

  /** Runs the command and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new Main());
    commandLine.setExecutionExceptionHandler((error, failed, _) -> {
      if (error instanceof LaderaException || error instanceof UncheckedIOException) {
        failed.getErr().println("ladera: " + error.getMessage());
      } else {
        error.printStackTrace(failed.getErr());
      }
      return CommandLine.ExitCode.SOFTWARE;
    });
    return commandLine;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (!compared.isEmpty()) {
      out.print(
          Comparison.text(ReportFile.read(compared.get(0)), ReportFile.read(compared.get(1))));
      out.flush();
      return CommandLine.ExitCode.OK;
    }
    checkNumbers();
    if (warmup) {
      WarmUp warmUps = new WarmUp(threads, python, data, quick ? 1 : 3);
      out.print(warmUps.run(spec.commandLine().getErr()));
      out.flush();
      return CommandLine.ExitCode.OK;
    }
    List<Benchmark> chosen = chosen();
    if (list) {
      TextTable table = new TextTable("benchmark", "sizes");
      chosen.forEach(one -> table.row(one.name(), one.sizes().toString()));
      out.print(table);
      out.flush();
      return CommandLine.ExitCode.OK;
    }
    return measure(chosen, out);
  }

  private int measure(List<Benchmark> chosen, PrintWriter out) {
    Pace pace = quick ? Pace.QUICK : Pace.FULL;
    Set<String> named = new LinkedHashSet<>(peers);
    if (targets) {
      named.add(Targets.PEER);
    }
    Session session =
        new Session(
            device,
            threads,
            List.copyOf(named),
            python,
            rounds == null ? pace : pace.withRounds(rounds),
            quick ? "quick" : "full",
            spec.commandLine().getErr());
    if (profile) {
      out.print(session.profile(chosen));
      out.flush();
      return CommandLine.ExitCode.OK;
    }
    Report report = session.run(chosen, this::write);
    out.print(ReportText.of(report));
    if (json != null) {
      out.println("wrote " + json);
    }
    if (html != null) {
      ReportFile.write(ReportHtml.of(report), html);
      out.println("wrote " + html);
    }
    boolean held = true;
    if (targets) {
      List<Targets.Verdict> verdicts = Targets.verdicts(report);
      out.println();
      out.print(Targets.text(verdicts));
      held = Targets.held(verdicts, chosen, threads.size());
    }
    out.flush();
    return held && !report.differs() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private void write(Report report) {
    if (json != null) {
      ReportFile.write(report, json);
    }
  }

  private List<Benchmark> chosen() {
    Set<String> floors = Targets.benchmarks();
    List<Benchmark> chosen =
        Benchmarks.on(device).stream()
            .filter(one -> !targets || floors.contains(one.name()))
            .filter(one -> only == null || only.matcher(one.name()).find())
            .toList();
    if (chosen.isEmpty()) {
      throw new ArgumentException(
          "bench", "--only", "matches no benchmark: " + only + "; --list shows them");
    }
    return chosen;
  }

  private void checkNumbers() {
    if (threads.stream().anyMatch(count -> count < 1)) {
      throw new ArgumentException("bench", "--threads", "must be at least 1, not " + threads);
    }
    if (rounds != null && rounds < 1) {
      throw new ArgumentException("bench", "--rounds", "must be at least 1, not " + rounds);
    }
    if (!Peers.names().containsAll(peers)) {
      throw new ArgumentException(
          "bench", "--peer", "knows " + Peers.names() + ", and was given " + peers);
    }
  }
}
