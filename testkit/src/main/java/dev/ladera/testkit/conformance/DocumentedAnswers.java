package dev.ladera.testkit.conformance;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Generator;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** What the api's documentation says of corners, word by word; no reference is asked. */
final class DocumentedAnswers {
  private static final int MIN = Integer.MIN_VALUE;
  private static final int MAX = Integer.MAX_VALUE;
  private static final float NAN = Float.NaN;
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  private final Device device;
  private final List<Answer> answers = new ArrayList<>();

  /**
   * What is said of a corner.
   *
   * @param sentence says it
   * @param expected the elements of the answer, in their type's array
   * @param actual computes it
   */
  record Answer(String sentence, Object expected, Function<Device, Tensor> actual) {}

  private DocumentedAnswers(Device device) {
    this.device = device;
  }

  static Stream<Check> of(Device device) {
    return all(device).stream()
        .map(answer -> new Check("documented/" + answer.sentence(), () -> check(answer, device)));
  }

  /** All that is said, on a device. */
  static List<Answer> all(Device device) {
    DocumentedAnswers answers = new DocumentedAnswers(device);
    answers.integers();
    answers.floats();
    answers.conversions();
    answers.promotion();
    answers.reductions();
    answers.orders();
    answers.networks();
    answers.overwriting();
    return answers.answers;
  }

  private static void check(Answer answer, Device device) {
    HostValue found = HostValue.of(answer.actual().apply(device));
    Comparison.close(
        answer.sentence(),
        List.of(found),
        List.of(new HostValue(answer.expected(), found.shape())),
        Tolerance.EXACT);
  }

  private void says(String sentence, Object expected, Function<Device, Tensor> actual) {
    answers.add(new Answer(sentence, expected, actual));
  }

  private Tensor ints(int... values) {
    return Tensor.ofArray(values, Shape.of(values.length), device);
  }

  private Tensor longs(long... values) {
    return Tensor.ofArray(values, Shape.of(values.length), device);
  }

  private Tensor floats(float... values) {
    return Tensor.ofArray(values, Shape.of(values.length), device);
  }

  private Tensor none(DType dtype) {
    return Tensor.zeros(Shape.of(0), dtype, device);
  }

  private void integers() {
    says(
        "an integer divided by zero gives 0",
        new int[] {0, 0, 0},
        _ -> ints(7, -7, 0).floorDivide(ints(0, 0, 0)));
    says(
        "an integer modulo zero gives 0", new int[] {0, 0}, _ -> ints(7, -7).remainder(ints(0, 0)));
    says("an integer fmod zero gives 0", new long[] {0, 0}, _ -> longs(7, -7).fmod(longs(0, 0)));
    says(
        "the least integer divided by −1 wraps around",
        new int[] {MIN},
        _ -> ints(MIN).floorDivide(ints(-1)));
    says(
        "the least integer modulo −1 is 0",
        new int[] {0, 0},
        _ -> ints(MIN, MIN).remainder(ints(-1, 1)));
    says(
        "the least long divided by −1 wraps around",
        new long[] {Long.MIN_VALUE},
        _ -> longs(Long.MIN_VALUE).floorDivide(longs(-1)));
    says(
        "integers wrap around",
        new int[] {MIN, MAX, 1, MIN, MIN},
        _ ->
            Tensor.concat(
                0,
                ints(MAX).add(1),
                ints(MIN).sub(1),
                ints(MAX).mul(MAX),
                ints(MIN).neg(),
                ints(MIN).abs()));
    says(
        "floor division rounds down",
        new int[] {3, -4, -4, 3},
        _ -> ints(7, -7, 7, -7).floorDivide(ints(2, 2, -2, -2)));
    says(
        "a remainder has the divisor's sign",
        new int[] {1, 1, -1, -1},
        _ -> ints(7, -7, 7, -7).remainder(ints(2, 2, -2, -2)));
    says(
        "fmod has the dividend's sign",
        new int[] {1, -1, 1, -1},
        _ -> ints(7, -7, 7, -7).fmod(ints(2, 2, -2, -2)));
    says(
        "negative powers of integers are 0, or ±1",
        new int[] {0, 1, -1, 1, 0},
        _ -> ints(2, 1, -1, -1, 0).pow(ints(-1, -5, -3, -4, -1)));
    says(
        "powers of integers wrap around",
        new int[] {(int) 94_143_178_827L, 0},
        _ -> ints(3, 2).pow(ints(23, 32)));
    says(
        "a distance of shifting is taken modulo the width",
        new int[] {2, 1, -1},
        _ ->
            Tensor.concat(
                0,
                ints(1).shiftLeft(ints(33)),
                ints(4).shiftRight(ints(34)),
                ints(-1).shiftRight(ints(31))));
    says("bitwise complement", new int[] {-1, 0, MIN}, _ -> ints(0, -1, MAX).bitwiseNot());
  }

