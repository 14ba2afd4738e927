package dev.ladera.examples;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A bar that fills while an epoch runs; nothing where nobody watches. */
final class ProgressBar {
  private static final int WIDTH = 30;
  private static final long PAUSE_NANOS = 100_000_000;

  private final @Nullable PrintWriter terminal;
  private long drawn = System.nanoTime();

  private ProgressBar(@Nullable PrintWriter terminal) {
    this.terminal = terminal;
  }

  /** A bar on the terminal, if there is one. */
  static ProgressBar onTerminal() {
    Console console = System.console();
    return new ProgressBar(console != null && console.isTerminal() ? console.writer() : null);
  }

  void show(String what, int done, int all) {
    if (terminal == null || System.nanoTime() - drawn < PAUSE_NANOS) {
      return;
    }
    drawn = System.nanoTime();
    int full = WIDTH * done / all;
    terminal.printf(
        Locale.ROOT,
        "\r%s [%s%s] %d/%d",
        what,
        "=".repeat(full),
        " ".repeat(WIDTH - full),
        done,
        all);
    terminal.flush();
  }

  /** Takes the bar away. */
  void clear() {
    if (terminal != null) {
      terminal.print("\r\u001b[K");
      terminal.flush();
    }
  }
}
