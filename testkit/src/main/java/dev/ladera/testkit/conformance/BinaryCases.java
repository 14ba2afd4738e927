package dev.ladera.testkit.conformance;

import static dev.ladera.testkit.conformance.OperatorCase.ALL;
import static dev.ladera.testkit.conformance.OperatorCase.BITS;
import static dev.ladera.testkit.conformance.OperatorCase.FLOATING;
import static dev.ladera.testkit.conformance.OperatorCase.INTEGER;
import static dev.ladera.testkit.conformance.OperatorCase.NUMBERS;
import static dev.ladera.testkit.conformance.Tolerance.EXACT;

import dev.ladera.DType;
import dev.ladera.DTypeException;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import dev.ladera.testkit.conformance.OperatorCase.Call;
import dev.ladera.testkit.conformance.OperatorCase.Sample;
import dev.ladera.testkit.conformance.OperatorCase.Smoothness;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** Functions of the elements of two or three tensors, or of a tensor and a number. */
final class BinaryCases {
  private static final Tolerance CLOSE = Tolerance.units(4);

  private BinaryCases() {}

  static List<OperatorCase> all() {
    List<OperatorCase> cases = new ArrayList<>();
    both(cases, "add", Tensor::add, x -> x.add(3), x -> x.add(0.7), ALL, Smoothness.TWICE);
    both(cases, "sub", Tensor::sub, x -> x.sub(3), x -> x.sub(0.7), NUMBERS, Smoothness.TWICE);
    cases.add(number("rsub", x -> x.rsub(3), x -> x.rsub(0.7), NUMBERS, EXACT, Smoothness.TWICE));
    both(cases, "mul", Tensor::mul, x -> x.mul(3), x -> x.mul(0.7), ALL, Smoothness.TWICE);
    both(cases, "div", Tensor::div, x -> x.div(3), x -> x.div(0.7), ALL, Smoothness.TWICE);
    cases.add(number("rdiv", x -> x.rdiv(3), x -> x.rdiv(0.7), ALL, EXACT, Smoothness.TWICE));
    both(
        cases,
        "floorDivide",
        Tensor::floorDivide,
        x -> x.floorDivide(3),
        x -> x.floorDivide(-0.7),
        NUMBERS,
        Smoothness.NONE);
    both(
        cases,
        "remainder",
        Tensor::remainder,
        x -> x.remainder(3),
        x -> x.remainder(-0.7),
        NUMBERS,
        Smoothness.NONE);
    both(cases, "fmod", Tensor::fmod, x -> x.fmod(3), x -> x.fmod(-0.7), NUMBERS, Smoothness.NONE);
    both(
        cases,
        "maximum",
        Tensor::maximum,
        x -> x.maximum(1),
        x -> x.maximum(0.9),
        ALL,
        Smoothness.TWICE);
    both(
        cases,
        "minimum",
        Tensor::minimum,
        x -> x.minimum(1),
        x -> x.minimum(0.9),
        ALL,
        Smoothness.TWICE);
    cases.add(pair("pow(Tensor)", Tensor::pow, NUMBERS, CLOSE, Smoothness.TWICE));
    cases.add(
        number("pow", x -> x.pow(3), x -> x.pow(2.7), NUMBERS, CLOSE, Smoothness.TWICE)
            .alsoBy(
                of("square", x -> x.pow(2)),
                of("floating 2", x -> x.pow(2.0)),
                of("root", x -> x.pow(0.5)),
                of("one", x -> x.pow(1)),
                of("none", x -> x.pow(0)),
                of("inverse", x -> x.pow(-1.0))));
    cases.add(number("rpow", x -> x.rpow(3), x -> x.rpow(0.7), NUMBERS, CLOSE, Smoothness.TWICE));
    cases.add(pair("atan2(Tensor)", Tensor::atan2, ALL, CLOSE, Smoothness.TWICE));
    both(cases, "eq", Tensor::eq, x -> x.eq(3), x -> x.eq(0.7), ALL, Smoothness.NONE);
    both(cases, "ne", Tensor::ne, x -> x.ne(3), x -> x.ne(0.7), ALL, Smoothness.NONE);
    both(cases, "lt", Tensor::lt, x -> x.lt(3), x -> x.lt(0.7), ALL, Smoothness.NONE);
    both(cases, "le", Tensor::le, x -> x.le(3), x -> x.le(0.7), ALL, Smoothness.NONE);
    both(cases, "gt", Tensor::gt, x -> x.gt(3), x -> x.gt(0.7), ALL, Smoothness.NONE);
    both(cases, "ge", Tensor::ge, x -> x.ge(3), x -> x.ge(0.7), ALL, Smoothness.NONE);
    bits(cases, "bitwiseAnd", Tensor::bitwiseAnd, x -> x.bitwiseAnd(6), BITS);
    bits(cases, "bitwiseOr", Tensor::bitwiseOr, x -> x.bitwiseOr(6), BITS);
    bits(cases, "bitwiseXor", Tensor::bitwiseXor, x -> x.bitwiseXor(6), BITS);
    bits(cases, "shiftLeft", Tensor::shiftLeft, x -> x.shiftLeft(6), INTEGER);
    bits(cases, "shiftRight", Tensor::shiftRight, x -> x.shiftRight(2), INTEGER);
    cases.add(logical("logicalAnd(Tensor)", Tensor::logicalAnd));
    cases.add(logical("logicalOr(Tensor)", Tensor::logicalOr));
    cases.add(logical("logicalXor(Tensor)", Tensor::logicalXor));
    cases.add(
        pair(
            "zip(Tensor, BinaryOperator)",
            (a, b) -> a.zip(b, (x, y) -> x.mul(y).sub(x.div(y)).sigmoid()),
            FLOATING,
            Tolerance.units(8),
            Smoothness.TWICE));
    cases.add(
        pair(
            "lerp(Tensor, Number)",
            (a, b) -> a.lerp(b, 0.3),
            FLOATING,
            Tolerance.unitsOfLargest(1),
            Smoothness.TWICE));
    cases.add(where());
    cases.add(maskedFill());
    return cases;
  }

