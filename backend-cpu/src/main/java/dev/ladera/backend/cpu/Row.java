package dev.ladera.backend.cpu;

import dev.ladera.DType;

/** The row that a thread works on: where it stands in each tensor, and the numbers it has. */
final class Row {
  private static final int NUMBERS = 8;

  /** The array of each tensor. */
  final Object[] arrays;

  /** Where the row begins in each tensor. */
  final int[] at;

  /** What passes join elements to, and what is computed from that. */
  final Object numbers;

  private final Rows rows;
  private final int[] offsets;
  private int index;

  /**
   * @param offsets where the first row begins in each array
   */
  Row(Rows rows, DType type, Object[] arrays, int[] offsets) {
    this.rows = rows;
    this.arrays = arrays;
    this.offsets = offsets;
    this.at = offsets.clone();
    this.numbers = type.newArray(NUMBERS);
  }

  /**
   * How the elements of tensors are divided into rows. A row is made of runs of neighbours; rows
   * begin one length after the other.
   *
   * @param count the number of rows
   * @param length the elements of a run
   * @param runs the runs of a row
   * @param distance from one run of a row to the next
   */
  record Rows(int count, int length, int runs, int distance) {
    /** The elements of a row. */
    int elements() {
      return length * runs;
    }
  }

  /** Goes to a row. */
  void begin(int row) {
    index = row;
    for (int k = 0; k < at.length; k++) {
      at[k] = offsets[k] + row * rows.length();
    }
  }

  /** Which row this is. */
  int index() {
    return index;
  }

  /** The elements of a run. */
  int length() {
    return rows.length();
  }

  /** The runs of the row. */
  int runs() {
    return rows.runs();
  }

  /** From one run to the next. */
  int distance() {
    return rows.distance();
  }

  /** A number of the row. */
  double number(int number) {
    return get(numbers, number);
  }

  /** Sets a number of the row, rounded to the tensors' type. */
  void number(int number, double value) {
    set(numbers, number, value);
  }

  static double get(Object array, int at) {
    return array instanceof float[] floats ? floats[at] : ((double[]) array)[at];
  }

  static void set(Object array, int at, double value) {
    if (array instanceof float[] floats) {
      floats[at] = (float) value;
    } else {
      ((double[]) array)[at] = value;
    }
  }
}
