package dev.ladera.testkit.conformance;

import static dev.ladera.testkit.conformance.OperatorCase.ALL;
import static dev.ladera.testkit.conformance.OperatorCase.BITS;
import static dev.ladera.testkit.conformance.OperatorCase.FLOATING;
import static dev.ladera.testkit.conformance.OperatorCase.NUMBERS;
import static dev.ladera.testkit.conformance.Tolerance.EXACT;

import dev.ladera.DType;
import dev.ladera.DTypeException;
import dev.ladera.Tensor;
import dev.ladera.testkit.conformance.OperatorCase.Sample;
import dev.ladera.testkit.conformance.OperatorCase.Smoothness;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Functions of each element of one tensor. */
final class PointwiseCases {
  /** What transcendental functions may be off: their own error, and the reference's rounding. */
  private static final Tolerance CLOSE = Tolerance.units(4);

  /** For the error function: the reference's own is off by some units. */
  private static final Tolerance ROUGH = Tolerance.units(16);

  /** For 1 + erf(x), and 1 + tanh(x) as PyTorch has it, whose terms cancel. */
  private static final Tolerance CANCELLING = Tolerance.unitsOfLargest(4);

  private PointwiseCases() {}

  static List<OperatorCase> all() {
    return List.of(
        numeric("neg()", Tensor::neg, -2, 2),
        numeric("abs()", Tensor::abs, 0.2, 2)
            .alsoBy(by("negative", Tensor::abs, Operand.within(-2, -0.1, 7))),
        numeric("sign()", Tensor::sign, 0.2, 2),
        numeric("floor()", Tensor::floor, -3.8, 3.9),
        numeric("ceil()", Tensor::ceil, -3.8, 3.9),
        numeric("round()", Tensor::round, -3.8, 3.9),
        numeric("trunc()", Tensor::trunc, -3.8, 3.9),
        floating("exp()", Tensor::exp, -3, 3),
        floating("expm1()", Tensor::expm1, -2, 2),
        floating("log()", Tensor::log, 0.1, 4),
        floating("log1p()", Tensor::log1p, -0.8, 4),
        floating("log2()", Tensor::log2, 0.1, 4),
        floating("log10()", Tensor::log10, 0.1, 4),
        floating("sqrt()", Tensor::sqrt, 0.1, 4),
        floating("rsqrt()", Tensor::rsqrt, 0.1, 4),
        floating("reciprocal()", Tensor::reciprocal, 0.2, 4),
        floating("sin()", Tensor::sin, -4, 4),
        floating("cos()", Tensor::cos, -4, 4),
        floating("tan()", Tensor::tan, -1.3, 1.3),
        floating("asin()", Tensor::asin, -0.9, 0.9),
        floating("acos()", Tensor::acos, -0.9, 0.9),
        floating("atan()", Tensor::atan, -3, 3),
        floating("sinh()", Tensor::sinh, -3, 3),
        floating("cosh()", Tensor::cosh, -3, 3),
        floating("tanh()", Tensor::tanh, -3, 3),
        floating("sigmoid()", Tensor::sigmoid, -4, 4),
        line("erf()", Tensor::erf, ALL, -3, 3, ROUGH, Smoothness.TWICE),
        test("isNan()", Tensor::isNan, ALL),
        test("isInf()", Tensor::isInf, NUMBERS),
        test("isFinite()", Tensor::isFinite, NUMBERS),
        test("logicalNot()", Tensor::logicalNot, ALL),
        test("bitwiseNot()", Tensor::bitwiseNot, BITS)
            .refusing(
                "floating",
                (_, in) -> List.of(in.get(0).bitwiseNot()),
                DTypeException.class,
                "float32 has no not",
                Operand.of(3).as(DType.FLOAT32)),
        line("square()", Tensor::square, ALL, -2, 2, EXACT, Smoothness.TWICE),
        line("relu()", Tensor::relu, ALL, 0.1, 2, EXACT, Smoothness.TWICE)
            .alsoBy(by("negative", Tensor::relu, Operand.within(-2, -0.1, 7))),
        activation("silu()", Tensor::silu, -4, 4),
        line("gelu()", Tensor::gelu, NUMBERS, -4, 4, CANCELLING, Smoothness.TWICE),
        line("geluTanh()", Tensor::geluTanh, NUMBERS, -4, 4, CANCELLING, Smoothness.TWICE),
        activation("leakyRelu(double)", x -> x.leakyRelu(0.1), -2, -0.1)
            .alsoBy(by("positive", x -> x.leakyRelu(0.1), Operand.within(0.1, 2, 7))),
        activation("elu(double)", x -> x.elu(0.7), -2, -0.1)
            .alsoBy(by("positive", x -> x.elu(0.7), Operand.within(0.1, 2, 7))),
        activation("softplus()", Tensor::softplus, 0.1, 4),
        activation("softplus(double, double)", x -> x.softplus(2, 5), 0.1, 2)
            .alsoBy(by("above the threshold", x -> x.softplus(2, 5), Operand.within(3, 9, 7))),
        line(
                "clamp(Number, Number)",
                x -> x.clamp(-1, 1),
                NUMBERS,
                -0.9,
                0.9,
                EXACT,
                Smoothness.TWICE)
            .alsoBy(
                by("floating bounds", x -> x.clamp(-0.7, 0.3), Operand.of(7)),
                by("crossed bounds", x -> x.clamp(1, -1), Operand.of(7))),
        line(
            "map(UnaryOperator)",
            t -> t.map(x -> x.mul(x.softplus().tanh())),
            FLOATING,
            0.1,
            2,
            Tolerance.units(8),
            Smoothness.TWICE),
        line("to(DType)", x -> x.to(DType.FLOAT64), ALL, -2, 2, EXACT, Smoothness.TWICE)
            .alsoBy(
                by("to float32", x -> x.to(DType.FLOAT32), Operand.within(-9, 9, 4, 5)),
                by("to int32", x -> x.to(DType.INT32), Operand.within(-9, 9, 4, 5)),
                by("to int64", x -> x.to(DType.INT64), Operand.within(-9, 9, 4, 5)),
                by("to bool", x -> x.to(DType.BOOL), Operand.within(-1, 1, 4, 5))),
        line("copy()", Tensor::copy, ALL, -2, 2, EXACT, Smoothness.TWICE),
        line("contiguous()", Tensor::contiguous, ALL, -2, 2, EXACT, Smoothness.TWICE));
  }

