package dev.ladera.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ladera.Generator;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The table of layers. */
final class SummaryTest {
  @Test
  void theTableShowsShapesAndCounts() {
    Sequential net =
        new Sequential(
            new Conv2d(1, 6, 5).padding(2),
            new Sequential(new BatchNorm2d(6), new ReLU()),
            new MaxPool2d(2),
            new Flatten(),
            new Linear(1176, 10));
    assertThat(net.summary(64, 1, 28, 28))
        .hasToString(
            """
            Layer     Type         Output shape     Parameters
            --------------------------------------------------
            (module)  Sequential   (64, 10)
              0       Conv2d       (64, 6, 28, 28)         156
              1       Sequential   (64, 6, 28, 28)
                0     BatchNorm2d  (64, 6, 28, 28)          12
                1     ReLU         (64, 6, 28, 28)
              2       MaxPool2d    (64, 6, 14, 14)
              3       Flatten      (64, 1176)
              4       Linear       (64, 10)             11,770
            --------------------------------------------------
            Parameters: 11,938 (11,938 learned), 46.6 KiB; buffers: 56 B\
            """);
  }

  @Test
  void nothingIsChangedByLooking() {
    Sequential net =
        new Sequential(new Linear(3, 2), new BatchNorm1d(2), new Dropout(), new Linear(2, 1));
    net.get(1).eval();
    Generator generator = Generator.manualSeed(5);
    long offset = generator.offset();
    Summary summary = net.summary(2, 3);
    assertThat(generator.offset()).isEqualTo(offset);
    assertThat(net.isTraining()).isTrue();
    assertThat(net.get(1).isTraining()).isFalse();
    assertThat(net.get(2).isTraining()).isTrue();
    BatchNorm1d norm = (BatchNorm1d) net.get(1);
    assertThat(Objects.requireNonNull(norm.numBatchesTracked()).itemAsLong()).isZero();
    assertThat(summary.rows()).hasSize(5);
    assertThatThrownBy(() -> net.summary(2, 4)).isInstanceOf(ShapeException.class);
    assertThat(net.isTraining()).isTrue();
  }

  @Test
  void frozenAndSharedParametersAreCountedAsSuch() {
    Linear shared = new Linear(3, 3);
    Sequential net = new Sequential(shared, shared, new Linear(3, 1));
    net.get(2).requiresGrad(false);
    Summary summary = net.summary(1, 3);
    assertThat(summary.parameters()).isEqualTo(12 + 4);
    assertThat(summary.trainable()).isEqualTo(12);
    assertThat(summary.parameterBytes()).isEqualTo(16 * 4);
  }

  @Test
  void layersWithinAModuleOfOnesOwnAreSeenAndIntegerInputsGiven() {
    final class Words extends Module {
      private final Embedding table = register("table", new Embedding(10, 4));
      private final Linear head = register("head", new Linear(4, 2));

      @Override
      public Tensor forward(Tensor input) {
        return head.forward(table.forward(input).mean(1));
      }
    }
    Summary summary = Summary.of(new Words(), Tensor.of(new long[] {1, 2, 3}, 1, 3));
    assertThat(summary.rows())
        .containsExactly(
            new Summary.Row("", "Words", 0, Optional.of(Shape.of(1, 2)), 0),
            new Summary.Row("table", "Embedding", 1, Optional.of(Shape.of(1, 3, 4)), 40),
            new Summary.Row("head", "Linear", 1, Optional.of(Shape.of(1, 2)), 10));
  }
}
