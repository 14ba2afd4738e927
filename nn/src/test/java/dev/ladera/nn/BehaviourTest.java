package dev.ladera.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ladera.DType;
import dev.ladera.Generator;
import dev.ladera.Tensor;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Layers whose state or chance matters over several runs. */
final class BehaviourTest {
  @Test
  void runningStatisticsFollowTheBatchesAndServeEvaluation() {
    BatchNorm1d norm = new BatchNorm1d(1).affine(false);
    norm.forward(Tensor.of(new float[] {1, 3}, 2, 1));
    norm.forward(Tensor.of(new float[] {5, 9}, 2, 1));
    // Means 2 and 7, sample variances 2 and 8, from 0 and 1, a tenth at a time.
    double mean = 0.9 * (0.1 * 2) + 0.1 * 7;
    double variance = 0.9 * (0.9 + 0.1 * 2) + 0.1 * 8;
    assertThat(Objects.requireNonNull(norm.runningMean()).item()).isCloseTo(mean, within(1e-6));
    assertThat(Objects.requireNonNull(norm.runningVar()).item()).isCloseTo(variance, within(1e-6));
    assertThat(Objects.requireNonNull(norm.numBatchesTracked()).itemAsLong()).isEqualTo(2);
    norm.eval();
    Tensor output = norm.forward(Tensor.of(new float[] {4}, 1, 1));
    assertThat(output.item()).isCloseTo((4 - mean) / Math.sqrt(variance + 1e-5), within(1e-5));
    assertThat(Objects.requireNonNull(norm.numBatchesTracked()).itemAsLong()).isEqualTo(2);
  }

  @Test
  void cumulativeStatisticsArePlainAverages() {
    BatchNorm1d norm = new BatchNorm1d(1).cumulativeAverage();
    for (float level : new float[] {1, 4, 7}) {
      norm.forward(Tensor.of(new float[] {level - 1, level + 1}, 2, 1));
    }
    assertThat(Objects.requireNonNull(norm.runningMean()).item()).isCloseTo(4, within(1e-5));
    assertThat(Objects.requireNonNull(norm.runningVar()).item()).isCloseTo(2, within(1e-5));
  }

  @Test
  void dropoutKeepsTheExpectationInTrainingAndTheInputInEvaluation() {
    Generator.manualSeed(3);
    Dropout dropout = new Dropout(0.25);
    Tensor input = Tensor.ones(100, 100).requiresGrad(true);
    Tensor output = dropout.forward(input);
    double kept = output.detach().ne(0).to(DType.FLOAT32).mean().item();
    assertThat(kept).isCloseTo(0.75, within(0.02));
    assertThat(output.detach().amax().item()).isCloseTo(1 / 0.75, within(1e-6));
    output.sum().backward();
    assertThat(Objects.requireNonNull(input.grad()).toFloatArray())
        .isEqualTo(output.toFloatArray());
    assertThat(dropout.eval().forward(input)).isSameAs(input);
    assertThat(new Dropout(1).forward(input).sum().item()).isZero();
    assertThat(new Dropout(0).forward(input)).isSameAs(input);
  }

  @Test
  void thePaddingRowIsZeroAndStaysWithoutGradient() {
    Embedding embedding = new Embedding(4, 2).paddingIdx(-1);
    assertThat(embedding.weight().detach().select(0, 3).toFloatArray()).containsExactly(0, 0);
    embedding.forward(Tensor.of(new long[] {3, 0, 3, 0})).sum().backward();
    assertThat(Objects.requireNonNull(embedding.weight().grad()).toFloatArray())
        .containsExactly(2, 2, 0, 0, 0, 0, 0, 0);
  }

  @Test
  void aPretrainedTableIsCopiedAndFrozenIfAsked() {
    Tensor table = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
    Embedding frozen = Embedding.fromPretrained(table, true);
    table.fill(0);
    assertThat(frozen.forward(Tensor.of(new int[] {1})).toFloatArray()).containsExactly(3, 4);
    assertThat(frozen.weight().requiresGrad()).isFalse();
    assertThat(Embedding.fromPretrained(table, false).weight().requiresGrad()).isTrue();
  }

  @Test
  void anIgnoredTargetMayHaveAnyScoreAndAllIgnoredIsNan() {
    Tensor output =
        Tensor.of(new float[] {Float.NEGATIVE_INFINITY, 0, -1, -2}, 2, 2).requiresGrad(true);
    Tensor loss = new NLLLoss().ignoreIndex(0).forward(output, Tensor.of(new long[] {0, 1}));
    assertThat(loss.item()).isEqualTo(2);
    loss.backward();
    assertThat(Objects.requireNonNull(output.grad()).toFloatArray()).containsExactly(0, 0, 0, -1);
    Tensor nothing = new NLLLoss().forward(output, Tensor.of(new long[] {-100, -100}));
    assertThat(nothing.item()).isNaN();
  }

  @Test
  void nanInOutputsReachesTheLoss() {
    Tensor nan = Tensor.of(new float[] {Float.NaN, 0}, 1, 2);
    Tensor good = Tensor.of(new float[] {0.5f, 0.5f}, 1, 2);
    assertThat(new CrossEntropyLoss().forward(nan, Tensor.of(new long[] {1})).item()).isNaN();
    assertThat(new CrossEntropyLoss().forward(good, nan).item()).isNaN();
    assertThat(new MSELoss().forward(nan, good).item()).isNaN();
    assertThat(new BCEWithLogitsLoss().forward(nan, good).item()).isNaN();
    assertThat(new KLDivLoss().forward(good, nan).item()).isNaN();
  }

  @Test
  void binaryTargetsMayBeBoolOrIntegers() {
    Tensor output = Tensor.of(new float[] {0.25f, 0.75f});
    double expected = -Math.log(0.75);
    assertThat(new BCELoss().forward(output, Tensor.of(new boolean[] {false, true})).item())
        .isCloseTo(expected, within(1e-6));
    assertThat(new BCELoss().forward(output, Tensor.of(new long[] {0, 1})).item())
        .isCloseTo(expected, within(1e-6));
  }
}
