package dev.ladera.testkit.conformance;

import static dev.ladera.testkit.conformance.OperatorCase.ALL;
import static dev.ladera.testkit.conformance.OperatorCase.FLOATING;
import static dev.ladera.testkit.conformance.Tolerance.EXACT;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.DTypeException;
import dev.ladera.Device;
import dev.ladera.Generator;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import dev.ladera.op.Pointwise;
import dev.ladera.testkit.conformance.OperatorCase.Call;
import dev.ladera.testkit.conformance.OperatorCase.Sample;
import dev.ladera.testkit.conformance.OperatorCase.Smoothness;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;

/** How tensors are made, overwritten, and read by the host. */
final class TensorCases {
  private static final Pointwise MULTIPLY_ADD =
      Pointwise.of("multiplyAdd", 3, x -> x.get(0).mul(0.5).add(x.get(1).mul(x.get(2))));

  private TensorCases() {}

  static List<OperatorCase> all() {
    List<OperatorCase> cases = new ArrayList<>(factories());
    cases.addAll(random());
    cases.addAll(overwriting());
    cases.addAll(readByHost());
    return cases;
  }

  /** A call without inputs for each type. */
  private static Sample making(String label, Function<Device, Tensor> body) {
    return Sample.of(label, (device, _) -> List.of(body.apply(device)));
  }

  private static OperatorCase line(
      String operation,
      Tolerance tolerance,
      IntFunction<List<Sample>> sized,
      List<Sample> samples) {
    return OperatorCase.of(operation, samples)
        .sizedBy(sized)
        .dtypes(Set.of(DType.FLOAT32))
        .tolerance(tolerance)
        .differentiable(Smoothness.NONE);
  }

  private static List<OperatorCase> factories() {
    List<Sample> zeros = new ArrayList<>();
    List<Sample> ones = new ArrayList<>();
    List<Sample> full = new ArrayList<>();
    List<Sample> eye = new ArrayList<>();
    for (DType dtype : DType.values()) {
      zeros.add(making(dtype + " zeros", on -> Tensor.zeros(Shape.of(2, 3), dtype, on)));
      ones.add(making(dtype + " ones", on -> Tensor.ones(Shape.of(2, 3), dtype, on)));
      full.add(making(dtype + " 7", on -> Tensor.full(Shape.of(2, 3), 7, dtype, on)));
      full.add(making(dtype + " 2.7", on -> Tensor.full(Shape.SCALAR, 2.7, dtype, on)));
      full.add(making(dtype + " -2.7", on -> Tensor.full(Shape.of(3), -2.7, dtype, on)));
      full.add(making(dtype + " none", on -> Tensor.full(Shape.of(0), 1, dtype, on)));
      eye.add(making(dtype + " wide", on -> Tensor.eye(3, 5, dtype, on)));
      eye.add(making(dtype + " tall", on -> Tensor.eye(4, 2, dtype, on)));
    }
    full.add(making("long", on -> Tensor.full(Shape.of(2), Long.MAX_VALUE - 3, DType.INT64, on)));
    full.add(making("NaN", on -> Tensor.full(Shape.of(2), Double.NaN, DType.FLOAT32, on)));
    return List.of(
        line(
            "zeros(Shape, DType, Device)",
            EXACT,
            n -> List.of(making("zeros", on -> Tensor.zeros(Shape.of(n), DType.FLOAT32, on))),
            zeros),
        line(
            "ones(Shape, DType, Device)",
            EXACT,
            n -> List.of(making("ones", on -> Tensor.ones(Shape.of(n), DType.INT32, on))),
            ones),
        line(
            "full(Shape, Number, DType, Device)",
            EXACT,
            n -> List.of(making("full", on -> Tensor.full(Shape.of(n), 3.5, DType.FLOAT64, on))),
            full),
        line(
            "eye(int, int, DType, Device)",
            EXACT,
            n ->
                List.of(
                    making(
                        "eye",
                        on -> Tensor.eye(Math.min(n, 300), Math.min(n, 300), DType.FLOAT32, on))),
            eye),
        arange(),
        linspace(),
        ofArray());
  }

  private static OperatorCase arange() {
    return line(
            "arange(double, double, double, DType, Device)",
            EXACT,
            n ->
                List.of(
                    making("floating", on -> Tensor.arange(0, n, 1, DType.FLOAT32, on)),
                    making("halves", on -> Tensor.arange(-1, n / 2.0 - 1, 0.5, DType.FLOAT64, on)),
                    making("whole", on -> Tensor.arange(3, 3 + 2.0 * n, 2, DType.INT64, on))),
            List.of(
                making("backwards", on -> Tensor.arange(5, -4, -2, DType.INT32, on)),
                making("tenths", on -> Tensor.arange(0, 1, 0.1, DType.FLOAT32, on)),
                making("tenths in float64", on -> Tensor.arange(0, 1, 0.1, DType.FLOAT64, on)),
                making("empty", on -> Tensor.arange(2, 2, 1, DType.INT64, on))))
        .refusing(
            "direction",
            (on, _) -> List.of(Tensor.arange(0, 3, -1, DType.INT64, on)),
            ArgumentException.class,
            "does not lead from 0.0 to 3.0")
        .refusing(
            "step 0",
            (on, _) -> List.of(Tensor.arange(0, 3, 0, DType.INT64, on)),
            ArgumentException.class,
            "does not lead")
        .refusing(
            "bool",
            (on, _) -> List.of(Tensor.arange(0, 3, 1, DType.BOOL, on)),
            DTypeException.class,
            "bool has no ranges");
  }