  private void floats() {
    says(
        "a number divided by zero is infinite, zero NaN",
        new float[] {INFINITY, -INFINITY, NAN, -INFINITY},
        _ -> floats(1, -1, 0, 1).div(floats(0, 0, 0, -0.0f)));
    says(
        "the larger of NaN and a number is NaN",
        new float[] {NAN, NAN},
        _ -> floats(NAN, 1).maximum(floats(1, NAN)));
    says(
        "the smaller of NaN and a number is NaN",
        new float[] {NAN, NAN},
        _ -> floats(NAN, 1).minimum(floats(1, NAN)));
    says(
        "NaN equals nothing",
        new boolean[] {false, true, false, false},
        _ ->
            Tensor.concat(
                0,
                floats(NAN).eq(NAN),
                floats(NAN).ne(floats(NAN)),
                floats(NAN).le(floats(NAN)),
                floats(NAN).ge(1)));
    says(
        "halves are rounded to the even integer",
        new float[] {-2, -0.0f, 0, 2, 2, 4},
        _ -> floats(-1.5f, -0.5f, 0.5f, 1.5f, 2.5f, 3.5f).round());
    says(
        "signs of NaN and zeros stay",
        new float[] {NAN, 0, -0.0f, 1, -1},
        _ -> floats(NAN, 0, -0.0f, INFINITY, -1e-45f).sign());
    says(
        "NaN passes relu, elu and clamp",
        new float[] {NAN, NAN, NAN},
        _ -> Tensor.concat(0, floats(NAN).relu(), floats(NAN).elu(1), floats(NAN).clamp(0, 1)));
    says(
        "1 to any power and anything to the power of 0 is 1",
        new float[] {1, 1, 1},
        _ -> floats(1, NAN, INFINITY).pow(floats(NAN, 0, 0)));
    says(
        "exponentials neither overflow to NaN nor stop at zero too early",
        new float[] {INFINITY, 0, 1},
        _ -> floats(1000, -1000, 0).exp());
    says("logarithms of 0 and below", new float[] {-INFINITY, NAN, 0}, _ -> floats(0, -1, 1).log());
    says(
        "sigmoid and tanh level off",
        new float[] {1, 0, 1, -1},
        _ -> Tensor.concat(0, floats(200, -200).sigmoid(), floats(200, -200).tanh()));
    says(
        "softplus neither overflows nor vanishes above its threshold",
        new float[] {1e4f, 0},
        _ -> floats(1e4f, -1e4f).softplus());
    says(
        "subnormal numbers are not flushed to zero",
        new float[] {2 * 1e-45f, 1e-39f / 2},
        _ -> Tensor.concat(0, floats(1e-45f).mul(2), floats(1e-39f).div(2)));
  }

  private void conversions() {
    says(
        "floating to integer cuts off",
        new int[] {2, -2, 0, 0},
        _ -> floats(2.9f, -2.9f, 0.9f, -0.9f).to(DType.INT32));
    says(
        "floating to int32 saturates, NaN becomes 0",
        new int[] {MAX, MIN, MAX, MIN, 0},
        _ -> floats(3e9f, -3e9f, INFINITY, -INFINITY, NAN).to(DType.INT32));
    says(
        "floating to int64 saturates, NaN becomes 0",
        new long[] {Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE, 0},
        _ -> floats(1e19f, -1e19f, INFINITY, NAN).to(DType.INT64));
    says(
        "int64 to int32 wraps around",
        new int[] {0, -1, MIN},
        _ -> longs(1L << 32, -1, 1L << 31).to(DType.INT32));
    says(
        "anything to bool is not zero",
        new boolean[] {false, false, true, true, true},
        _ -> floats(0, -0.0f, NAN, 1e-45f, -INFINITY).to(DType.BOOL));
    says(
        "bool to numbers is 0 or 1",
        new float[] {0, 1},
        _ -> ints(0, 5).to(DType.BOOL).to(DType.FLOAT32));
    says(
        "int64 to float32 rounds to nearest",
        new float[] {16_777_216, 16_777_220},
        _ -> longs(16_777_217, 16_777_219).to(DType.FLOAT32));
  }

