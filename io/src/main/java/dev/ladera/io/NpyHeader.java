package dev.ladera.io;

import dev.ladera.DType;
import dev.ladera.Shape;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What the dictionary at the front of an npy file says.
 *
 * @param descr NumPy's name of the element type, such as {@code <f4}
 * @param fortranOrder whether the first axis varies fastest
 */
record NpyHeader(String descr, boolean fortranOrder, Shape shape) {

  /** How the elements lie, or null where the type is not read. */
  @Nullable Encoding encoding() {
    if (descr.length() != 3) {
      return null;
    }
    Encoding encoding =
        switch (descr.substring(1)) {
          case "f2" -> Encoding.FLOAT16;
          case "f4" -> Encoding.FLOAT32;
          case "f8" -> Encoding.FLOAT64;
          case "i1" -> Encoding.INT8;
          case "u1" -> Encoding.UINT8;
          case "i2" -> Encoding.INT16;
          case "u2" -> Encoding.UINT16;
          case "i4" -> Encoding.INT32;
          case "u4" -> Encoding.UINT32;
          case "i8" -> Encoding.INT64;
          case "b1" -> Encoding.BOOL;
          default -> null;
        };
    boolean ordered =
        switch (descr.charAt(0)) {
          case '<', '>' -> true;
          case '|' -> encoding != null && encoding.bytes() == 1;
          default -> false;
        };
    return ordered ? encoding : null;
  }

  /** The order of the bytes of one element. */
  ByteOrder byteOrder() {
    return descr.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }

  /** The dictionary for a tensor, written as NumPy writes it. */
  static String text(DType dtype, Shape shape) {
    String descr =
        switch (dtype) {
          case FLOAT32 -> "<f4";
          case FLOAT64 -> "<f8";
          case INT32 -> "<i4";
          case INT64 -> "<i8";
          case BOOL -> "|b1";
        };
    String sizes =
        IntStream.of(shape.toArray())
            .mapToObj(size -> String.format(Locale.ROOT, "%d", size))
            .collect(Collectors.joining(", ", "(", shape.rank() == 1 ? ",)" : ")"));
    return "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + sizes + ", }";
  }
}