  private static OperatorCase linspace() {
    return line(
        "linspace(double, double, int, DType, Device)",
        Tolerance.units(1),
        n -> List.of(making("line", on -> Tensor.linspace(-1, 1, n, DType.FLOAT32, on))),
        List.of(
            making("five", on -> Tensor.linspace(0, 1, 5, DType.FLOAT32, on)),
            making("seven", on -> Tensor.linspace(2, -3, 7, DType.FLOAT64, on)),
            making("one", on -> Tensor.linspace(2, 3, 1, DType.FLOAT32, on)),
            making("none", on -> Tensor.linspace(2, 3, 0, DType.FLOAT32, on)),
            making("whole", on -> Tensor.linspace(0, 8, 5, DType.INT64, on))));
  }

  private static OperatorCase ofArray() {
    Call copied = (on, in) -> List.of(Tensor.ofArray(in.get(0).toArray(), in.get(0).shape(), on));
    return host("ofArray(Object, Shape, Device)", copied)
        .refusing(
            "elements",
            (on, _) -> List.of(Tensor.ofArray(new float[5], Shape.of(2, 3), on)),
            ShapeException.class,
            "5 values do not fill shape (2, 3)")
        .refusing(
            "array",
            (on, _) -> List.of(Tensor.ofArray(new short[5], Shape.of(5), on)),
            ArgumentException.class,
            "not short[]");
  }

  private static List<OperatorCase> random() {
    return List.of(
        line(
            "bits(Shape, Device)",
            EXACT,
            n -> List.of(making("bits", on -> new Generator(n).bits(Shape.of(n), on))),
            List.of(
                making("first", on -> new Generator(0).bits(Shape.of(2, 3), on)),
                making("later", on -> from(-5, 1L << 33).bits(Shape.of(7), on)),
                making(
                    "after others",
                    on -> {
                      Generator generator = new Generator(3);
                      generator.bits(Shape.of(5), on);
                      return generator.bits(Shape.of(5), on);
                    }),
                making("none", on -> new Generator(1).bits(Shape.of(0), on)))),
        line(
                "uniform(Shape, DType, Device)",
                EXACT,
                n ->
                    List.of(
                        making(
                            "uniform",
                            on -> new Generator(n).uniform(Shape.of(n), DType.FLOAT32, on)),
                        making(
                            "float64",
                            on -> new Generator(n).uniform(Shape.of(n), DType.FLOAT64, on))),
                List.of(
                    making(
                        "scalar", on -> new Generator(9).uniform(Shape.SCALAR, DType.FLOAT32, on))))
            .refusing(
                "integers",
                (on, _) -> List.of(new Generator(0).uniform(Shape.of(2), DType.INT32, on)),
                DTypeException.class,
                "int32 is no floating type"),
        line(
                "normal(Shape, DType, Device)",
                Tolerance.unitsOfLargest(4),
                n ->
                    List.of(
                        making(
                            "normal",
                            on -> new Generator(n).normal(Shape.of(n), DType.FLOAT32, on)),
                        making(
                            "float64",
                            on -> new Generator(n).normal(Shape.of(n), DType.FLOAT64, on))),
                List.of(
                    making(
                        "matrix",
                        on -> new Generator(9).normal(Shape.of(3, 5), DType.FLOAT32, on))))
            .refusing(
                "integers",
                (on, _) -> List.of(new Generator(0).normal(Shape.of(2), DType.INT64, on)),
                DTypeException.class,
                "int64 is no floating type"));
  }

  private static Generator from(long seed, long offset) {
    Generator generator = new Generator(0);
    generator.restore(seed, offset);
    return generator;
  }

