package dev.ladera.examples;

import dev.ladera.LaderaException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The program {@code ladera}. Exit codes: 0 done, 1 failed, 2 asked wrongly. */
@Command(
    name = "ladera",
    description = {"Learning with gradients, to run and to see.", ""},
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      TrainCommand.class,
      DescendCommand.class,
      CompareCommand.class,
      GraphCommand.class,
      OperatorsCommand.class,
      DoctorCommand.class,
      CommandLine.HelpCommand.class
    },
    mixinStandardHelpOptions = true,
    version = "ladera 0.1.0-SNAPSHOT",
    footer = {
      "",
      "Begin with:",
      "  ladera train             a network learns handwritten digits, in seconds",
      "  ladera descend           gradient descent on a hillside, step by step",
      "  ladera bench --quick     speed, operator by operator; a program of its own",
      "  ladera help train        all about a command"
    })
public final class Main {
  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "Show where an error came from.")
  private boolean stacktrace;

  private Main() {}

  /** Runs a command and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs a command and answers its exit code. */
  static int run(String... arguments) {
    Main main = new Main();
    CommandLine commandLine = new CommandLine(main);
    commandLine.setExecutionExceptionHandler((error, failed, _) -> main.report(error, failed));
    commandLine.setParameterExceptionHandler((error, _) -> {
      CommandLine command = error.getCommandLine();
      PrintWriter err = command.getErr();
      err.println("ladera: " + error.getMessage());
      CommandLine.UnmatchedArgumentException.printSuggestions(error, err);
      err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
      return CommandLine.ExitCode.USAGE;
    });
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    return commandLine.execute(arguments);
  }

  private int report(Exception error, CommandLine failed) {
    PrintWriter err = failed.getErr();
    if (stacktrace) {
      error.printStackTrace(err);
    } else if (error instanceof LaderaException || error instanceof UncheckedIOException) {
      err.println("ladera: " + error.getMessage());
    } else {
      err.println("ladera: " + error + "; run it with --stacktrace to see where");
    }
    return CommandLine.ExitCode.SOFTWARE;
  }
}