  private static void both(
      List<OperatorCase> cases,
      String name,
      BinaryOperator<Tensor> tensors,
      UnaryOperator<Tensor> whole,
      UnaryOperator<Tensor> floating,
      Set<DType> dtypes,
      Smoothness smoothness) {
    cases.add(pair(name + "(Tensor)", tensors, dtypes, EXACT, smoothness));
    cases.add(number(name, whole, floating, dtypes, EXACT, smoothness));
  }

  private static void bits(
      List<OperatorCase> cases,
      String name,
      BinaryOperator<Tensor> tensors,
      UnaryOperator<Tensor> whole,
      Set<DType> dtypes) {
    cases.add(
        pair(name + "(Tensor)", tensors, dtypes, EXACT, Smoothness.NONE)
            .refusing(
                "floating",
                two(tensors),
                DTypeException.class,
                "float32 has no",
                Operand.of(3).as(DType.FLOAT32),
                Operand.of(3).as(DType.FLOAT32)));
    cases.add(number(name, whole, whole, dtypes, EXACT, Smoothness.NONE));
  }

  private static OperatorCase logical(String operation, BinaryOperator<Tensor> body) {
    return pair(operation, body, ALL, EXACT, Smoothness.NONE);
  }

  private static Call two(BinaryOperator<Tensor> body) {
    return (_, in) -> List.of(body.apply(in.get(0), in.get(1)));
  }

  private static Sample of(String label, UnaryOperator<Tensor> body) {
    return Sample.of(
        label, (_, in) -> List.of(body.apply(in.get(0))), Operand.within(0.3, 0.6, 3, 5));
  }

  /** A tensor and a number: an integer, and a floating one. Operands lie between the numbers. */
  private static OperatorCase number(
      String name,
      UnaryOperator<Tensor> whole,
      UnaryOperator<Tensor> floating,
      Set<DType> dtypes,
      Tolerance tolerance,
      Smoothness smoothness) {
    Call call = (_, in) -> List.of(whole.apply(in.get(0)));
    return OperatorCase.of(
            name + "(Number)",
            List.of(
                of("integer", whole),
                of("floating", floating),
                Sample.of("wide", call, Operand.within(-2, 2, 4, 5)),
                Sample.of("scalar", call, Operand.within(0.5, 1.5)),
                Sample.of("empty", call, Operand.of(0))))
        .sizedBy(n -> List.of(Sample.of("size " + n, call, Operand.within(0.3, 2, n))))
        .dtypes(dtypes)
        .tolerance(tolerance)
        .differentiable(smoothness);
  }

