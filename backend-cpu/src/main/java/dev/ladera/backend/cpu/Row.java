package dev.ladera.backend.cpu;

import dev.ladera.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The row that a thread works on: where it stands in each tensor, and the numbers it has. The
 * thread keeps it for the kernel's next call.
 */
final class Row {
  private static final int NUMBERS = 4;

  /** Where rows stand in a tensor. */
  enum Place {
    /** One after the other. */
    EACH,
    /** One after the other, of one element each. */
    ELEMENT,
    /** All at one place. */
    SHARED,
    /** All rows of a chunk of work at one place. */
    OF_CHUNK
  }

  /** The array of each tensor. */
  final Object[] arrays;

  /** Where the row begins in each tensor. */
  final int[] at;

  /** What passes join elements to, and what is computed from that. */
  final Object numbers;

  private final Place[] places;
  private final List<RowPass.Run> passes = new ArrayList<>();
  private int length;

  /**
   * A row of so many tensors.
   *
   * @param places where rows stand in each
   */
  Row(DType type, Place... places) {
    this.places = places;
    this.arrays = new Object[places.length];
    this.at = new int[places.length];
    this.numbers = type.newArray(NUMBERS);
  }

  /** Takes a pass that goes over this row. */
  void add(RowPass.Run pass) {
    passes.add(pass);
  }

  /** Goes to the first of some rows of tensors. */
  void begin(Engine.Dense[] tensors, int row, int chunk, int elements) {
    length = elements;
    for (int k = 0; k < tensors.length; k++) {
      int before =
          switch (places[k]) {
            case EACH -> row * elements;
            case ELEMENT -> row;
            case SHARED -> 0;
            case OF_CHUNK -> chunk * elements;
          };
      arrays[k] = tensors[k].array();
      at[k] = tensors[k].offset() + before;
    }
    passes.forEach(RowPass.Run::attach);
  }

  /** Goes so many rows on. */
  void skip(int rows) {
    for (int k = 0; k < places.length; k++) {
      at[k] +=
          switch (places[k]) {
            case EACH -> rows * length;
            case ELEMENT -> rows;
            case SHARED, OF_CHUNK -> 0;
          };
    }
  }

  /** Forgets the tensors, so that they can be collected. */
  void end() {
    Arrays.fill(arrays, numbers);
    passes.forEach(RowPass.Run::attach);
  }

  /** The elements of the row. */
  int length() {
    return length;
  }

  /** A number of the row. */
  double number(int number) {
    return Reals.get(numbers, number);
  }

  /** Sets a number of the row, rounded to the tensors' type. */
  void number(int number, double value) {
    Reals.set(numbers, number, value);
  }
}