  private void promotion() {
    says(
        "true division of integers is float32",
        new float[] {3.5f, 1f / 3},
        _ -> ints(7, 1).div(ints(2, 3)));
    says("a floating number makes integers float32", new float[] {3.5f}, _ -> ints(1).add(2.5));
    says("a number never widens a tensor", new float[] {1.1f}, _ -> floats(1).add(0.1));
    says(
        "a scalar tensor does not widen within its kind",
        new float[] {3},
        _ -> floats(1).add(Tensor.full(Shape.SCALAR, 2, DType.FLOAT64, device)));
    says("int64 and float32 are float32", new float[] {3}, _ -> longs(1).add(floats(2)));
    says(
        "bool plus bool is or",
        new boolean[] {true, true, false},
        _ -> ints(1, 1, 0).to(DType.BOOL).add(ints(1, 0, 0).to(DType.BOOL)));
    says(
        "a long number keeps all its bits",
        new long[] {(1L << 53) + 1},
        _ -> longs(0).add((1L << 53) + 1));
  }

  private void reductions() {
    says("the sum of nothing is 0", new float[] {0}, _ -> none(DType.FLOAT32).sum());
    says(
        "a sum of negative zeros is 0",
        new float[] {0, 0, 0, 0, 0},
        on -> {
          Tensor zeros = Tensor.full(Shape.of(40, 50), -0.0, DType.FLOAT32, on);
          return Tensor.stack(
              0,
              zeros.sum(),
              zeros.sum(0).amin(),
              zeros.sum(1).amin(),
              zeros.t().sum(1).amin(),
              zeros.select(0, 0).select(0, 0).sum());
        });
    says("the product of nothing is 1", new float[] {1}, _ -> none(DType.FLOAT32).prod());
    says("the mean of nothing is NaN", new float[] {NAN}, _ -> none(DType.FLOAT32).mean());
    says("any of nothing is false", new boolean[] {false}, _ -> none(DType.INT32).any());
    says("all of nothing is true", new boolean[] {true}, _ -> none(DType.INT32).all());
    says("the variance of one is NaN", new float[] {NAN}, _ -> floats(3).var());
    says("sums of int32 are int64", new long[] {2L * MAX}, _ -> ints(MAX, MAX).sum());
    says("sums of bool count", new long[] {2}, _ -> ints(1, 0, 5).to(DType.BOOL).sum());
    says("NaN wins in maxima", new float[] {NAN}, _ -> floats(1, NAN, INFINITY).amax());
    says("NaN wins in minima", new float[] {NAN}, _ -> floats(1, NAN, -INFINITY).amin());
    says("the first of equals is found", new long[] {1}, _ -> floats(1, 3, 3, 2).argmax());
    says("the first of equal least is found", new long[] {2}, _ -> ints(4, 3, 1, 1).argmin());
    says("NaN is found", new long[] {2}, _ -> floats(1, INFINITY, NAN, 5, NAN).argmax());
    says("NaN is found as the least too", new long[] {1}, _ -> floats(-INFINITY, NAN).argmin());
    says(
        "the norm of p = 0 counts what is not zero",
        new float[] {2},
        _ -> floats(0, 3, -0.0f, 4).norm(0, false));
    says(
        "log of the sum of exponentials of −∞ is −∞",
        new float[] {-INFINITY},
        _ -> floats(-INFINITY, -INFINITY).logsumexp(0));
    says(
        "log of the sum of exponentials does not overflow",
        new float[] {1000},
        _ -> floats(1000, 0, -1000).logsumexp(0));
  }

