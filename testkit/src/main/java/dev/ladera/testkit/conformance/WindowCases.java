package dev.ladera.testkit.conformance;

import static dev.ladera.testkit.conformance.OperatorCase.FLOATING;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.DTypeException;
import dev.ladera.ReductionOps.Found;
import dev.ladera.ShapeException;
import dev.ladera.testkit.conformance.OperatorCase.Call;
import dev.ladera.testkit.conformance.OperatorCase.Sample;
import dev.ladera.testkit.conformance.OperatorCase.Smoothness;
import java.util.List;
import java.util.function.IntFunction;

/** Convolution and pooling. */
final class WindowCases {
  private static final Operand IMAGES = Operand.of(2, 4, 7, 6);

  private WindowCases() {}

  static List<OperatorCase> all() {
    return List.of(
        conv(),
        convTranspose(),
        conv2d(),
        plainConv2d(),
        maxPool(),
        maxPool2d(),
        avgPool(),
        avgPool2d());
  }

  private static Call conv(
      List<Integer> stride, List<Integer> padding, List<Integer> dilation, int groups) {
    return (_, in) ->
        List.of(
            in.get(0)
                .conv(
                    in.get(1),
                    in.size() > 2 ? in.get(2) : null,
                    stride,
                    padding,
                    dilation,
                    groups));
  }

  private static Call square(int stride, int padding, int dilation, int groups) {
    return (_, in) ->
        List.of(in.get(0).conv2d(in.get(1), in.get(2), stride, padding, dilation, groups));
  }

  private static OperatorCase line(
      String operation, List<Sample> samples, IntFunction<List<Sample>> sized) {
    return OperatorCase.of(operation, samples)
        .sizedBy(sized)
        .dtypes(FLOATING)
        .tolerance(LinearAlgebraCases.PRODUCTS)
        .differentiable(Smoothness.TWICE);
  }

