package dev.ladera.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParallelTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void eachChunkRunsOnce(int threads) {
    Parallel parallel = new Parallel(threads);
    for (int count : new int[] {0, 1, 2, 7, 1000}) {
      AtomicIntegerArray runs = new AtomicIntegerArray(count);
      parallel.forEachChunk(count, runs::incrementAndGet);
      for (int i = 0; i < count; i++) {
        assertThat(runs.get(i)).isEqualTo(1);
      }
    }
  }

  @Test
  void rangesCoverAllIndicesAndDependOnTheSizeOnly() {
    for (int threads = 1; threads <= 3; threads++) {
      Set<List<Integer>> ranges = ConcurrentHashMap.newKeySet();
      new Parallel(threads).forRange(10, 4, (from, to) -> ranges.add(List.of(from, to)));
      assertThat(ranges).containsExactlyInAnyOrder(List.of(0, 4), List.of(4, 8), List.of(8, 10));
    }
  }

  @Test
  void workersTakePart() throws InterruptedException {
    Parallel parallel = new Parallel(2);
    CountDownLatch both = new CountDownLatch(2);
    Set<Thread> seen = ConcurrentHashMap.newKeySet();
    parallel.forEachChunk(
        2,
        chunk -> {
          seen.add(Thread.currentThread());
          both.countDown();
          try {
            // Each chunk waits for the other: only two threads can get through.
            assertThat(both.await(30, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    assertThat(seen).hasSize(2).contains(Thread.currentThread());
    seen.remove(Thread.currentThread());
    assertThat(seen).allMatch(Thread::isDaemon);
  }

  @Test
  void aNestedCallRunsInPlace() {
    Parallel parallel = new Parallel(3);
    AtomicLong runs = new AtomicLong();
    parallel.forEachChunk(
        20,
        outer -> {
          Thread thread = Thread.currentThread();
          parallel.forEachChunk(
              10,
              inner -> {
                assertThat(Thread.currentThread()).isSameAs(thread);
                runs.incrementAndGet();
              });
        });
    assertThat(runs.get()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void anExceptionReachesTheCallerAndTheNextCallWorks(int threads) {
    Parallel parallel = new Parallel(threads);
    for (int round = 0; round < 50; round++) {
      assertThatThrownBy(() ->
              parallel.forEachChunk(
                  100,
                  chunk -> {
                    if (chunk == 17) {
                      throw new ArithmeticException("chunk 17");
                    }
                  }))
          .isInstanceOf(ArithmeticException.class)
          .hasMessage("chunk 17");
      AtomicLong sum = new AtomicLong();
      parallel.forEachChunk(100, sum::addAndGet);
      assertThat(sum.get()).isEqualTo(4950);
    }
  }

  @Test
  void severalThreadsMayCallAtOnce() throws InterruptedException {
    Parallel parallel = new Parallel(3);
    AtomicLong total = new AtomicLong();
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      callers.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int round = 0; round < 500; round++) {
                  parallel.forEachChunk(5, chunk -> total.addAndGet(chunk));
                }
              }));
    }
    for (Thread caller : callers) {
      caller.join();
    }
    assertThat(total.get()).isEqualTo(4 * 500 * 10);
  }

  @Test
  void anInterruptedCallerStaysInterrupted() {
    Thread.currentThread().interrupt();
    AtomicLong sum = new AtomicLong();
    new Parallel(2)
        .forEachChunk(
            8,
            chunk -> {
              long end = System.nanoTime() + 2_000_000;
              while (System.nanoTime() < end) {
                Thread.onSpinWait();
              }
              sum.addAndGet(chunk);
            });
    assertThat(Thread.interrupted()).isTrue();
    assertThat(sum.get()).isEqualTo(28);
  }

  @Test
  void impossibleSettingsAreRefused() {
    assertThatThrownBy(() -> new Parallel(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("threads must be at least 1, was 0");
    assertThatThrownBy(() -> new Parallel(1).forRange(3, 0, (from, to) -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("grain must be at least 1, was 0");
  }
}
