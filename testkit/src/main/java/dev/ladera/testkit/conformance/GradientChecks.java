package dev.ladera.testkit.conformance;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Generator;
import dev.ladera.Gradients;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.spi.AutogradEngine;
import dev.ladera.testkit.conformance.OperatorCase.Sample;
import dev.ladera.testkit.conformance.OperatorCase.Smoothness;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Gradients on a device: against finite differences in float64, and in float32, through views,
 * against those on the reference. The engine is whichever is on the class path.
 */
final class GradientChecks {
  private static final double STEP = 2e-4;
  private static final double RELATIVE = 1e-6;
  private static final double ABSOLUTE = 1e-7;
  private static final Tolerance CLOSE = Tolerance.unitsOfLargest(128);

  private GradientChecks() {}

  /** Whether gradients can be computed at all. */
  static boolean engineIsThere() {
    return ServiceLoader.load(AutogradEngine.class, Device.class.getClassLoader())
            .findFirst()
            .isPresent()
        || ServiceLoader.load(AutogradEngine.class).findFirst().isPresent();
  }

  static Stream<Check> of(List<OperatorCase> table, Device device) {
    List<Check> checks = new ArrayList<>();
    for (OperatorCase line : table) {
      if (line.smoothness() != Smoothness.NONE) {
        add(
            checks,
            line,
            "first order",
            Check.FIRST,
            DType.FLOAT64,
            (sample, inputs) -> first(sample, inputs, device));
        add(
            checks,
            line,
            "reference",
            Check.FIRST,
            DType.FLOAT32,
            (sample, inputs) -> reference(sample, inputs, device));
      }
      if (line.smoothness() == Smoothness.TWICE) {
        add(
            checks,
            line,
            "second order",
            Check.SECOND,
            DType.FLOAT64,
            (sample, inputs) -> second(sample, inputs, device));
      }
    }
    return checks.stream();
  }

  private static void add(
      List<Check> checks, OperatorCase line, String kind, String aspect, DType dtype, Body body) {
    if (line.dtypes().contains(dtype)) {
      checks.add(
          new Check(
              "gradients/" + line.operation() + "/" + kind,
              new Check.Subject(line.operation(), aspect),
              () -> eachSample(line, dtype, body)));
    }
  }

  private interface Body {
    void check(Sample sample, List<HostValue> inputs);
  }

  /** All samples whose floating inputs have the type. */
  private static void eachSample(OperatorCase line, DType dtype, Body body) {
    for (Sample sample : line.samples()) {
      List<HostValue> inputs = Runs.inputs(line, sample, dtype);
      if (inputs.stream().allMatch(in -> in.dtype() == dtype || !in.dtype().isFloating())) {
        body.check(sample, inputs);
      }
    }
  }

  private static void reference(Sample sample, List<HostValue> inputs, Device device) {
    List<HostValue> expected = gradients(sample, inputs, Runs.REFERENCE, Placement.CONTIGUOUS);
    Comparison.close(
        sample.label(), gradients(sample, inputs, device, Placement.MIXED), expected, CLOSE);
  }

  private static List<HostValue> gradients(
      Sample sample, List<HostValue> inputs, Device device, Placement placement) {
    List<Tensor> leaves = inputs.stream().map(in -> placement.place(in, device)).toList();
    leaves.stream().filter(x -> x.dtype().isFloating()).forEach(x -> x.requiresGrad(true));
    Tensor scalar = projection(sample, leaves, DType.FLOAT32);
    List<HostValue> values = new ArrayList<>();
    for (Tensor gradient : gradients(scalar, leaves, false)) {
      if (gradient != null) {
        values.add(HostValue.of(gradient));
      }
    }
    return values;
  }

  private static List<@Nullable Tensor> gradients(
      Tensor scalar, List<Tensor> leaves, boolean createGraph) {
    if (!scalar.requiresGrad()) {
      return List.of();
    }
    List<Tensor> floating = leaves.stream().filter(Tensor::requiresGrad).toList();
    return Gradients.grad(
        List.of(scalar), floating, Collections.singletonList(null), createGraph, createGraph);
  }