  private static OperatorCase conv() {
    Call signal = conv(List.of(1), List.of(1), List.of(1), 1);
    Call image = conv(List.of(1, 1), List.of(0, 0), List.of(1, 1), 1);
    return line(
            "conv(Tensor, Tensor, List, List, List, int)",
            List.of(
                Sample.of(
                    "signal", signal, Operand.of(2, 3, 9), Operand.of(4, 3, 3), Operand.of(4)),
                Sample.of(
                    "signal with stride and dilation",
                    conv(List.of(2), List.of(3), List.of(2), 1),
                    Operand.of(2, 3, 11),
                    Operand.of(4, 3, 3)),
                Sample.of("image", image, IMAGES, Operand.of(3, 4, 3, 2)),
                Sample.of(
                    "unequal",
                    conv(List.of(2, 1), List.of(1, 2), List.of(1, 2), 1),
                    IMAGES,
                    Operand.of(3, 4, 3, 2),
                    Operand.of(3)),
                Sample.of(
                    "groups",
                    conv(List.of(1, 1), List.of(1, 1), List.of(1, 1), 2),
                    IMAGES,
                    Operand.of(6, 2, 3, 3),
                    Operand.of(6)),
                Sample.of(
                    "depthwise",
                    conv(List.of(1, 1), List.of(1, 1), List.of(1, 1), 4),
                    IMAGES,
                    Operand.of(8, 1, 3, 3)),
                Sample.of("pointwise", image, IMAGES, Operand.of(5, 4, 1, 1), Operand.of(5)),
                Sample.of(
                    "stride over the kernel",
                    conv(List.of(3, 3), List.of(0, 0), List.of(1, 1), 1),
                    IMAGES,
                    Operand.of(3, 4, 2, 2)),
                Sample.of(
                    "padding over the kernel",
                    conv(List.of(2, 2), List.of(4, 3), List.of(1, 1), 1),
                    IMAGES,
                    Operand.of(3, 4, 2, 2)),
                Sample.of("whole image", image, IMAGES, Operand.of(3, 4, 7, 6)),
                Sample.of(
                    "volume",
                    conv(List.of(1, 2, 1), List.of(1, 0, 1), List.of(1, 1, 2), 1),
                    Operand.of(2, 2, 4, 5, 6),
                    Operand.of(3, 2, 2, 3, 2),
                    Operand.of(3)),
                Sample.of(
                    "grouped volume",
                    conv(List.of(1, 1, 1), List.of(0, 1, 0), List.of(1, 1, 1), 2),
                    Operand.of(1, 4, 3, 4, 5),
                    Operand.of(2, 2, 2, 2, 2)),
                Sample.of("no images", image, Operand.of(0, 4, 7, 6), Operand.of(3, 4, 3, 2))),
            n ->
                n > 1000
                    ? List.of(
                        Sample.of(
                            "large",
                            conv(List.of(1, 1), List.of(1, 1), List.of(1, 1), 1),
                            Operand.of(2, 3, 90, 90),
                            Operand.of(4, 3, 3, 3),
                            Operand.of(4)))
                    : List.of(
                        Sample.of(
                            "signal of " + n,
                            signal,
                            Operand.of(1, 2, n),
                            Operand.of(3, 2, 3),
                            Operand.of(3)),
                        Sample.of(
                            n + " channels", image, Operand.of(1, n, 4, 4), Operand.of(2, n, 3, 3)),
                        Sample.of(
                            n + " outputs", image, Operand.of(1, 2, 4, 4), Operand.of(n, 2, 3, 3))))
        .refusing(
            "channels", image, ShapeException.class, "channels", IMAGES, Operand.of(3, 5, 2, 2))
        .refusing(
            "axes",
            image,
            ShapeException.class,
            "must have 4 axes",
            Operand.of(4, 7, 6),
            Operand.of(3, 4, 2, 2))
        .refusing(
            "window",
            image,
            ShapeException.class,
            "does not fit into axis 2",
            IMAGES,
            Operand.of(3, 4, 8, 2))
        .refusing(
            "groups",
            conv(List.of(1, 1), List.of(0, 0), List.of(1, 1), 2),
            ShapeException.class,
            "not a multiple of 2 groups",
            IMAGES,
            Operand.of(3, 2, 2, 2))
        .refusing(
            "stride",
            conv(List.of(0, 1), List.of(0, 0), List.of(1, 1), 1),
            ArgumentException.class,
            "stride must be at least 1",
            IMAGES,
            Operand.of(3, 4, 2, 2))
        .refusing(
            "types",
            image,
            DTypeException.class,
            "input is float32 and weight is float64",
            IMAGES,
            Operand.of(3, 4, 2, 2).as(DType.FLOAT64))
        .refusing(
            "integers",
            image,
            DTypeException.class,
            "floating type is needed",
            IMAGES.as(DType.INT32),
            Operand.of(3, 4, 2, 2).as(DType.INT32));
  }

  private static Call transposed(
      List<Integer> stride,
      List<Integer> padding,
      List<Integer> outputPadding,
      List<Integer> dilation,
      int groups) {
    return (_, in) ->
        List.of(
            in.get(0)
                .convTranspose(
                    in.get(1),
                    in.size() > 2 ? in.get(2) : null,
                    stride,
                    padding,
                    outputPadding,
                    dilation,
                    groups));
  }

  private static OperatorCase convTranspose() {
    Call signal = transposed(List.of(2), List.of(1), List.of(1), List.of(1), 1);
    return line(
            "convTranspose(Tensor, Tensor, List, List, List, List, int)",
            List.of(
                Sample.of(
                    "signal", signal, Operand.of(2, 3, 5), Operand.of(3, 2, 3), Operand.of(2)),
                Sample.of(
                    "image",
                    transposed(List.of(2, 1), List.of(1, 0), List.of(1, 0), List.of(1, 2), 1),
                    Operand.of(2, 3, 4, 5),
                    Operand.of(3, 2, 3, 2),
                    Operand.of(2)),
                Sample.of(
                    "groups",
                    transposed(List.of(2, 2), List.of(0, 1), List.of(0, 1), List.of(1, 1), 2),
                    Operand.of(2, 4, 3, 3),
                    Operand.of(4, 3, 2, 3)),
                Sample.of(
                    "volume",
                    transposed(
                        List.of(2, 1, 1), List.of(0, 1, 0), List.of(1, 0, 0), List.of(1, 1, 1), 1),
                    Operand.of(1, 2, 2, 3, 3),
                    Operand.of(2, 2, 2, 2, 2),
                    Operand.of(2))),
            n ->
                n > 1000
                    ? List.of(
                        Sample.of(
                            "large",
                            transposed(
                                List.of(2, 2), List.of(1, 1), List.of(1, 1), List.of(1, 1), 1),
                            Operand.of(2, 3, 45, 45),
                            Operand.of(3, 4, 3, 3)))
                    : List.of(
                        Sample.of(
                            "signal of " + n,
                            signal,
                            Operand.of(1, 2, n),
                            Operand.of(2, 3, 3),
                            Operand.of(3))))
        .refusing(
            "axes",
            signal,
            ShapeException.class,
            "must have 3 axes",
            Operand.of(3, 5),
            Operand.of(3, 2, 3));
  }