  private static OperatorCase numeric(
      String operation, UnaryOperator<Tensor> body, double low, double high) {
    return line(
            operation,
            body,
            NUMBERS,
            low,
            high,
            EXACT,
            operation.equals("neg()") || operation.equals("abs()")
                ? Smoothness.TWICE
                : Smoothness.NONE)
        .refusing(
            "bool",
            (_, in) -> List.of(body.apply(in.get(0))),
            DTypeException.class,
            "bool has no",
            Operand.mask(3));
  }

  private static OperatorCase floating(
      String operation, UnaryOperator<Tensor> body, double low, double high) {
    return line(operation, body, ALL, low, high, CLOSE, Smoothness.TWICE);
  }

  private static OperatorCase activation(
      String operation, UnaryOperator<Tensor> body, double low, double high) {
    return line(operation, body, NUMBERS, low, high, Tolerance.units(8), Smoothness.TWICE);
  }

  private static OperatorCase test(
      String operation, UnaryOperator<Tensor> body, Set<DType> dtypes) {
    return line(operation, body, dtypes, -2, 2, EXACT, Smoothness.NONE);
  }

  private static Sample by(String label, UnaryOperator<Tensor> body, Operand operand) {
    return Sample.of(label, (_, in) -> List.of(body.apply(in.get(0))), operand);
  }

  private static OperatorCase line(
      String operation,
      UnaryOperator<Tensor> body,
      Set<DType> dtypes,
      double low,
      double high,
      Tolerance tolerance,
      Smoothness smoothness) {
    return OperatorCase.of(
            operation,
            List.of(
                by("scalar", body, Operand.within(low, high)),
                by("empty", body, Operand.within(low, high, 2, 0, 3)),
                by("vector", body, Operand.within(low, high, 7)),
                by("matrix", body, Operand.within(low, high, 5, 6)),
                by("four axes", body, Operand.within(low, high, 2, 3, 1, 4))))
        .sizedBy(n -> List.of(by("size " + n, body, Operand.within(low, high, n))))
        .dtypes(dtypes)
        .tolerance(tolerance)
        .differentiable(smoothness);
  }
}
