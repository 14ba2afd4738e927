package dev.ladera.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ladera.ArgumentException;
import dev.ladera.BackendException;
import dev.ladera.Generator;
import dev.ladera.Tensor;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PrefetchTest {
  private final Set<Thread> workers = ConcurrentHashMap.newKeySet();

  /** Sample i is (i, −i), and remembers who loaded it. */
  private Dataset watched(int size) {
    TensorDataset numbers = DatasetTest.numbers(size);
    return DatasetTest.of(
        size,
        i -> {
          workers.add(Thread.currentThread());
          return numbers.get(i);
        });
  }

  private static boolean happens(BooleanSupplier condition, Duration within) {
    long end = System.nanoTime() + within.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        return false;
      }
      Thread.onSpinWait();
    }
    return true;
  }

  private boolean allEnded() {
    return workers.stream().noneMatch(Thread::isAlive);
  }

  @AfterEach
  void noWorkerIsLeft() {
    assertThat(happens(this::allEnded, Duration.ofSeconds(10))).isTrue();
  }

  private static List<float[]> inputs(Dataset dataset, int batches, int workers) {
    Generator augmenting = new Generator(77);
    Dataset noisy =
        dataset
            .map(x -> x.reshape(1, 1, 2).add(Tensor.rand(1, 1, 2)))
            .map(Transforms.randomHorizontalFlip(0.5, augmenting))
            .map(Transforms.randomCrop(2, 1, augmenting));
    List<float[]> all = new ArrayList<>();
    try (DataLoader loader = new DataLoader(noisy, 4).shuffle(9)) {
      if (batches > 0) {
        loader.prefetch(batches, workers);
      }
      for (int epoch = 0; epoch < 2; epoch++) {
        loader.forEach(batch -> all.add(batch.inputs().toFloatArray()));
      }
    }
    return all;
  }

  @Test
  void batchesAreTheSameBitsWithAnyNumberOfWorkers() {
    List<float[]> plain = inputs(watched(30), 0, 0);
    assertThat(plain).hasSize(16);
    workers.clear();
    for (int count = 1; count <= 3; count++) {
      for (int batches : new int[] {1, 3, 100}) {
        List<float[]> prefetched = inputs(watched(30), batches, count);
        assertThat(prefetched).hasSameSizeAs(plain);
        for (int i = 0; i < plain.size(); i++) {
          assertThat(prefetched.get(i)).containsExactly(plain.get(i));
        }
      }
    }
    assertThat(workers).isNotEmpty().doesNotContain(Thread.currentThread());
    assertThat(workers).allMatch(Thread::isDaemon);
  }

  @Test
  void severalWorkersLoadAtTheSameTime() {
    CountDownLatch both = new CountDownLatch(2);
    Dataset meeting =
        watched(2)
            .map(x -> {
              both.countDown();
              try {
                assertThat(both.await(20, TimeUnit.SECONDS)).isTrue();
              } catch (InterruptedException unexpected) {
                throw new IllegalStateException(unexpected);
              }
              return x;
            });
    assertThat(DataLoaderTest.epoch(new DataLoader(meeting, 1).prefetch(2, 2))).hasSize(2);
    assertThat(workers).hasSize(2);
  }

  @Test
  void aWorkersExceptionNamesTheSampleAndEndsTheEpoch() {
    IllegalStateException cause = new IllegalStateException("unreadable");
    Dataset dataset =
        DatasetTest.of(
            20,
            i -> {
              if (i == 13) {
                throw cause;
              }
              return DatasetTest.numbers(20).get(i);
            });
    for (DataLoader loader :
        List.of(new DataLoader(dataset, 2), new DataLoader(dataset, 2).prefetch(3, 2))) {
      Iterator<Batch> epoch = loader.iterator();
      for (int batch = 0; batch < 6; batch++) {
        epoch.next();
      }
      DataLoaderException found =
          catchThrowableOfType(DataLoaderException.class, () -> epoch.next());
      assertThat(found.index()).isEqualTo(13);
      assertThat(found).hasCause(cause);
      assertThat(epoch.hasNext()).isFalse();
      loader.close();
    }
  }

  @Test
  void aDatasetThatFailsOnAWholeBatchIsNamedByItsFirstSample() {
    Dataset dataset =
        new Dataset() {
          @Override
          public int size() {
            return 4;
          }

          @Override
          public Sample get(int index) {
            throw new UnsupportedOperationException();
          }

          @Override
          public Batch batch(int... indices) {
            throw new IllegalStateException("the store is shut");
          }
        };
    Iterator<Batch> epoch = new DataLoader(dataset, 2).prefetch(1, 1).iterator();
    assertThatThrownBy(epoch::next)
        .isInstanceOf(DataLoaderException.class)
        .hasMessageContaining("sample 0 cannot be loaded")
        .hasMessageContaining("the store is shut");
  }

  @Test
  void anErrorOfTheJvmComesThroughAsItIs() {
    AssertionError error = new AssertionError("broken");
    Dataset dataset =
        DatasetTest.of(
            2,
            _ -> {
              throw error;
            });
    for (DataLoader loader :
        List.of(new DataLoader(dataset, 1), new DataLoader(dataset, 1).prefetch(1, 1))) {
      Iterator<Batch> epoch = loader.iterator();
      assertThatThrownBy(epoch::next).isSameAs(error);
      assertThat(epoch.hasNext()).isFalse();
    }
  }

  @Test
  void workersEndByThemselvesAfterAnEpoch() {
    DataLoader loader = new DataLoader(watched(10), 1).prefetch(4, 3);
    assertThat(DataLoaderTest.epoch(loader)).hasSize(10);
    assertThat(happens(this::allEnded, Duration.ofSeconds(10))).isTrue();
    assertThat(DataLoaderTest.epoch(loader)).hasSize(10);
  }

  @Test
  void anEpochGivenUpHalfWayLoadsNoMoreThanTheWindowAndLeavesNoWorker() {
    AtomicInteger loaded = new AtomicInteger();
    Dataset counted =
        watched(1000)
            .map(x -> {
              loaded.incrementAndGet();
              return x;
            });
    DataLoader loader = new DataLoader(counted, 1).prefetch(5, 2);
    Iterator<Batch> epoch = loader.iterator();
    epoch.next();
    epoch.next();
    assertThat(happens(() -> !workers.isEmpty() && allEnded(), Duration.ofSeconds(10))).isTrue();
    assertThat(loaded.get()).isEqualTo(7);
    assertThat(epoch.next().targets().toLongArray()).containsExactly(20);
  }

  @Test
  void nothingHoldsAnIteratorThatIsGivenUp() {
    DataLoader loader = new DataLoader(watched(100), 1).prefetch(5, 2);
    WeakReference<Iterator<Batch>> given = new WeakReference<>(begun(loader));
    assertThat(
            happens(
                () -> {
                  byte[][] pressure = new byte[64][1 << 16];
                  return pressure.length > 0 && given.refersTo(null);
                },
                Duration.ofSeconds(30)))
        .isTrue();
    loader.close();
  }

  private static Iterator<Batch> begun(DataLoader loader) {
    Iterator<Batch> epoch = loader.iterator();
    epoch.next();
    return epoch;
  }

  @Test
  void closingEndsTheWorkersAtOnceAndWaitsForWhatIsBeingLoaded() {
    AtomicInteger loaded = new AtomicInteger();
    CountDownLatch begun = new CountDownLatch(1);
    Dataset slow =
        watched(100)
            .map(x -> {
              begun.countDown();
              happens(() -> false, Duration.ofMillis(100));
              loaded.incrementAndGet();
              return x;
            });
    DataLoader loader = new DataLoader(slow, 1).prefetch(50, 1);
    var _ = loader.iterator();
    assertThat(happens(() -> begun.getCount() == 0, Duration.ofSeconds(10))).isTrue();
    loader.close();
    assertThat(loaded.get()).isBetween(1, 40);
    assertThat(happens(this::allEnded, Duration.ofMillis(400))).isTrue();
  }

  @Test
  void aConsumerThatWaitsIsToldOfTheClosing() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch started = new CountDownLatch(1);
    Dataset stuck =
        watched(10)
            .map(x -> {
              started.countDown();
              try {
                release.await();
              } catch (InterruptedException unexpected) {
                throw new IllegalStateException(unexpected);
              }
              return x;
            });
    DataLoader loader = new DataLoader(stuck, 1).prefetch(1, 1);
    Iterator<Batch> first = loader.iterator();
    Iterator<Batch> second = loader.iterator();
    FutureTask<Throwable> told =
        new FutureTask<>(() -> catchThrowableOfType(RuntimeException.class, second::next));
    Thread.ofPlatform().daemon().start(told);
    started.await();
    Thread closing = Thread.ofPlatform().daemon().start(loader::close);
    assertThat(told.get()).isInstanceOf(ArgumentException.class).hasMessageContaining("is closed");
    release.countDown();
    closing.join();
    assertThat(first.hasNext()).isTrue();
  }

  @Test
  void anInterruptedConsumerIsToldAndStaysInterrupted() {
    CountDownLatch release = new CountDownLatch(1);
    Dataset stuck =
        watched(2)
            .map(x -> {
              try {
                release.await();
              } catch (InterruptedException unexpected) {
                throw new IllegalStateException(unexpected);
              }
              return x;
            });
    try (DataLoader loader = new DataLoader(stuck, 1).prefetch(1, 1)) {
      Iterator<Batch> epoch = loader.iterator();
      Thread.currentThread().interrupt();
      assertThatThrownBy(epoch::next)
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("interrupted");
      assertThat(Thread.interrupted()).isTrue();
      release.countDown();
    }
  }
}