  private static OperatorCase conv2d() {
    return line(
        "conv2d(Tensor, Tensor, int, int, int, int)",
        List.of(
            Sample.of(
                "stride and padding",
                square(2, 1, 1, 1),
                IMAGES,
                Operand.of(3, 4, 3, 3),
                Operand.of(3)),
            Sample.of(
                "dilation and groups",
                square(1, 2, 2, 2),
                IMAGES,
                Operand.of(4, 2, 3, 3),
                Operand.of(4))),
        n ->
            n > 1000
                ? List.of(
                    Sample.of(
                        "large",
                        square(1, 2, 1, 1),
                        Operand.of(1, 4, 60, 60),
                        Operand.of(6, 4, 5, 5),
                        Operand.of(6)))
                : List.of(
                    Sample.of(
                        "width " + n,
                        square(1, 1, 1, 1),
                        Operand.of(1, 2, 3, n),
                        Operand.of(2, 2, 3, 3),
                        Operand.of(2))));
  }

  private static OperatorCase plainConv2d() {
    Call call = (_, in) -> List.of(in.get(0).conv2d(in.get(1), in.get(2)));
    return line(
        "conv2d(Tensor, Tensor)",
        List.of(Sample.of("image", call, IMAGES, Operand.of(3, 4, 3, 3), Operand.of(3))),
        n ->
            List.of(
                Sample.of(
                    n + " images",
                    call,
                    Operand.of(Math.min(n, 900), 1, 10, 10),
                    Operand.of(2, 1, 3, 3),
                    Operand.of(2))));
  }

  private static Call largest(
      List<Integer> kernel,
      List<Integer> stride,
      List<Integer> padding,
      List<Integer> dilation,
      boolean ceilMode) {
    return (_, in) -> {
      Found found = in.get(0).maxPool(kernel, stride, padding, dilation, ceilMode);
      return List.of(found.values(), found.indices());
    };
  }

  private static OperatorCase pool(
      String operation,
      List<Sample> samples,
      IntFunction<List<Sample>> sized,
      Tolerance tolerance) {
    return OperatorCase.of(operation, samples)
        .sizedBy(sized)
        .dtypes(FLOATING)
        .tolerance(tolerance)
        .differentiable(Smoothness.TWICE);
  }