  private static Tensor random(Shape shape, DType dtype, long seed, Device device) {
    return new Generator(seed).uniform(shape, dtype, device).mul(2).sub(1);
  }

  /** The floating outputs weighted by fixed random numbers, and summed. */
  private static Tensor projection(Sample sample, List<Tensor> inputs, DType dtype) {
    Device device = inputs.getFirst().device();
    Tensor sum = Tensor.zeros(Shape.SCALAR, dtype, device);
    long seed = 17;
    for (Tensor output : sample.call().on(device, inputs)) {
      if (output.dtype() == dtype) {
        sum = sum.add(output.mul(random(output.shape(), dtype, seed++, device)).sum());
      }
    }
    return sum;
  }

  /**
   * The derivative of a random projection of the outputs along a random direction of the inputs.
   */
  private static void first(Sample sample, List<HostValue> inputs, Device device) {
    compare(sample.label(), x -> projection(sample, x, DType.FLOAT64), inputs, 100, device);
  }

  /** The derivative of that derivative along another direction. */
  private static void second(Sample sample, List<HostValue> inputs, Device device) {
    Function<List<Tensor>, Tensor> value = x -> projection(sample, x, DType.FLOAT64);
    Function<List<Tensor>, Tensor> slope =
        x -> Gradients.enableGrad(() -> along(recorded(value, x), x, 100, true));
    compare(sample.label(), slope, inputs, 200, device);
  }

  private static Tensor recorded(Function<List<Tensor>, Tensor> value, List<Tensor> inputs) {
    inputs.stream().filter(x -> x.dtype().isFloating()).forEach(x -> x.requiresGrad(true));
    return value.apply(inputs);
  }

  /** The inner product of a scalar's gradients with a direction. */
  private static Tensor along(
      Tensor scalar, List<Tensor> inputs, long directions, boolean createGraph) {
    Tensor sum = Tensor.zeros(Shape.SCALAR, DType.FLOAT64, scalar.device());
    long seed = directions;
    for (Tensor gradient : gradients(scalar, inputs, createGraph)) {
      if (gradient != null) {
        Tensor direction = random(gradient.shape(), DType.FLOAT64, seed, gradient.device());
        sum = sum.add(gradient.mul(direction).sum());
      }
      seed++;
    }
    return sum;
  }

  private static void compare(
      String what,
      Function<List<Tensor>, Tensor> scalar,
      List<HostValue> inputs,
      long directions,
      Device device) {
    List<Tensor> leaves = inputs.stream().map(in -> in.on(device)).toList();
    Tensor value = recorded(scalar, leaves);
    if (!Double.isFinite(value.item())) {
      return;
    }
    double slope = along(value, leaves, directions, false).item();
    double[] values = new double[5];
    for (int i = -2; i <= 2; i++) {
      values[i + 2] = scalar.apply(moved(inputs, i * STEP, directions, device)).item();
    }
    // Five points: the error goes with the fourth power of the step.
    double difference = (values[0] - 8 * values[1] + 8 * values[3] - values[4]) / (12 * STEP);
    // Negated, so that NaN fails.
    if (!(Math.abs(slope - difference) <= ABSOLUTE + RELATIVE * Math.abs(difference))) {
      throw new AssertionError(
          what
              + ": the gradient's slope is "
              + slope
              + ", but finite differences say "
              + difference);
    }
  }

  /** The inputs moved along the direction that {@link #along} takes. */
  private static List<Tensor> moved(
      List<HostValue> inputs, double distance, long directions, Device device) {
    List<Tensor> moved = new ArrayList<>();
    long seed = directions;
    for (HostValue input : inputs) {
      Tensor x = input.on(device);
      if (input.dtype().isFloating()) {
        Tensor direction = random(input.shape(), DType.FLOAT64, seed++, device);
        x = x.add(direction.mul(distance));
      }
      moved.add(x);
    }
    return moved;
  }
}
