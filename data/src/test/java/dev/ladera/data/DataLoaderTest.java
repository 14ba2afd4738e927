package dev.ladera.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ladera.ArgumentException;
import dev.ladera.Generator;
import dev.ladera.Tensor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DataLoaderTest {
  /** The indices of the samples of an epoch, batch by batch. */
  static List<List<Long>> epoch(DataLoader loader) {
    List<List<Long>> batches = new ArrayList<>();
    for (Batch batch : loader) {
      batches.add(LongStream.of(batch.targets().toLongArray()).map(t -> t / 10).boxed().toList());
    }
    return batches;
  }

  static List<Long> samples(DataLoader loader) {
    return epoch(loader).stream().flatMap(List::stream).toList();
  }

  @Test
  void batchesComeInOrderAndTheLastIsSmaller() {
    DataLoader loader = new DataLoader(DatasetTest.numbers(7), 3);
    assertThat(loader.batches()).isEqualTo(3);
    assertThat(loader.size()).isEqualTo(7);
    List<List<Long>> expected = List.of(List.of(0L, 1L, 2L), List.of(3L, 4L, 5L), List.of(6L));
    assertThat(epoch(loader)).isEqualTo(expected);
    assertThat(epoch(loader)).isEqualTo(expected);
  }

  @Test
  void theSmallerLastBatchMayBeLeftOut() {
    DataLoader loader = new DataLoader(DatasetTest.numbers(7), 3).dropLast();
    assertThat(loader.batches()).isEqualTo(2);
    assertThat(loader.size()).isEqualTo(6);
    assertThat(epoch(loader)).hasSize(2);
    assertThatThrownBy(() -> new DataLoader(DatasetTest.numbers(2), 3).dropLast())
        .isInstanceOf(ArgumentException.class)
        .hasMessageContaining("3 leaves no batch of a dataset of 2 samples");
  }

  @Property(tries = 60)
  void everyEpochHasEverySampleOnce(
      @ForAll @IntRange(min = 1, max = 40) int size,
      @ForAll @IntRange(min = 1, max = 45) int batchSize,
      @ForAll long seed) {
    DataLoader loader = new DataLoader(DatasetTest.numbers(size), batchSize).shuffle(seed);
    List<List<Long>> epoch = epoch(loader);
    assertThat(epoch).hasSize(loader.batches());
    assertThat(epoch.stream().flatMap(List::stream))
        .containsExactlyInAnyOrderElementsOf(LongStream.range(0, size).boxed().toList());
  }

  @Test
  void eachEpochHasAnOrderOfItsOwnThatFollowsFromTheSeed() {
    DataLoader one = new DataLoader(DatasetTest.numbers(30), 4).shuffle(5);
    DataLoader other = new DataLoader(DatasetTest.numbers(30), 7).shuffle(5);
    List<Long> first = samples(one);
    List<Long> second = samples(one);
    assertThat(first).isNotEqualTo(second);
    assertThat(samples(other)).isEqualTo(first);
    assertThat(samples(other)).isEqualTo(second);
    assertThat(samples(new DataLoader(DatasetTest.numbers(30), 4).shuffle(6))).isNotEqualTo(first);
  }

  @Test
  void aGeneratorsSavedStateRepeatsAnEpoch() {
    Generator generator = new Generator(11);
    Dataset noisy = DatasetTest.numbers(12).map(x -> x.add(Tensor.rand(2)));
    DataLoader loader = new DataLoader(noisy, 5).shuffle(generator);
    samples(loader);
    long seed = generator.seed();
    long offset = generator.offset();
    List<float[]> inputs = new ArrayList<>();
    loader.forEach(batch -> inputs.add(batch.inputs().toFloatArray()));
    Generator resumed = new Generator(0);
    resumed.restore(seed, offset);
    DataLoader later = new DataLoader(noisy, 5).shuffle(resumed);
    int number = 0;
    for (Batch batch : later) {
      assertThat(batch.inputs().toFloatArray()).containsExactly(inputs.get(number++));
    }
    assertThat(number).isEqualTo(3);
    assertThat(resumed.offset()).isEqualTo(generator.offset());
  }

  @Test
  void loadingLeavesTheThreadsOwnGeneratorWhereItWas() {
    Generator.manualSeed(3);
    Tensor.rand(5);
    long offset = Generator.current().offset();
    Dataset noisy = DatasetTest.numbers(4).map(x -> x.add(Tensor.rand(2)));
    samples(new DataLoader(noisy, 2));
    samples(new DataLoader(noisy, 2).shuffle(1).prefetch(1, 1));
    assertThat(Generator.current().seed()).isEqualTo(3);
    assertThat(Generator.current().offset()).isEqualTo(offset);
  }

  @Test
  void randomTransformsDifferFromEpochToEpochWithoutAShuffleToo() {
    Dataset noise = DatasetTest.numbers(4).map(_ -> Tensor.rand(3));
    DataLoader loader = new DataLoader(noise, 4);
    float[] first = loader.iterator().next().inputs().toFloatArray();
    float[] second = loader.iterator().next().inputs().toFloatArray();
    assertThat(second).isNotEqualTo(first);
    assertThat(new DataLoader(noise, 4).iterator().next().inputs().toFloatArray())
        .containsExactly(first);
  }

  @Test
  void theEndOfAnEpochIsTheEndOfItsIterator() {
    for (DataLoader loader :
        List.of(
            new DataLoader(DatasetTest.numbers(2), 2),
            new DataLoader(DatasetTest.numbers(2), 2).prefetch(2, 1))) {
      Iterator<Batch> epoch = loader.iterator();
      epoch.next();
      assertThat(epoch.hasNext()).isFalse();
      assertThatThrownBy(epoch::next).isInstanceOf(NoSuchElementException.class);
    }
  }

  @Test
  void badArgumentsAreNamed() {
    TensorDataset dataset = DatasetTest.numbers(3);
    assertThatThrownBy(() -> new DataLoader(dataset, 0))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("DataLoader: batchSize must be at least 1, not 0");
    assertThatThrownBy(() -> new DataLoader(dataset.subset(), 1))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("DataLoader: dataset must have a sample; it is empty");
    DataLoader loader = new DataLoader(dataset, 2);
    assertThatThrownBy(() -> loader.prefetch(0, 1)).hasMessageContaining("batches must be");
    assertThatThrownBy(() -> loader.prefetch(1, 0)).hasMessageContaining("workers must be");
  }

  @Test
  void aClosedLoaderSaysSo() {
    for (DataLoader loader :
        List.of(
            new DataLoader(DatasetTest.numbers(9), 1),
            new DataLoader(DatasetTest.numbers(9), 1).prefetch(2, 1))) {
      Iterator<Batch> begun = loader.iterator();
      begun.next();
      loader.close();
      loader.close();
      assertThatThrownBy(begun::next)
          .isInstanceOf(ArgumentException.class)
          .hasMessage("DataLoader: loader is closed; make a new one");
      assertThatThrownBy(loader::iterator).isInstanceOf(ArgumentException.class);
    }
  }
}