  private static OperatorCase maxPool() {
    Call halves = largest(List.of(2, 2), List.of(2, 2), List.of(0, 0), List.of(1, 1), false);
    return pool(
            "maxPool(List, List, List, List, boolean)",
            List.of(
                Sample.of("halves", halves, IMAGES),
                Sample.of(
                    "overlapping",
                    largest(List.of(3, 2), List.of(1, 2), List.of(1, 1), List.of(1, 1), false),
                    IMAGES),
                Sample.of(
                    "ceil",
                    largest(List.of(2, 3), List.of(2, 2), List.of(0, 1), List.of(1, 1), true),
                    IMAGES),
                Sample.of(
                    "dilation",
                    largest(List.of(3, 2), List.of(2, 1), List.of(1, 0), List.of(2, 3), false),
                    IMAGES),
                Sample.of(
                    "signal",
                    largest(List.of(3), List.of(2), List.of(1), List.of(1), true),
                    Operand.of(2, 3, 8)),
                Sample.of(
                    "volume",
                    largest(
                        List.of(2, 1, 2),
                        List.of(2, 2, 1),
                        List.of(1, 0, 0),
                        List.of(1, 1, 1),
                        false),
                    Operand.of(2, 2, 3, 4, 5)),
                Sample.of("no images", halves, Operand.of(0, 2, 4, 4))),
            n ->
                n > 1000
                    ? List.of(Sample.of("large", halves, Operand.of(2, 5, 100, 100)))
                    : List.of(
                        Sample.of("width " + n, halves, Operand.of(1, 2, 4, 2 * n)),
                        Sample.of(n + " channels", halves, Operand.of(2, n, 4, 4))),
            Tolerance.EXACT)
        .refusing(
            "padding",
            largest(List.of(2, 2), List.of(2, 2), List.of(2, 0), List.of(1, 1), false),
            ArgumentException.class,
            "at most half the kernel",
            IMAGES)
        .refusing(
            "window",
            halves,
            ShapeException.class,
            "does not fit into axis 3",
            Operand.of(1, 1, 4, 1))
        .refusing("axes", halves, ShapeException.class, "must have 4 axes", Operand.of(4, 4))
        .refusing(
            "integers",
            halves,
            DTypeException.class,
            "floating type is needed",
            IMAGES.as(DType.INT32));
  }

  private static OperatorCase maxPool2d() {
    Call call = (_, in) -> List.of(in.get(0).maxPool2d(3));
    return pool(
        "maxPool2d(int)",
        List.of(Sample.of("image", call, IMAGES)),
        n -> List.of(Sample.of("size " + n, call, Operand.of(1, 1, 4, n + 2))),
        Tolerance.EXACT);
  }

  private static Call average(
      List<Integer> kernel,
      List<Integer> stride,
      List<Integer> padding,
      boolean ceilMode,
      boolean countIncludePad) {
    return (_, in) ->
        List.of(in.get(0).avgPool(kernel, stride, padding, ceilMode, countIncludePad));
  }

  private static OperatorCase avgPool() {
    Call halves = average(List.of(2, 2), List.of(2, 2), List.of(0, 0), false, true);
    return pool(
            "avgPool(List, List, List, boolean, boolean)",
            List.of(
                Sample.of("halves", halves, IMAGES),
                Sample.of(
                    "padding counts",
                    average(List.of(3, 2), List.of(1, 2), List.of(1, 1), false, true),
                    IMAGES),
                Sample.of(
                    "padding does not count",
                    average(List.of(3, 2), List.of(2, 1), List.of(1, 1), false, false),
                    IMAGES),
                Sample.of(
                    "ceil",
                    average(List.of(2, 4), List.of(2, 3), List.of(0, 1), true, true),
                    IMAGES),
                Sample.of(
                    "ceil, padding does not count",
                    average(List.of(2, 4), List.of(2, 3), List.of(1, 1), true, false),
                    IMAGES),
                Sample.of(
                    "signal",
                    average(List.of(3), List.of(2), List.of(1), true, true),
                    Operand.of(2, 3, 8)),
                Sample.of(
                    "volume",
                    average(List.of(2, 1, 2), List.of(2, 2, 1), List.of(1, 0, 0), false, true),
                    Operand.of(2, 2, 3, 4, 5))),
            n ->
                n > 1000
                    ? List.of(Sample.of("large", halves, Operand.of(2, 5, 100, 100)))
                    : List.of(
                        Sample.of("width " + n, halves, Operand.of(1, 2, 4, 2 * n)),
                        Sample.of(n + " channels", halves, Operand.of(2, n, 4, 4))),
            Tolerance.unitsOfLargest(4))
        .refusing(
            "stride",
            average(List.of(2, 2), List.of(0, 1), List.of(0, 0), false, true),
            ArgumentException.class,
            "stride must be at least 1",
            IMAGES);
  }

  private static OperatorCase avgPool2d() {
    Call call = (_, in) -> List.of(in.get(0).avgPool2d(3));
    return pool(
        "avgPool2d(int)",
        List.of(Sample.of("image", call, IMAGES)),
        n -> List.of(Sample.of("size " + n, call, Operand.of(1, 1, 4, n + 2))),
        Tolerance.unitsOfLargest(4));
  }
}
