package dev.ladera.backend.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.impl.transforms.same.Sign;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erf;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Expm1;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log1p;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Tanh;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What ND4J 1.0.0-M2.1 answers by itself where this backend does not ask it; the table of {@code
 * docs/nd4j.md}. A test that fails after ND4J was upgraded names a workaround that may go.
 */
class Nd4jItselfTest {
  private static final float NAN = Float.NaN;

  private static INDArray of(float... values) {
    return Nd4j.createFromArray(values);
  }

  private static INDArray of(double... values) {
    return Nd4j.createFromArray(values);
  }

  private static INDArray of(int... values) {
    return Nd4j.createFromArray(values);
  }

  private static INDArray of(long... values) {
    return Nd4j.createFromArray(values);
  }

  private static INDArray of(boolean... values) {
    return Nd4j.createFromArray(values);
  }

  private static INDArray run(Op op) {
    return Nd4j.getExecutioner().exec(op);
  }

  /** An operation by its name, whose result has the type and shape of the last operand. */
  private static INDArray run(String name, INDArray... operands) {
    INDArray result = operands[operands.length - 1].ulike();
    NativeOps.custom(name, result, operands);
    return result;
  }

  private static double[] numbers(INDArray array) {
    return array.dup().data().asDouble();
  }

  // --- functions of one number -----------------------------------------------------------------

  @Test
  void signOfNaNAndOfMinusZeroIsZero() {
    assertThat(numbers(run(new Sign(of(NAN, -0f, -2f))))).containsExactly(0.0, 0.0, -1.0);
  }

  @Test
  void smallNumbersAreLost() {
    assertThat(run(new Tanh(of(1e-7f))).getFloat(0)).isEqualTo(8.940698e-8f);
    assertThat(run(new Tanh(of(1e-20f))).getFloat(0)).isZero();
    assertThat(run(new Expm1(of(1e-10f))).getFloat(0)).isZero();
    assertThat(run(new Log1p(of(1e-10f))).getFloat(0)).isZero();
  }

