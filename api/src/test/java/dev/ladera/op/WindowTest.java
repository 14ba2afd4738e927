package dev.ladera.op;

import static dev.ladera.op.Inference.infer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ladera.ArgumentException;
import dev.ladera.DTypeException;
import dev.ladera.ShapeException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Convolutions and pools: what they answer for shapes, and what they refuse. */
class WindowTest {
  private static final List<Integer> ONE = List.of(1);
  private static final List<Integer> ZERO = List.of(0);

  private static void refused(
      Operator operator, Class<? extends Throwable> error, String message, String... inputs) {
    assertThatThrownBy(() -> infer(operator, inputs)).isInstanceOf(error).hasMessage(message);
  }

  private static Convolution conv1d(int stride, int padding, int dilation, int groups) {
    return new Convolution(List.of(stride), List.of(padding), List.of(dilation), groups);
  }

  private static Pool pool(
      Pool.Kind kind, int kernel, int stride, int padding, int dilation, boolean ceilMode) {
    return new Pool(
        kind,
        List.of(kernel),
        List.of(stride),
        List.of(padding),
        List.of(dilation),
        ceilMode,
        false);
  }

  private static Pool max(int kernel) {
    return pool(Pool.Kind.MAX, kernel, 1, 0, 1, false);
  }

  @ParameterizedTest(name = "size {0}, kernel {1}, stride {2}, padding {3}, dilation {4}")
  @CsvSource({
    // size, kernel, stride, padding, dilation, places, places where the last may hang over; as in
    // PyTorch
    "1, 1, 1, 0, 1, 1, 1",
    "5, 1, 1, 0, 1, 5, 5",
    "5, 2, 1, 0, 1, 4, 4",
    "5, 3, 2, 0, 1, 2, 2",
    "5, 2, 2, 0, 1, 2, 3",
    "5, 2, 3, 1, 1, 2, 2",
    "6, 3, 2, 1, 2, 2, 3",
    "7, 3, 3, 1, 2, 2, 3",
    "10, 3, 4, 1, 3, 2, 3",
    "2, 1, 3, 0, 1, 1, 1",
    "3, 3, 1, 1, 2, 1, 1",
  })
  void windowsAreCountedAsInPyTorch(
      int size, int kernel, int stride, int padding, int dilation, int places, int overhanging) {
    String input = "float32(2, 3, " + size + ")";
    String values = "float32(2, 3, " + places + ")";
    String indices = "int64(2, 3, " + places + ")";
    Pool.Kind max = Pool.Kind.MAX;
    assertThat(infer(pool(max, kernel, stride, padding, dilation, false), input))
        .containsExactly(values, indices);
    assertThat(infer(pool(max, kernel, stride, padding, dilation, true), input))
        .first()
        .isEqualTo("float32(2, 3, " + overhanging + ")");
    assertThat(infer(conv1d(stride, padding, dilation, 1), input, "float32(7, 3, " + kernel + ")"))
        .containsExactly("float32(2, 7, " + places + ")");
  }

  @Test
  void eachSpatialAxisHasItsOwnWindow() {
    Convolution conv = new Convolution(List.of(1, 2), List.of(0, 1), List.of(2, 1), 1);
    assertThat(infer(conv, "float64(2, 3, 6, 7)", "float64(4, 3, 2, 3)"))
        .containsExactly("float64(2, 4, 4, 4)");
    Pool pool =
        new Pool(
            Pool.Kind.AVERAGE,
            List.of(1, 2, 3),
            List.of(1, 2, 3),
            List.of(0, 1, 0),
            List.of(1, 1, 1),
            false,
            true);
    assertThat(infer(pool, "float32(2, 3, 4, 5, 6)")).containsExactly("float32(2, 3, 4, 3, 2)");
  }

  @Test
  void namesTellTheNumberOfSpatialAxes() {
    Convolution conv = new Convolution(List.of(1, 1), List.of(0, 0), List.of(1, 1), 1);
    assertThat(conv.name()).isEqualTo("conv2d");
    assertThat(conv1d(1, 0, 1, 1).name()).isEqualTo("conv1d");
    assertThat(new Convolution.InputGradient(conv, List.of(4, 4)).name())
        .isEqualTo("conv2dInputGradient");
    assertThat(new Convolution.WeightGradient(conv, List.of(2, 2)).name())
        .isEqualTo("conv2dWeightGradient");
    assertThat(max(2).name()).isEqualTo("maxPool1d");
    assertThat(pool(Pool.Kind.AVERAGE, 2, 1, 0, 1, false).name()).isEqualTo("avgPool1d");
    assertThat(new Pool.Gradient(max(2), List.of(4)).name()).isEqualTo("maxPool1dGradient");
  }

