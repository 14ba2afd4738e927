package dev.ladera.testkit.conformance;

import static dev.ladera.DType.INT32;
import static dev.ladera.testkit.conformance.OperatorCase.FLOATING;

import dev.ladera.op.BatchNorm;
import dev.ladera.op.Composite;
import dev.ladera.op.CrossEntropy;
import dev.ladera.op.LayerNorm;
import dev.ladera.op.LogSoftmax;
import dev.ladera.op.NllLoss;
import dev.ladera.op.NllLoss.Joining;
import dev.ladera.op.Softmax;
import dev.ladera.testkit.conformance.OperatorCase.Sample;
import dev.ladera.testkit.conformance.OperatorCase.Smoothness;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;

/** The api's composites, called as operators, for backends that have kernels of their own. */
final class CompositeCases {
  private CompositeCases() {}

  static List<OperatorCase> all() {
    return names().stream()
        .map(name ->
            OperatorCase.of(name + "(…)", samples(name, 5))
                .sizedBy(n -> samples(name, Math.min(n, 20_000)))
                .dtypes(FLOATING)
                .tolerance(Tolerance.unitsOfLargest(64))
                .differentiable(Smoothness.NONE))
        .toList();
  }

  private static List<String> names() {
    return List.of(
        "Softmax",
        "Softmax.Backward",
        "LogSoftmax",
        "LogSoftmax.Backward",
        "LayerNorm",
        "LayerNorm.Backward",
        "BatchNorm",
        "BatchNorm.Backward",
        "NllLoss",
        "NllLoss.Backward",
        "CrossEntropy",
        "CrossEntropy.Backward");
  }

  /** Ways to call a composite, one of its sizes being n. */
  private static List<Sample> samples(String name, int n) {
    return switch (name) {
      case "Softmax" -> alongAxes(Softmax::new, n, false);
      case "Softmax.Backward" -> alongAxes(Softmax.Backward::new, n, true);
      case "LogSoftmax" -> alongAxes(LogSoftmax::new, n, false);
      case "LogSoftmax.Backward" -> alongAxes(LogSoftmax.Backward::new, n, true);
      case "LayerNorm" ->
          List.of(
              of("rows", new LayerNorm(1, 0.1), Operand.of(3, n + 1)),
              of("factors", new LayerNorm(1, 0.1), Operand.of(3, n + 1), Operand.of(n + 1)),
              of(
                  "two axes",
                  new LayerNorm(2, 0.1),
                  Operand.of(2, 3, n),
                  Operand.of(3, n),
                  Operand.of(3, n)));
      case "LayerNorm.Backward" ->
          // An eps so large that the rounding of an even row's mean is not made much of.
          List.of(
              of("rows", new LayerNorm.Backward(1, 1), Operand.of(3, n), Operand.of(3, n)),
              of(
                  "factors",
                  new LayerNorm.Backward(1, 1),
                  Operand.of(3, n),
                  Operand.of(3, n),
                  Operand.of(n)),
              of(
                  "two axes",
                  new LayerNorm.Backward(2, 1),
                  Operand.of(2, 3, n),
                  Operand.of(2, 3, n),
                  Operand.of(3, n)));
      case "BatchNorm" ->
          List.of(
              of("matrix", new BatchNorm(0.1), Operand.of(n + 1, 4)),
              of("images", new BatchNorm(0.1), Operand.of(2, 3, 2, n)));
      case "BatchNorm.Backward" ->
          List.of(
              of(
                  "matrix",
                  new BatchNorm.Backward(0.1),
                  Operand.of(n + 1, 4),
                  Operand.of(n + 1, 4),
                  Operand.within(0.3, 2, 4)),
              of(
                  "images",
                  new BatchNorm.Backward(0.1),
                  Operand.of(2, 3, 2, n),
                  Operand.of(2, 3, 2, n),
                  Operand.within(0.3, 2, 3)));
      case "NllLoss" -> losses(loss -> loss, n);
      case "NllLoss.Backward" -> losses(NllLoss.Backward::new, n);
      case "CrossEntropy" -> losses(CrossEntropy::new, n);
      case "CrossEntropy.Backward" -> losses(CrossEntropy.Backward::new, n);
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** Targets of some classes, of which number 1 is ignored, or none. */
  private static List<Sample> losses(Function<NllLoss, Composite> kind, int n) {
    Operand even = Operand.index(4, n);
    Operand odd = Operand.index(4, n + 1);
    return List.of(
        loss(kind, "matrix", new NllLoss(1, 1, Joining.MEAN), odd, n + 1, 4),
        loss(kind, "each", new NllLoss(1, 1, Joining.NONE), even, n, 4),
        loss(kind, "weighted", new NllLoss(1, 1, Joining.MEAN), odd, n + 1, 4),
        loss(kind, "weighted each", new NllLoss(1, 1, Joining.NONE), even, n, 4),
        loss(
            kind,
            "more classes",
            new NllLoss(1, 1, Joining.SUM),
            Operand.index(n + 1, 3),
            3,
            n + 1),
        loss(
            kind,
            "weighted more classes",
            new NllLoss(1, 1, Joining.NONE),
            Operand.index(9, n),
            n,
            9),
        loss(kind, "images", new NllLoss(1, 1, Joining.SUM), Operand.index(3, 2, 2, n), 2, 3, 2, n),
        loss(kind, "one", new NllLoss(0, -100, Joining.MEAN), Operand.index(3).as(INT32), 3));
  }

  private static Sample loss(
      Function<NllLoss, Composite> kind,
      String label,
      NllLoss loss,
      Operand targets,
      int... sizes) {
    Composite operator = kind.apply(loss);
    boolean backward = operator.name().endsWith("Backward");
    List<Operand> operands = new ArrayList<>();
    if (backward) {
      operands.add(
          loss.joining() == Joining.NONE
              ? new Operand(targets.shape(), null, -2, 2)
              : Operand.of());
    }
    operands.add(Operand.within(-3, -0.1, sizes));
    operands.add(targets);
    if (backward) {
      operands.add(Operand.within(1, 5));
    }
    if (label.startsWith("weighted")) {
      operands.add(Operand.within(0.2, 2, sizes[loss.axis()]));
    }
    return of(label, operator, operands.toArray(new Operand[0]));
  }

  private static Sample of(String label, Composite operator, Operand... operands) {
    return Sample.of(label, OperatorCase.calling(operator), operands);
  }

  private static List<Sample> alongAxes(IntFunction<Composite> operator, int n, boolean backward) {
    List<Sample> all = new ArrayList<>();
    for (int axis = 0; axis < 3; axis++) {
      Operand operand = Operand.within(-2, 2, 2, axis == 1 ? n : 3, axis == 1 ? 4 : n);
      // Outputs of softmax lie between 0 and 1, those of logSoftmax below 0.
      Operand output = new Operand(operand.shape(), null, 0.01, 0.9);
      all.add(
          backward
              ? of("axis " + axis, operator.apply(axis), operand, output)
              : of("axis " + axis, operator.apply(axis), operand));
    }
    return all;
  }
}
