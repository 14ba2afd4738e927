package dev.ladera.nn;

import dev.ladera.ArgumentException;

/** The checks of options that several layers share. */
final class Arguments {
  private Arguments() {}

  static int atLeast(String operation, String argument, int value, int least) {
    if (value < least) {
      throw new ArgumentException(
          operation, argument, "must be at least " + least + ", not " + value);
    }
    return value;
  }

  /** A number that is above 0. */
  static double positive(String operation, String argument, double value) {
    if (!(value > 0)) {
      throw new ArgumentException(operation, argument, "must be above 0, not " + value);
    }
    return value;
  }

  /** A number from 0 to 1. */
  static double fraction(String operation, String argument, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new ArgumentException(operation, argument, "must be from 0 to 1, not " + value);
    }
    return value;
  }
}
