package dev.ladera.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ladera.ArgumentException;
import dev.ladera.DTypeException;
import dev.ladera.IndexException;
import dev.ladera.LaderaException;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What wrong use is answered with. */
final class ErrorsTest {
  private static Arguments wrong(
      Class<? extends LaderaException> type, String message, ThrowingCallable call) {
    return Arguments.of(message, type, call);
  }

  private static Tensor scores() {
    return Tensor.zeros(2, 3);
  }

  private static Stream<Arguments> wrongUses() {
    return Stream.of(
        wrong(
            IndexException.class,
            "nllLoss: target 3 is no class; output (2, 3) has classes 0 to 2, and -100 is ignored",
            () -> new NLLLoss().forward(scores(), Tensor.of(new long[] {0, 3}))),
        wrong(
            IndexException.class,
            "nllLoss: target -1 is no class; output (2, 3) has classes 0 to 2, and -100 is ignored",
            () -> new NLLLoss().forward(scores(), Tensor.of(new long[] {-1, 0}))),
        wrong(
            IndexException.class,
            "crossEntropyLoss: target 7 is no class; output (2, 3) has classes 0 to 2, and 1 is"
                + " ignored",
            () ->
                new CrossEntropyLoss()
                    .ignoreIndex(1)
                    .forward(scores(), Tensor.of(new int[] {7, 0}))),
        wrong(
            DTypeException.class,
            "nllLoss: target is float32; classes are numbered by int32 or int64, use"
                + " to(DType.INT64)",
            () -> new NLLLoss().forward(scores(), Tensor.of(new float[] {0, Float.NaN}))),
        wrong(
            DTypeException.class,
            "crossEntropyLoss: target is float32; classes are numbered by int32 or int64, use"
                + " to(DType.INT64)",
            () -> new CrossEntropyLoss().forward(scores(), Tensor.of(new float[] {0, 1}))),
        wrong(
            DTypeException.class,
            "nllLoss: target is bool; classes are numbered by int32 or int64, use to(DType.INT64)",
            () -> new NLLLoss().forward(scores(), Tensor.of(new boolean[] {true, false}))),
        wrong(
            DTypeException.class,
            "nllLoss: output is int64; it must be floating, use to(DType.FLOAT32)",
            () -> new NLLLoss().forward(Tensor.of(new long[6], 2, 3), Tensor.of(new long[2]))),
        wrong(
            ShapeException.class,
            "nllLoss: output (2, 3) needs a target of shape (2,), the classes being axis 1; this"
                + " one is (3,)",
            () -> new NLLLoss().forward(scores(), Tensor.of(new long[3]))),
        wrong(
            ShapeException.class,
            "crossEntropyLoss: output (2, 3) and target (2, 4) must have one shape; reshape or"
                + " expand one of them",
            () -> new CrossEntropyLoss().forward(scores(), Tensor.zeros(2, 4))),
        wrong(
            ShapeException.class,
            "crossEntropyLoss: output () must be (batch, classes, …)",
            () -> new CrossEntropyLoss().forward(Tensor.scalar(1), Tensor.of(new long[1]))),
        wrong(
            ShapeException.class,
            "nllLoss: weight (2,) must have one entry for each of the 3 classes of output (2, 3)",
            () -> new NLLLoss().weight(Tensor.ones(2)).forward(scores(), Tensor.of(new long[2]))),
        wrong(
            ArgumentException.class,
            "crossEntropyLoss: ignoreIndex 1 has no meaning for targets of probabilities",
            () -> new CrossEntropyLoss().ignoreIndex(1).forward(scores(), scores())),
        wrong(
            ArgumentException.class,
            "crossEntropyLoss: labelSmoothing must be from 0 to 1, not 1.5",
            () -> new CrossEntropyLoss().labelSmoothing(1.5)),
        wrong(
            ShapeException.class,
            "mseLoss: output (2, 1) and target (2,) must have one shape; reshape or expand one of"
                + " them",
            () -> new MSELoss().forward(Tensor.zeros(2, 1), Tensor.zeros(2))),
        wrong(
            ShapeException.class,
            "huberLoss: output (2, 1) and target (2,) must have one shape; reshape or expand one"
                + " of them",
            () -> new HuberLoss().forward(Tensor.zeros(2, 1), Tensor.zeros(2))),
        wrong(
            ShapeException.class,
            "bceWithLogitsLoss: output (2, 1) and target (2,) must have one shape; reshape or"
                + " expand one of them",
            () -> new BCEWithLogitsLoss().forward(Tensor.zeros(2, 1), Tensor.zeros(2))),
        wrong(
            ArgumentException.class,
            "bceLoss: output must hold probabilities from 0 to 1, but goes from -1.0 to 0.5; apply"
                + " sigmoid, or use BCEWithLogitsLoss",
            () -> new BCELoss().forward(Tensor.of(new float[] {-1, 0.5f}), Tensor.zeros(2))),
        wrong(
            ArgumentException.class,
            "bceLoss: output must hold probabilities from 0 to 1, but goes from NaN to NaN; apply"
                + " sigmoid, or use BCEWithLogitsLoss",
            () -> new BCELoss().forward(Tensor.of(new float[] {Float.NaN}), Tensor.zeros(1))),
        wrong(
            ArgumentException.class,
            "MSELoss: reduction BATCH_MEAN is for KLDivLoss only",
            () -> new MSELoss().reduction(Reduction.BATCH_MEAN)),
        wrong(
            ArgumentException.class,
            "huberLoss: delta must be above 0, not 0.0",
            () -> new HuberLoss(0)),
        wrong(
            ArgumentException.class,
            "smoothL1Loss: beta must not be negative: -1.0",
            () -> new SmoothL1Loss(-1)),
        wrong(
            ShapeException.class,
            "linear: input (2, 5) must have 4 features along its last axis, for weight (3, 4);"
                + " flatten or reshape it",
            () -> new Linear(4, 3).forward(Tensor.zeros(2, 5))),
        wrong(
            ArgumentException.class,
            "linear: inputs must be at least 1, not 0",
            () -> new Linear(0, 3)),
        wrong(
            ShapeException.class,
            "conv2d: input (2, 3, 8, 8) must be (batch, 1, height, width), for weight (6, 1, 5, 5)",
            () -> new Conv2d(1, 6, 5).forward(Tensor.zeros(2, 3, 8, 8))),
        wrong(
            ShapeException.class,
            "conv1d: input (8,) must be (batch, 1, length), for weight (6, 1, 5)",
            () -> new Conv1d(1, 6, 5).forward(Tensor.zeros(8))),
        wrong(
            ArgumentException.class,
            "conv2d: padding to the same size needs a stride of 1, not [2, 1]",
            () -> new Conv2d(1, 6, 5).paddingSame().stride(2, 1)),
        wrong(
            ArgumentException.class,
            "conv1d: padding to the same size needs a stride of 1, not [2]",
            () -> new Conv1d(1, 6, 5).stride(2).paddingSame()),
        wrong(
            ArgumentException.class,
            "conv2d: groups 2 must divide 3 channels into 4",
            () -> new Conv2d(3, 4, 1).groups(2)),
        wrong(
            ArgumentException.class,
            "conv2d: stride must be at least 1, not 0",
            () -> new Conv2d(3, 4, 1).stride(1, 0)),
        wrong(
            ArgumentException.class,
            "conv1d: padding must be at least 0, not -1",
            () -> new Conv1d(3, 4, 1).padding(-1)),
        wrong(
            ArgumentException.class,
            "maxPool2d: kernel must be at least 1, not 0",
            () -> new MaxPool2d(0)),
        wrong(
            ShapeException.class,
            "avgPool2d: input (2, 2) must be (batch, channels, height, width)",
            () -> new AvgPool2d(2).forward(Tensor.zeros(2, 2))),
        wrong(
            ShapeException.class,
            "batchNorm2d: input (2, 3, 4) must be (batch, channels, height, width) with 3 channels",
            () -> new BatchNorm2d(3).forward(Tensor.zeros(2, 3, 4))),
        wrong(
            ShapeException.class,
            "batchNorm1d: input (1, 3) has one value a channel, which has no variance; use larger"
                + " batches, or eval()",
            () -> new BatchNorm1d(3).forward(Tensor.zeros(1, 3))),
        wrong(
            ShapeException.class,
            "layerNorm: input (2, 3) must end in the normalised shape (4,)",
            () -> new LayerNorm(4).forward(Tensor.zeros(2, 3))),
        wrong(
            IndexException.class,
            "embedding: input holds 5; rows are 0 to 4",
            () -> new Embedding(5, 2).forward(Tensor.of(new long[] {0, 5}))),
        wrong(
            IndexException.class,
            "embedding: paddingIdx 5 is no row of 5",
            () -> new Embedding(5, 2).paddingIdx(5)),
        wrong(
            DTypeException.class,
            "embedding: input is float32; rows are numbered by int32 or int64, use to(DType.INT64)",
            () -> new Embedding(5, 2).forward(Tensor.zeros(2))),
        wrong(
            ArgumentException.class,
            "dropout: p must be from 0 to 1, not NaN",
            () -> new Dropout(Double.NaN)),
        wrong(
            ArgumentException.class,
            "softplus: beta must be above 0, not 0.0",
            () -> new Softplus(0, 1)));
  }

  @ParameterizedTest
  @MethodSource("wrongUses")
  void wrongUseIsTypedAndReads(
      String message, Class<? extends LaderaException> type, ThrowingCallable call) {
    assertThatThrownBy(call).isExactlyInstanceOf(type).hasMessage(message);
  }

  @Test
  void exceptionsCarryTheirFacts() {
    IndexException index =
        catchThrowableOfType(
            IndexException.class,
            () -> new NLLLoss().forward(scores(), Tensor.of(new long[] {0, 12})));
    assertThat(index.index()).isEqualTo(12);
    assertThat(index.size()).isEqualTo(3);
    ShapeException shape =
        catchThrowableOfType(
            ShapeException.class, () -> new MSELoss().forward(Tensor.zeros(2, 1), Tensor.zeros(2)));
    assertThat(shape.shapes()).containsExactly(Shape.of(2, 1), Shape.of(2));
  }
}
