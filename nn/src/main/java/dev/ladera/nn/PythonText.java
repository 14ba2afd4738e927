package dev.ladera.nn;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;

/** Values as Python prints them, for {@link Module#toString}. */
final class PythonText {
  private PythonText() {}

  /** A float: the shortest digits that name it, with an exponent below 1e-4 and from 1e16 on. */
  static String number(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    BigDecimal digits = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    int exponent = digits.precision() - digits.scale() - 1;
    if (exponent >= -4 && exponent < 16) {
      String plain = digits.toPlainString();
      return plain.contains(".") ? plain : plain + ".0";
    }
    String mantissa = digits.movePointLeft(exponent).stripTrailingZeros().toPlainString();
    return mantissa
        + (exponent < 0 ? "e-" : "e+")
        + (Math.abs(exponent) < 10 ? "0" : "")
        + Math.abs(exponent);
  }

  static String bool(boolean value) {
    return value ? "True" : "False";
  }

  /** As in {@code (5, 5)} and {@code (3,)}. */
  static String tuple(List<Integer> values) {
    return values.stream()
        .map(String::valueOf)
        .collect(Collectors.joining(", ", "(", values.size() == 1 ? ",)" : ")"));
  }
}
