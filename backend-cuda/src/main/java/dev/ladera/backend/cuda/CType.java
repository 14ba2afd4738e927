package dev.ladera.backend.cuda;

import dev.ladera.DType;

/** What element types are called in kernels; see {@code prelude.cu}. */
final class CType {
  private CType() {}

  static String of(DType dtype) {
    return switch (dtype) {
      case FLOAT32 -> "float";
      case FLOAT64 -> "double";
      case INT32 -> "int";
      case INT64 -> "i64";
      case BOOL -> "u8";
    };
  }

  /** What sums and the like are kept in. */
  static String accumulator(DType dtype) {
    return switch (dtype) {
      case FLOAT32, FLOAT64 -> "double";
      case INT32, INT64, BOOL -> "i64";
    };
  }

  /** A type of the same size, for kernels that only move elements. */
  static String word(DType dtype) {
    return switch (dtype.bytes()) {
      case 1 -> "u8";
      case 4 -> "u32";
      default -> "u64";
    };
  }
}