  private static List<OperatorCase> overwriting() {
    Call assign = (_, in) -> List.of(in.get(0).assign(in.get(1)));
    Call update = (_, in) -> List.of(in.get(0).assign(MULTIPLY_ADD, in.get(1), in.get(2)));
    Call fill = (_, in) -> List.of(in.get(0).fill(3));
    return List.of(
        overwriting(
                "assign(Tensor)",
                List.of(
                    Sample.of("same shape", assign, Operand.of(3, 4), Operand.of(3, 4)),
                    Sample.of("row", assign, Operand.of(3, 4), Operand.of(4)),
                    Sample.of("scalar", assign, Operand.of(3, 4), Operand.of()),
                    Sample.of("empty", assign, Operand.of(0), Operand.of()),
                    Sample.of(
                        "wider",
                        assign,
                        Operand.of(4).as(DType.FLOAT64),
                        Operand.of(4).as(DType.FLOAT32)),
                    Sample.of(
                        "narrower",
                        assign,
                        Operand.of(4).as(DType.INT32),
                        Operand.of(4).as(DType.INT64)),
                    Sample.of(
                        "part of itself",
                        (_, in) -> {
                          Tensor x = in.get(0);
                          x.slice(0, 1, 6).assign(x.slice(0, 0, 5));
                          return List.of(x);
                        },
                        Operand.of(6, 2))),
                n -> List.of(Sample.of("size " + n, assign, Operand.of(n), Operand.of(n))),
                ALL)
            .refusing(
                "shape",
                assign,
                ShapeException.class,
                "value of shape (2, 3, 4) does not fit into the target of shape (3, 4)",
                Operand.of(3, 4),
                Operand.of(2, 3, 4))
            .refusing(
                "type",
                assign,
                DTypeException.class,
                "a float32 value cannot be put into a int32 tensor",
                Operand.of(3).as(DType.INT32),
                Operand.of(3))
            .refusing(
                "expanded target",
                (_, in) -> List.of(in.get(0).expand(3, 4).assign(in.get(0))),
                ShapeException.class,
                "the target is an expanded view",
                Operand.of(4)),
        overwriting(
            "assign(Pointwise, Tensor[])",
            List.of(
                Sample.of(
                    "same shape", update, Operand.of(3, 4), Operand.of(3, 4), Operand.of(3, 4)),
                Sample.of("broadcast", update, Operand.of(3, 4), Operand.of(4), Operand.of())),
            n ->
                List.of(
                    Sample.of("size " + n, update, Operand.of(n), Operand.of(n), Operand.of(n))),
            FLOATING),
        overwriting(
            "fill(Number)",
            List.of(
                Sample.of("matrix", fill, Operand.of(3, 4)),
                Sample.of("scalar", fill, Operand.of())),
            n -> List.of(Sample.of("size " + n, fill, Operand.of(n))),
            ALL));
  }

  private static OperatorCase overwriting(
      String operation, List<Sample> samples, IntFunction<List<Sample>> sized, Set<DType> dtypes) {
    return OperatorCase.of(operation, samples)
        .sizedBy(sized)
        .dtypes(dtypes)
        .tolerance(Tolerance.units(2))
        .differentiable(Smoothness.NONE)
        .mutates(1);
  }

  private static List<OperatorCase> readByHost() {
    return List.of(
        host("toFloatArray()", (on, in) -> array(on, in, in.get(0).toFloatArray())),
        host("toDoubleArray()", (on, in) -> array(on, in, in.get(0).toDoubleArray())),
        host("toIntArray()", (on, in) -> array(on, in, in.get(0).toIntArray())),
        host("toLongArray()", (on, in) -> array(on, in, in.get(0).toLongArray())),
        host("toBooleanArray()", (on, in) -> array(on, in, in.get(0).toBooleanArray())),
        host("toArray()", (on, in) -> array(on, in, in.get(0).toArray())),
        host("to(Device)", (on, in) -> List.of(in.get(0).to(on))),
        host("item()", (on, in) -> List.of(number(on, first(in).item())))
            .refusing(
                "several",
                (on, in) -> List.of(number(on, in.get(0).item())),
                ShapeException.class,
                "exactly one is needed",
                Operand.of(2)),
        host("itemAsLong()", (on, in) -> List.of(number(on, first(in).itemAsLong()))),
        host("at(int...)", (on, in) -> List.of(number(on, in.get(0).flatten().at(-1))))
            .refusing(
                "axes",
                (on, in) -> List.of(number(on, in.get(0).at(1))),
                ArgumentException.class,
                "one entry for each axis",
                Operand.of(2, 2)));
  }

  private static Tensor first(List<Tensor> inputs) {
    return inputs.get(0).flatten().slice(0, 0, 1);
  }

  private static Tensor number(Device device, Number value) {
    return Tensor.full(Shape.SCALAR, value, DType.FLOAT64, device);
  }

  private static List<Tensor> array(Device device, List<Tensor> inputs, Object array) {
    return List.of(Tensor.ofArray(array, inputs.get(0).shape(), device));
  }

  private static OperatorCase host(String operation, Call call) {
    return OperatorCase.of(
            operation,
            List.of(
                Sample.of("matrix", call, Operand.of(3, 4)),
                Sample.of("scalar", call, Operand.of())))
        .sizedBy(n -> List.of(Sample.of("size " + n, call, Operand.of(n))))
        .dtypes(ALL)
        .tolerance(EXACT)
        .differentiable(Smoothness.NONE);
  }
}