  @Test
  void erfOfFloat32IsOffByOneUnitNowAndThen() {
    float[] x = new float[10_000];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i - 5000) * 1e-3f;
    }
    INDArray narrow = run(new Erf(of(x)));
    INDArray wide = run(new Erf(of(x).castTo(DataType.DOUBLE)));
    long off =
        IntStream.range(0, x.length)
            .filter(i -> narrow.getFloat(i) != (float) wide.getDouble(i))
            .count();
    assertThat(off).isBetween(10L, 1000L);
  }

  @Test
  void numbersOutOfRangeAndNaNBecomeTheSmallestInteger() {
    assertThat(of(NAN, 1e30f, -1e30f).castTo(DataType.INT32).toIntVector())
        .containsOnly(Integer.MIN_VALUE);
    assertThat(of(NAN, 1e30f, -1e30f).castTo(DataType.INT64).toLongVector())
        .containsOnly(Long.MIN_VALUE);
  }

  // --- functions of two ------------------------------------------------------------------------

  @Test
  void maximumAndMinimumDropANaNOnTheLeftAndAnswerEitherZero() {
    INDArray left = of(NAN, 1, -0f, 0f);
    INDArray right = of(1, NAN, 0f, -0f);
    assertThat(numbers(run("maximum", left, right))).containsExactly(1, Double.NaN, 0, -0.0);
    assertThat(numbers(run("minimum", left, right))).containsExactly(1, Double.NaN, 0, -0.0);
  }

  @Test
  void floorDivisionCutsIntegersOffAndRoundsQuotients() {
    assertThat(run("floordiv", of(-7, 7), of(2, -2)).toIntVector()).containsExactly(-3, -3);
    assertThat(numbers(run("floordiv", of(1.0), of(0.1)))).containsExactly(10);
  }

  @Test
  void remaindersOfLargeInt64AreThoseOfRoundedNumbers() {
    long[] right = {805_459_861L * 15 % 4096, Long.MAX_VALUE % 10};
    assertThat(right).containsExactly(443, 7);
    INDArray x = of(805_459_861L * 15, Long.MAX_VALUE);
    assertThat(run("floormod", x, of(4096L, 10L)).toLongVector()).containsExactly(0, 8);
    assertThat(x.fmod(4096).getLong(0)).isZero();
  }

  @Test
  void integerPowersAreThoseOfRoundedNumbers() {
    assertThat(run("Pow", of(3L, 3L), of(39L, 1L)).getLong(0))
        .isEqualTo(4_052_555_218_645_155_840L)
        .isNotEqualTo(4_052_555_153_018_976_267L);
  }

  @Test
  void booleanFunctionsOverTheRightOperandReadOneBoolOnTheLeftTwice() {
    INDArray yes = of(true);
    INDArray apart = of(true, false);
    assertThat(numbers(run("boolean_and", yes, apart))).containsExactly(1, 0);
    assertThat(numbers(run("boolean_xor", yes, apart))).containsExactly(0, 1);
    INDArray over = of(true, false);
    NativeOps.custom("boolean_and", over, yes, over);
    assertThat(numbers(over)).containsExactly(1, 1);
    NativeOps.custom("boolean_xor", over, yes, over);
    assertThat(numbers(over)).containsExactly(0, 0);
  }

  @Test
  void selectDoesNotBroadcast() {
    INDArray condition = of(true, false, true);
    INDArray one = of(new float[] {9});
    INDArray many = of(1f, 2f, 3f);
    assertThatThrownBy(() -> run("select", condition, one, many))
        .isInstanceOf(RuntimeException.class)
        .hasMessageContaining("select");
  }

  // --- joining and ordering --------------------------------------------------------------------

  @Test
  void maximaOfManyDropNaN() {
    INDArray x = of(3, NAN, 1);
    assertThat(numbers(x.max())).containsExactly(3);
    assertThat(numbers(x.min())).containsExactly(1);
    assertThat(Nd4j.argMax(x).getLong(0)).isZero();
  }

  @Test
  void poolingDropsNaN() {
    INDArray result = Nd4j.create(DataType.FLOAT, 1, 1, 1, 1);
    Nd4j.exec(
        DynamicCustomOp.builder("maxpool2d")
            .addInputs(of(1, NAN, 2, 3).reshape(1, 1, 2, 2))
            .addOutputs(result)
            .addIntegerArguments(2, 2, 2, 2, 0, 0, 1, 1, 0, 1, 0)
            .build());
    assertThat(numbers(result)).containsExactly(3);
  }

  @Test
  void sumsOfFloat32AreOffInTheFourthDigit() {
    float[] ones = new float[100_001];
    Arrays.fill(ones, 1);
    ones[0] = 1e8f;
    double right = 1.001e8;
    assertThat(of(ones).sumNumber().doubleValue()).isLessThan(right - 1e4);
  }

  @Test
  void sortingPutsNaNAtBothEnds() {
    assertThat(numbers(Nd4j.sort(of(3, NAN, 1, NAN, 2, 0), true)))
        .containsExactly(Double.NaN, 0, 1, 2, 3, Double.NaN);
  }

  @Test
  void indicesOutsideAreNotRefused() {
    INDArray picked = Nd4j.create(DataType.FLOAT, 2);
    Nd4j.exec(
        DynamicCustomOp.builder("gather")
            .addInputs(of(5f, 6f, 7f), of(-1, 2))
            .addOutputs(picked)
            .addIntegerArguments(0)
            .build());
    assertThat(picked.getFloat(1)).isEqualTo(7);
    INDArray sums = Nd4j.create(DataType.FLOAT, 3);
    NativeOps.custom("scatter_add", sums, of(0f, 1f, 2f), of(1, 5), of(10f, 20f));
    assertThat(numbers(sums)).containsExactly(0, 11, 2);
  }

  // --- what disturbs the process or the console: in JVMs of their own ---------------------------

  /** Runs what its argument names, and prints the result. */
  static final class Apart {
    private Apart() {}

    /** Run by the tests. */
    public static void main(String[] arguments) {
      INDArray result =
          switch (arguments[0]) {
            case "expanded" -> {
              INDArray rows =
                  Nd4j.create(
                      of(1f, 2f).data(),
                      new long[] {2, 2},
                      new long[] {0, 1},
                      0,
                      'c',
                      DataType.FLOAT);
              yield run("matmul", rows, Nd4j.ones(DataType.FLOAT, 2, 2));
            }
            default -> run(arguments[0], of(7, 9), of(2, 0));
          };
      System.out.println(Arrays.toString(numbers(result)));
    }
  }

  private record Ended(int code, String output) {}

  private static Ended apart(Path folder, String what) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:-CreateCoredumpOnCrash",
                "-Dslf4j.internal.verbosity=ERROR",
                "-cp",
                System.getProperty("java.class.path"),
                Apart.class.getName(),
                what)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output);
  }

  @Test
  void productsOfExpandedRowsAreZeroWithAComplaintOnTheConsole(@TempDir Path folder)
      throws Exception {
    Ended ended = apart(folder, "expanded");
    assertThat(ended.code()).as(ended.output()).isZero();
    assertThat(ended.output()).contains("On entry to SGEMM").contains("[0.0, 0.0, 0.0, 0.0]");
  }

  @Test
  void dividingIntegersByZeroKillsTheProcess(@TempDir Path folder) throws Exception {
    for (String operation : List.of("mod", "floordiv")) {
      Ended ended = apart(folder, operation);
      assertThat(ended.code()).as(operation + ": " + ended.output()).isNotZero();
      assertThat(ended.output()).contains("SIGFPE");
    }
  }
}