  @Test
  void groupsCutTheChannels() {
    assertThat(infer(conv1d(1, 0, 1, 2), "float32(1, 6, 5)", "float32(4, 3, 2)"))
        .containsExactly("float32(1, 4, 4)");
    refused(
        conv1d(1, 0, 1, 2),
        ShapeException.class,
        "conv1d: input (1, 6, 5) has 6 channels, weight (4, 6, 2) with 2 groups takes 12",
        "float32(1, 6, 5)",
        "float32(4, 6, 2)");
    refused(
        conv1d(1, 0, 1, 2),
        ShapeException.class,
        "conv1d: weight (3, 3, 2) has 3 outputs, not a multiple of 2 groups",
        "float32(1, 6, 5)",
        "float32(3, 3, 2)");
  }

  @Test
  void aWindowMustFitIntoThePaddedAxis() {
    refused(
        conv1d(1, 1, 3, 1),
        ShapeException.class,
        "conv1d: a window of 7 (kernel 3, dilation 3) does not fit into axis 2 of (1, 1, 4) padded"
            + " by 1",
        "float32(1, 1, 4)",
        "float32(1, 1, 3)");
    assertThat(infer(conv1d(1, 1, 3, 1), "float32(1, 1, 5)", "float32(1, 1, 3)"))
        .containsExactly("float32(1, 1, 1)");
    refused(
        conv1d(1, 0, 1, 1),
        ShapeException.class,
        "conv1d: a window of 0 (kernel 0, dilation 1) does not fit into axis 2 of (1, 1, 4) padded"
            + " by 0",
        "float32(1, 1, 4)",
        "float32(1, 1, 0)");
  }

  @Test
  void windowsAreCountedBeyondTheRangeOfAnInt() {
    int far = 1 << 30;
    refused(
        conv1d(1, 0, far, 1),
        ShapeException.class,
        "conv1d: a window of 4294967297 (kernel 5, dilation 1073741824) does not fit into axis 2 of"
            + " (1, 1, 5) padded by 0",
        "float32(1, 1, 5)",
        "float32(1, 1, 5)");
    refused(
        conv1d(1, far, 1, 1),
        ShapeException.class,
        "conv1d: axis 2 of the result would have 2147483653 places; at most 2147483647 are possible",
        "float32(1, 1, 5)",
        "float32(1, 1, 1)");
    assertThat(infer(pool(Pool.Kind.MAX, 2, far, 0, 1, true), "float32(1, 1, 2147483647)"))
        .first()
        .isEqualTo("float32(1, 1, 2)");
    assertThatThrownBy(() -> pool(Pool.Kind.MAX, 2, 1, far, 1, false))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("maxPool: padding must be at most half the kernel [2], not [1073741824]");
  }

  @Test
  void convolutionsTakeOneFloatingTypeAndTensorsOfTheRightRank() {
    Convolution conv = conv1d(1, 0, 1, 1);
    refused(
        conv,
        DTypeException.class,
        "conv1d: input is int32; a floating type is needed, use to(DType.FLOAT32)",
        "int32(1, 1, 5)",
        "int32(1, 1, 2)");
    refused(
        conv,
        DTypeException.class,
        "conv1d: input is float32 and weight is float64; convert one of them with to(DType)",
        "float32(1, 1, 5)",
        "float64(1, 1, 2)");
    String axes = " must have 3 axes: (batch, channels, …) and (outputs, channels / groups, …)";
    refused(
        conv,
        ShapeException.class,
        "conv1d: input (1, 5) and weight (1, 1, 2)" + axes,
        "float32(1, 5)",
        "float32(1, 1, 2)");
    refused(
        conv,
        ShapeException.class,
        "conv1d: input (1, 1, 5) and weight (1, 1, 2, 2)" + axes,
        "float32(1, 1, 5)",
        "float32(1, 1, 2, 2)");
    refused(conv, ArgumentException.class, "conv1d: inputs must be 2, not 1", "float32(1, 1, 5)");
  }

