package dev.ladera.examples;

import dev.ladera.DType;
import dev.ladera.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;

/** A hillside: a height over the plane, by tensors and so with gradients. */
record Surface(BinaryOperator<Tensor> height) {
  /** Surfaces with names, most of them classical tests of optimizers. */
  static final Map<String, String> NAMED = named();

  private static Map<String, String> named() {
    Map<String, String> table = new LinkedHashMap<>();
    table.put("bowl", "x^2 + 2*y^2");
    table.put("rosenbrock", "(1 - x)^2 + 100*(y - x^2)^2");
    table.put("himmelblau", "(x^2 + y - 11)^2 + (x + y^2 - 7)^2");
    table.put("beale", "(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2");
    table.put("rastrigin", "20 + x^2 - 10*cos(2*pi*x) + y^2 - 10*cos(2*pi*y)");
    table.put("dunes", "0.1*(x^2 + y^2) + 0.5*(2 - cos(2*x) - cos(2*y))");
    return table;
  }

  /** A surface by name, or by formula. */
  static Surface of(String nameOrFormula) {
    return new Surface(Formula.of(NAMED.getOrDefault(nameOrFormula, nameOrFormula)));
  }

  /** The height by plain numbers, for drawing. */
  DoubleBinaryOperator plain() {
    return (x, y) -> height.apply(scalar(x), scalar(y)).item();
  }

  private static Tensor scalar(double value) {
    return Tensor.scalar(value, DType.FLOAT64);
  }
}
