package dev.ladera.benchmarks;

/**
 * What one call cannot do without: floating-point operations of products and convolutions, or bytes
 * of inputs read and results written once each.
 *
 * @param kind what is counted
 * @param amount how much of it a call takes
 */
record Work(Kind kind, double amount) {
  /** What limits a benchmark on a perfect machine. */
  enum Kind {
    /** Arithmetic. */
    FLOPS("GFLOP/s"),
    /** Memory traffic. */
    BYTES("GB/s"),
    /** Neither: calls that are too small, or algorithms without a simple count. */
    NONE("");

    private final String unit;

    Kind(String unit) {
      this.unit = unit;
    }

    /** Billions of it a second. */
    String unit() {
      return unit;
    }
  }

  static Work flops(double amount) {
    return new Work(Kind.FLOPS, amount);
  }

  static Work bytes(double amount) {
    return new Work(Kind.BYTES, amount);
  }

  /** So many float32 elements, each read or written. */
  static Work floats(double amount) {
    return bytes(4 * amount);
  }

  static Work none() {
    return new Work(Kind.NONE, 0);
  }
}