  @Test
  void convolutionsAreOverOneToThreeSpatialAxes() {
    for (int spatial : new int[] {0, 4}) {
      List<Integer> ones = Collections.nCopies(spatial, 1);
      badConvolution(ones, ones, ones, 1, wrongLengths());
    }
    List<Integer> ones = List.of(1, 1, 1);
    assertThat(new Convolution(ones, ones, ones, 1).name()).isEqualTo("conv3d");
    badConvolution(ONE, List.of(0, 0), ONE, 1, wrongLengths());
    badConvolution(ONE, ZERO, List.of(1, 1), 1, wrongLengths());
  }

  private static String wrongLengths() {
    return "stride, padding and dilation must have one entry each for one to three spatial axes";
  }

  @Test
  void numbersOfConvolutionsHaveALeastValue() {
    badConvolution(ZERO, ZERO, ONE, 1, "stride must be at least 1, not 0");
    badConvolution(ONE, List.of(-1), ONE, 1, "padding must be at least 0, not -1");
    badConvolution(ONE, ZERO, ZERO, 1, "dilation must be at least 1, not 0");
    badConvolution(ONE, ZERO, ONE, 0, "groups must be at least 1, not 0");
  }

  private static void badConvolution(
      List<Integer> stride,
      List<Integer> padding,
      List<Integer> dilation,
      int groups,
      String problem) {
    assertThatThrownBy(() -> new Convolution(stride, padding, dilation, groups))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("convolution: " + problem);
  }

  @Test
  void theInputsGradientHasTheInputsShape() {
    Operator gradient = new Convolution.InputGradient(conv1d(2, 0, 1, 2), List.of(6));
    assertThat(infer(gradient, "float32(5, 4, 3)", "float32(4, 3, 2)"))
        .containsExactly("float32(5, 6, 6)");
    refused(
        gradient,
        ShapeException.class,
        "conv1dInputGradient: gradient (5, 4, 4) should have the output's shape (5, 4, 3)",
        "float32(5, 4, 4)",
        "float32(4, 3, 2)");
    refused(
        gradient,
        ShapeException.class,
        "conv1dInputGradient: gradient (5, 4) has 2 axes; at least 3 are needed",
        "float32(5, 4)",
        "float32(4, 3, 2)");
    refused(
        gradient,
        ShapeException.class,
        "conv1dInputGradient: weight (4, 3) has 2 axes; at least 3 are needed",
        "float32(5, 4, 3)",
        "float32(4, 3)");
    refused(
        gradient,
        ArgumentException.class,
        "conv1dInputGradient: inputs must be 2, not 1",
        "float32(5, 4, 3)");
  }

  @Test
  void theWeightsGradientHasTheWeightsShape() {
    Operator gradient = new Convolution.WeightGradient(conv1d(2, 0, 1, 2), List.of(2));
    assertThat(infer(gradient, "float32(5, 4, 3)", "float32(5, 6, 6)"))
        .containsExactly("float32(4, 3, 2)");
    refused(
        gradient,
        ShapeException.class,
        "conv1dWeightGradient: gradient (5, 4, 4) should have the output's shape (5, 4, 3)",
        "float32(5, 4, 4)",
        "float32(5, 6, 6)");
    refused(
        gradient,
        ShapeException.class,
        "conv1dWeightGradient: gradient (5, 4) has 2 axes; at least 3 are needed",
        "float32(5, 4)",
        "float32(5, 6, 6)");
    refused(
        gradient,
        ShapeException.class,
        "conv1dWeightGradient: input (5, 6) has 2 axes; at least 3 are needed",
        "float32(5, 4, 3)",
        "float32(5, 6)");
    refused(
        gradient,
        ArgumentException.class,
        "conv1dWeightGradient: inputs must be 2, not 1",
        "float32(5, 4, 3)");
  }

  @Test
  void poolsTakeAFloatingTensorOfTheRightRank() {
    refused(
        max(2),
        ShapeException.class,
        "maxPool1d: input (3, 5) must have 3 axes: (batch, channels, …)",
        "float32(3, 5)");
    refused(
        max(2),
        DTypeException.class,
        "maxPool1d: input is int64; a floating type is needed, use to(DType.FLOAT32)",
        "int64(2, 3, 5)");
    refused(max(2), ArgumentException.class, "maxPool1d: inputs must be 1, not 0");
  }

