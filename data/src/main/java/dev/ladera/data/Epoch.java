package dev.ladera.data;

import dev.ladera.Generator;
import dev.ladera.Gradients;
import java.util.Arrays;
import java.util.NoSuchElementException;

/**
 * One pass over a dataset: which samples each batch has, and how a batch is loaded, on any thread.
 *
 * @param dataset the samples
 * @param order the samples' indices in the order of the pass
 * @param seed of the random numbers that transforms draw
 * @param batchSize of all batches, the last excepted
 * @param batches how many batches there are
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, and shared within this package.
record Epoch(Dataset dataset, int[] order, long seed, int batchSize, int batches) {
  /** Leaves a batch 2³² blocks of four random words before it meets the next one's. */
  private static final int BLOCK_BITS = 32;

  /**
   * Loads a batch. Its random numbers are a stretch of the epoch's own, so that they are the same
   * on any thread; the thread's generator is put back as it was.
   *
   * @throws DataLoaderException if the dataset throws anything but an error of the JVM
   */
  Batch load(int number) {
    int from = number * batchSize;
    int to = (int) Math.min((long) from + batchSize, order.length);
    int[] indices = Arrays.copyOfRange(order, from, to);
    Generator generator = Generator.current();
    long savedSeed = generator.seed();
    long savedOffset = generator.offset();
    generator.restore(seed, (long) number << BLOCK_BITS);
    try {
      return Gradients.noGrad(() -> dataset.batch(indices));
    } catch (DataLoaderException named) {
      throw named;
    } catch (RuntimeException unnamed) {
      throw new DataLoaderException("DataLoader", indices[0], unnamed);
    } finally {
      generator.restore(savedSeed, savedOffset);
    }
  }

  /**
   * Checks that there is a batch of a number.
   *
   * @throws NoSuchElementException if the epoch is over
   */
  void checkNumber(int number) {
    if (number >= batches) {
      throw new NoSuchElementException("the epoch's " + batches + " batches are all taken");
    }
  }
}