  /** Two tensors, in all the ways in which they broadcast. */
  private static OperatorCase pair(
      String operation,
      BinaryOperator<Tensor> body,
      Set<DType> dtypes,
      Tolerance tolerance,
      Smoothness smoothness) {
    Call call = two(body);
    OperatorCase line =
        OperatorCase.of(
                operation,
                List.of(
                    Sample.of("same shape", call, left(3, 4), right(3, 4)),
                    Sample.of("vector", call, left(9), right(9)),
                    Sample.of("scalars", call, left(), right()),
                    Sample.of("scalar left", call, left(), right(2, 5)),
                    Sample.of("scalar right", call, left(2, 5), right()),
                    Sample.of("row", call, left(4, 5), right(5)),
                    Sample.of("column", call, left(4, 5), right(4, 1)),
                    Sample.of("row by column", call, left(1, 6), right(5, 1)),
                    Sample.of("crossed", call, left(2, 1, 3, 1), right(4, 1, 5)),
                    Sample.of("one element", call, left(1), right(1, 1, 3)),
                    Sample.of("empty", call, left(0, 3), right(3)),
                    Sample.of("empty by broadcast", call, left(2, 1), right(1, 0))))
            .sizedBy(n ->
                List.of(
                    Sample.of("size " + n, call, left(n), right(n)),
                    Sample.of("rows of " + n, call, left(2, n), right(n)),
                    Sample.of("columns of " + n, call, left(n, 2), right(n, 1))))
            .dtypes(dtypes)
            .tolerance(tolerance)
            .differentiable(smoothness)
            .broadcasting();
    return promoted(line, call, dtypes)
        .refusing(
            "shapes",
            call,
            ShapeException.class,
            "(2, 3)",
            left(2, 3).as(dtypes.stream().sorted().toList().getFirst()),
            right(2).as(dtypes.stream().sorted().toList().getFirst()));
  }

  private static Operand left(int... sizes) {
    return Operand.within(0.3, 2, sizes);
  }

  private static Operand right(int... sizes) {
    return Operand.within(0.47, 1.73, sizes);
  }

  /** Every pair of two types, with axes and without. */
  private static OperatorCase promoted(OperatorCase line, Call call, Set<DType> dtypes) {
    List<Sample> samples = new ArrayList<>();
    for (DType a : dtypes.stream().sorted().toList()) {
      for (DType b : dtypes.stream().sorted().toList()) {
        if (a != b) {
          samples.add(
              Sample.of(
                  a + " with " + b,
                  call,
                  Operand.within(1, 4, 2, 3).as(a),
                  Operand.within(1, 4, 3).as(b)));
          samples.add(
              Sample.of(
                  a + " with scalar " + b,
                  call,
                  Operand.within(1, 4, 2, 3).as(a),
                  Operand.within(1, 4).as(b)));
        }
      }
    }
    return line.alsoBy(samples.toArray(new Sample[0]));
  }

  private static OperatorCase where() {
    Call call = (_, in) -> List.of(Tensor.where(in.get(0), in.get(1), in.get(2)));
    return OperatorCase.of(
            "where(Tensor, Tensor, Tensor)",
            List.of(
                Sample.of("same shape", call, Operand.mask(3, 4), left(3, 4), right(3, 4)),
                Sample.of("scalars", call, Operand.mask(), left(), right()),
                Sample.of("broadcast", call, Operand.mask(4, 1), left(5), right(2, 1, 1)),
                Sample.of("empty", call, Operand.mask(0), left(1), right(0)),
                Sample.of(
                    "types",
                    call,
                    Operand.mask(3),
                    left(3).as(DType.INT32),
                    right(3).as(DType.FLOAT32)),
                Sample.of(
                    "condition of numbers",
                    call,
                    Operand.within(0, 1, 7).as(DType.INT32),
                    left(7),
                    right(7))))
        .sizedBy(n -> List.of(Sample.of("size " + n, call, Operand.mask(n), left(n), right(n))))
        .dtypes(ALL)
        .tolerance(EXACT)
        .differentiable(Smoothness.TWICE)
        .broadcasting()
        .refusing("shapes", call, ShapeException.class, "(3,)", Operand.mask(2), left(3), right(3));
  }

  private static OperatorCase maskedFill() {
    Call call = (_, in) -> List.of(in.get(1).maskedFill(in.get(0), 1));
    return OperatorCase.of(
            "maskedFill(Tensor, Number)",
            List.of(
                Sample.of("same shape", call, Operand.mask(3, 4), left(3, 4)),
                Sample.of("broadcast", call, Operand.mask(4), left(3, 1)),
                Sample.of("empty", call, Operand.mask(0), left(0))))
        .sizedBy(n -> List.of(Sample.of("size " + n, call, Operand.mask(n), left(n))))
        .dtypes(ALL)
        .tolerance(EXACT)
        .differentiable(Smoothness.TWICE)
        .broadcasting();
  }
}
