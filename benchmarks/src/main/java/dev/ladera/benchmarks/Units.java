package dev.ladera.benchmarks;

import java.util.Locale;

/** Numbers as people read them, three digits and a unit. */
final class Units {
  private Units() {}

  static String nanos(double nanos) {
    if (nanos < 1e3) {
      return digits(nanos) + " ns";
    }
    if (nanos < 1e6) {
      return digits(nanos / 1e3) + " us";
    }
    return nanos < 1e9 ? digits(nanos / 1e6) + " ms" : digits(nanos / 1e9) + " s";
  }

  static String bytes(double bytes) {
    if (bytes < 1e4) {
      return format("%.0f B", bytes);
    }
    return bytes < 1e7 ? digits(bytes / 1e3) + " kB" : digits(bytes / 1e6) + " MB";
  }

  /** A number of three digits, or more where it is large. */
  static String digits(double value) {
    return format(value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
  }

  static String percent(double share) {
    return format("%.0f %%", 100 * share);
  }

  static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