  private void orders() {
    Function<Device, Tensor> ties = _ -> floats(2, 1, 2, 1, 2);
    says(
        "equals keep their order",
        new long[] {1, 3, 0, 2, 4},
        on -> ties.apply(on).sort(0).indices());
    says(
        "equals keep their order in descent too",
        new long[] {0, 2, 4, 1, 3},
        on -> ties.apply(on).sort(0, true).indices());
    says(
        "NaN is sorted to the end",
        new float[] {-INFINITY, 1, INFINITY, NAN, NAN},
        _ -> floats(NAN, 1, NAN, -INFINITY, INFINITY).sort(0).values());
    says(
        "NaN comes first in descent",
        new float[] {NAN, INFINITY, 1},
        _ -> floats(1, NAN, INFINITY).sort(0, true).values());
    says(
        "the first of equals comes first among the best",
        new long[] {0, 2},
        on -> ties.apply(on).topk(2).indices());
    says("NaN is the largest", new float[] {NAN, 5}, _ -> floats(5, NAN, 1).topk(2).values());
    says(
        "negative places count from the end",
        new float[] {30, 10},
        _ -> floats(10, 20, 30).indexSelect(0, ints(-1, 0)));
    says(
        "added in the order of the index",
        new float[] {1},
        _ -> floats(0).scatterAdd(0, ints(0, 0, 0), floats(1e30f, -1e30f, 1)));
    says(
        "a class that is not there has a row of zeros",
        new long[] {0, 0, 0},
        _ -> ints(7).oneHot(3));
  }

  private void networks() {
    says("softmax of far numbers", new float[] {0, 1}, _ -> floats(-1000, 1000).softmax(0));
    says(
        "log of softmax of far numbers",
        new float[] {-2000, 0},
        _ -> floats(-1000, 1000).logSoftmax(0));
    says("softmax of −∞ among numbers", new float[] {0, 1}, _ -> floats(-INFINITY, 0).softmax(0));
    says(
        "a product over nothing is 0",
        new float[] {0, 0, 0, 0},
        _ ->
            Tensor.zeros(Shape.of(2, 0), DType.FLOAT32, device)
                .matmul(Tensor.zeros(Shape.of(0, 2), DType.FLOAT32, device)));
    says(
        "padding is no value for maxima",
        new float[] {-3},
        _ ->
            Tensor.full(Shape.of(1, 1, 1), -3, DType.FLOAT32, device)
                .maxPool(List.of(2), List.of(2), List.of(1), List.of(1), false)
                .values());
    says(
        "padding counts as zeros in averages",
        new float[] {-1.5f},
        _ ->
            Tensor.full(Shape.of(1, 1, 1), -3, DType.FLOAT32, device)
                .avgPool(List.of(2), List.of(2), List.of(1), false, true));
    says(
        "random numbers are from 0 to below 1",
        new boolean[] {true, true},
        on -> {
          Tensor uniform = new Generator(1).uniform(Shape.of(20_000), DType.FLOAT32, on);
          return Tensor.stack(0, uniform.ge(0).all(), uniform.lt(1).all());
        });
  }

  private void overwriting() {
    says(
        "overwriting a slice leaves the rest",
        new float[] {0, 9, 2, 9, 4},
        _ -> {
          Tensor x = floats(0, 1, 2, 3, 4);
          x.slice(0, 1, 5, 2).assign(floats(9));
          return x;
        });
    says(
        "overwriting a column leaves the rest",
        new int[] {1, 7, 3, 8},
        _ -> {
          Tensor x = ints(1, 2, 3, 4).reshape(2, 2);
          x.select(1, 1).assign(ints(7, 8));
          return x;
        });
    says(
        "a view sees what its base was given",
        new float[] {5, 5},
        _ -> {
          Tensor x = floats(1, 2, 3);
          Tensor view = x.flip(0).slice(0, 0, 2);
          x.fill(5);
          return view;
        });
    says(
        "a copy does not",
        new float[] {1, 2},
        _ -> {
          Tensor x = floats(1, 2);
          Tensor copy = x.copy();
          x.fill(5);
          return copy;
        });
  }
}