  @Test
  void poolsAreOverOneToThreeSpatialAxes() {
    String problem =
        "maxPool: kernel, stride, padding and dilation must have one entry each for one to three"
            + " spatial axes";
    List<Integer> two = List.of(1, 1);
    for (int spatial : new int[] {0, 4}) {
      List<Integer> ones = Collections.nCopies(spatial, 1);
      badPool(ones, ones, Collections.nCopies(spatial, 0), ones, problem);
    }
    badPool(ONE, two, ZERO, ONE, problem);
    badPool(ONE, ONE, List.of(0, 0), ONE, problem);
    badPool(ONE, ONE, ZERO, two, problem);
    List<Integer> three = List.of(1, 1, 1);
    assertThat(new Pool(Pool.Kind.MAX, three, three, List.of(0, 0, 0), three, false, false).name())
        .isEqualTo("maxPool3d");
  }

  @Test
  void numbersOfPoolsHaveALeastValueAndPaddingAMost() {
    badPool(ZERO, ONE, ZERO, ONE, "maxPool: kernel must be at least 1, not 0");
    badPool(ONE, ZERO, ZERO, ONE, "maxPool: stride must be at least 1, not 0");
    badPool(ONE, ONE, List.of(-1), ONE, "maxPool: padding must be at least 0, not -1");
    badPool(ONE, ONE, ZERO, ZERO, "maxPool: dilation must be at least 1, not 0");
    badPool(
        List.of(4, 3),
        List.of(1, 1),
        List.of(2, 2),
        List.of(1, 1),
        "maxPool: padding must be at most half the kernel [4, 3], not [2, 2]");
  }

  private static void badPool(
      List<Integer> kernel,
      List<Integer> stride,
      List<Integer> padding,
      List<Integer> dilation,
      String problem) {
    assertThatThrownBy(
            () -> new Pool(Pool.Kind.MAX, kernel, stride, padding, dilation, false, false))
        .isInstanceOf(ArgumentException.class)
        .hasMessage(problem);
  }

  @Test
  void averagesHaveNoDilation() {
    assertThatThrownBy(() -> pool(Pool.Kind.AVERAGE, 2, 1, 0, 2, false))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("avgPool: dilation must be 1 for averages");
  }

  @Test
  void aPoolsGradientHasTheInputsShape() {
    Operator ofMax = new Pool.Gradient(max(2), List.of(5));
    assertThat(infer(ofMax, "float32(2, 3, 4)", "int64(2, 3, 4)"))
        .containsExactly("float32(2, 3, 5)");
    Operator ofAverage = new Pool.Gradient(pool(Pool.Kind.AVERAGE, 2, 1, 0, 1, false), List.of(5));
    assertThat(infer(ofAverage, "float64(2, 3, 4)")).containsExactly("float64(2, 3, 5)");
    refused(
        ofMax,
        ShapeException.class,
        "maxPool1dGradient: gradient (2, 3, 5) should have the output's shape (2, 3, 4)",
        "float32(2, 3, 5)",
        "int64(2, 3, 5)");
    refused(
        ofMax,
        ShapeException.class,
        "maxPool1dGradient: indices (2, 3, 5) should have the output's shape (2, 3, 4)",
        "float32(2, 3, 4)",
        "int64(2, 3, 5)");
    refused(
        ofMax,
        DTypeException.class,
        "maxPool1dGradient: index is float32; int32 or int64 is needed",
        "float32(2, 3, 4)",
        "float32(2, 3, 4)");
    refused(
        ofMax,
        ShapeException.class,
        "maxPool1dGradient: gradient (2, 4) has 2 axes; at least 3 are needed",
        "float32(2, 4)",
        "int64(2, 4)");
    refused(
        ofMax,
        ArgumentException.class,
        "maxPool1dGradient: inputs must be 2, not 1",
        "float32(2, 3, 4)");
    refused(
        ofAverage,
        ArgumentException.class,
        "avgPool1dGradient: inputs must be 1, not 2",
        "float32(2, 3, 4)",
        "int64(2, 3, 4)");
  }
}
