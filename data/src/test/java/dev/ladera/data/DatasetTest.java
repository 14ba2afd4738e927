package dev.ladera.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.DTypeException;
import dev.ladera.Device;
import dev.ladera.Generator;
import dev.ladera.IndexException;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class DatasetTest {
  /** Sample i has the input (i, −i) and the target 10 i. */
  static TensorDataset numbers(int size) {
    float[] inputs = new float[2 * size];
    long[] targets = new long[size];
    for (int i = 0; i < size; i++) {
      inputs[2 * i] = i;
      inputs[2 * i + 1] = -i;
      targets[i] = 10L * i;
    }
    return new TensorDataset(Tensor.of(inputs, size, 2), Tensor.of(targets, size));
  }

  /** A dataset of the user's own, without a fast way to batches. */
  static Dataset of(int size, IntFunction<Sample> samples) {
    return new Dataset() {
      @Override
      public int size() {
        return size;
      }

      @Override
      public Sample get(int index) {
        return samples.apply(index);
      }
    };
  }

  @Test
  void aTensorDatasetAnswersItsRows() {
    TensorDataset dataset = numbers(4);
    assertThat(dataset.size()).isEqualTo(4);
    assertThat(dataset.get(3).input().toFloatArray()).containsExactly(3, -3);
    assertThat(dataset.get(3).target().itemAsLong()).isEqualTo(30);
    assertThat(dataset.get(3).target().shape()).isEqualTo(Shape.SCALAR);
  }

  @Test
  void aBatchByIndexIsTheSameAsSamplesStacked() {
    TensorDataset dataset = numbers(6);
    Dataset slow = of(6, dataset::get);
    for (int[] indices : new int[][] {{4}, {0, 1, 2}, {2, 3, 4, 5}, {5, 4}, {1, 1, 3, 0}}) {
      Batch fast = dataset.batch(indices);
      Batch stacked = slow.batch(indices);
      assertThat(fast.size()).isEqualTo(indices.length);
      assertThat(fast.inputs().type()).isEqualTo(stacked.inputs().type());
      assertThat(fast.targets().type()).isEqualTo(stacked.targets().type());
      assertThat(fast.inputs().toFloatArray()).containsExactly(stacked.inputs().toFloatArray());
      assertThat(fast.targets().toLongArray()).containsExactly(stacked.targets().toLongArray());
    }
  }

  @Test
  void consecutiveSamplesAreAViewAndOthersACopy() {
    TensorDataset dataset = numbers(5);
    assertThat(dataset.batch(1, 2, 3).inputs().storage()).isSameAs(dataset.inputs().storage());
    assertThat(dataset.batch(1, 3).inputs().storage()).isNotSameAs(dataset.inputs().storage());
  }

  @Test
  void firstAxesThatDifferAreRefused() {
    Tensor three = Tensor.zeros(3, 2);
    assertThatThrownBy(() -> new TensorDataset(three, Tensor.zeros(4)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("inputs (3, 2), targets (4,)");
    assertThatThrownBy(() -> new TensorDataset(Tensor.scalar(1), Tensor.scalar(1)))
        .isInstanceOf(ShapeException.class);
    assertThatThrownBy(() -> new Batch(three, Tensor.zeros(2))).isInstanceOf(ShapeException.class);
  }

  @Test
  void anIndexOutsideIsNamed() {
    TensorDataset dataset = numbers(3);
    for (Dataset asked : List.of(dataset, of(3, dataset::get), dataset.subset(0, 1, 2))) {
      assertThatThrownBy(() -> asked.batch(0, 3))
          .isInstanceOf(IndexException.class)
          .hasMessageContaining("index 3 is none of the 3 samples");
      assertThatThrownBy(() -> asked.batch(-1)).isInstanceOf(IndexException.class);
      assertThatThrownBy(asked::batch)
          .isInstanceOf(ArgumentException.class)
          .hasMessage("batch: indices must not be empty");
    }
    assertThatThrownBy(() -> dataset.get(3)).isInstanceOf(IndexException.class);
    assertThatThrownBy(() -> dataset.subset(1, 7)).isInstanceOf(IndexException.class);
    assertThatThrownBy(() -> dataset.subset(1).get(1)).isInstanceOf(IndexException.class);
  }

  @Test
  void theSampleThatCannotBeLoadedIsNamed() {
    IllegalStateException cause = new IllegalStateException("no such picture");
    Dataset dataset =
        of(
            9,
            i -> {
              if (i == 7) {
                throw cause;
              }
              return numbers(9).get(i);
            });
    DataLoaderException found =
        catchThrowableOfType(DataLoaderException.class, () -> dataset.batch(3, 7, 8));
    assertThat(found.index()).isEqualTo(7);
    assertThat(found).hasCause(cause).hasMessageContaining("sample 7 cannot be loaded");
    DataLoaderException inSubset =
        catchThrowableOfType(DataLoaderException.class, () -> dataset.subset(5, 6, 7).batch(0, 2));
    assertThat(inSubset.index()).isEqualTo(2);
    assertThat(inSubset).hasMessageContaining("sample 2").hasMessageContaining("sample 7");
    assertThat(inSubset).hasRootCause(cause);
  }

  @Test
  void theSampleOfAnotherShapeOrTypeIsNamed() {
    Dataset shapes = of(4, i -> new Sample(Tensor.zeros(i == 2 ? 3 : 5), Tensor.scalar(0)));
    assertThatThrownBy(() -> shapes.batch(1, 2))
        .isInstanceOf(DataLoaderException.class)
        .hasMessageContaining("sample 2")
        .hasMessageContaining("its input is (3,), that of sample 1 (5,)")
        .hasCauseInstanceOf(ShapeException.class);
    Dataset types =
        of(
            4,
            i ->
                new Sample(
                    Tensor.zeros(2), Tensor.scalar(0, i == 3 ? DType.INT64 : DType.FLOAT32)));
    assertThatThrownBy(() -> types.batch(0, 3))
        .hasMessageContaining("its target is int64, that of sample 0 float32")
        .hasCauseInstanceOf(DTypeException.class);
  }

  @Test
  void aSplitDealsOutEverySampleOnce() {
    List<Dataset> parts = numbers(10).split(new Generator(4), 7, 0, 3);
    assertThat(parts).extracting(Dataset::size).containsExactly(7, 0, 3);
    List<Long> seen = new ArrayList<>();
    for (Dataset part : parts) {
      for (int i = 0; i < part.size(); i++) {
        seen.add(part.get(i).target().itemAsLong() / 10);
      }
    }
    assertThat(seen)
        .containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L)
        .isNotEqualTo(seen.stream().sorted().toList());
    assertThat(numbers(10).split(new Generator(4), 10).getFirst().get(0).target().itemAsLong())
        .isEqualTo(10 * seen.getFirst());
  }

  @Test
  void sizesOfASplitMustSum() {
    assertThatThrownBy(() -> numbers(10).split(new Generator(0), 7, 2))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("split: sizes [7, 2] sum to 9; the dataset has 10 samples");
    assertThatThrownBy(() -> numbers(10).split(new Generator(0), 11, -1))
        .isInstanceOf(ArgumentException.class);
    assertThatThrownBy(
            () -> numbers(2).split(new Generator(0), Integer.MAX_VALUE, Integer.MAX_VALUE, 4))
        .isInstanceOf(ArgumentException.class);
  }

  @Test
  void aMappedDatasetChangesInputsOrTargets() {
    Dataset mapped =
        numbers(3).map(x -> x.mul(2)).mapTargets(y -> y.add(1)).map(Transforms.flatten());
    assertThat(mapped.size()).isEqualTo(3);
    assertThat(mapped.batch(2, 1).inputs().toFloatArray()).containsExactly(4, -4, 2, -2);
    assertThat(mapped.batch(2, 1).targets().toLongArray()).containsExactly(21, 11);
  }

  @Test
  void aBatchMovesToADevice() {
    Device other = Device.of("reference", Device.standard().backend());
    Batch batch = numbers(2).batch(0, 1).to(other);
    assertThat(batch.inputs().device()).isSameAs(other);
    assertThat(batch.targets().device()).isSameAs(other);
    assertThat(batch.inputs().toFloatArray()).containsExactly(0, 0, 1, -1);
  }
}
