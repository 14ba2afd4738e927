package dev.ladera.data;

import dev.ladera.ArgumentException;
import dev.ladera.Generator;
import dev.ladera.IndexException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Samples by index. Two methods make one; {@link TensorDataset} has all samples in memory. A {@link
 * DataLoader} with workers reads it from several threads at once.
 */
public interface Dataset {
  /** The number of samples. */
  int size();

  /**
   * One sample; all samples of a dataset have the same shapes and types if they are to be batched.
   *
   * @param index from 0 to {@code size() - 1}
   * @throws IndexException if there is no such sample
   */
  Sample get(int index);

  /**
   * Samples stacked along a new first axis, in the order given; the same one may occur again.
   *
   * @throws ArgumentException if no index is given
   * @throws IndexException if there is no sample of an index
   * @throws DataLoaderException naming the first sample that cannot be had, or whose shape differs
   *     from that of the first
   */
  default Batch batch(int... indices) {
    return Batches.stack(this, indices);
  }

  /**
   * Some samples, in the order given, as a dataset; nothing is copied but the indices.
   *
   * @throws IndexException if there is no sample of an index
   */
  default Dataset subset(int... indices) {
    return new Subset(this, indices);
  }

  /**
   * Parts of the given sizes with the samples dealt out at random.
   *
   * @param generator decides where a sample goes
   * @param sizes of the parts; they sum to {@link #size()}
   * @throws ArgumentException if a size is negative, or they sum to another number
   */
  default List<Dataset> split(Generator generator, int... sizes) {
    long sum = 0;
    for (int size : sizes) {
      sum += size;
      if (size < 0) {
        throw new ArgumentException("split", "sizes", "must not be negative, as " + size + " is");
      }
    }
    if (sum != size()) {
      throw new ArgumentException(
          "split",
          "sizes",
          Arrays.toString(sizes) + " sum to " + sum + "; the dataset has " + size() + " samples");
    }
    int[] order = generator.permutation(size());
    List<Dataset> parts = new ArrayList<>();
    int from = 0;
    for (int size : sizes) {
      parts.add(subset(Arrays.copyOfRange(order, from, from + size)));
      from += size;
    }
    return parts;
  }

  /**
   * This dataset with every input changed, each time that a sample is read. What needs doing only
   * once is cheaper done to the whole tensor, before: {@code new
   * TensorDataset(transform.apply(inputs), targets)}.
   */
  default Dataset map(Transform inputTransform) {
    return new Mapped(this, inputTransform, target -> target);
  }

  /** This dataset with every target changed, each time that a sample is read. */
  default Dataset mapTargets(Transform targetTransform) {
    return new Mapped(this, input -> input, targetTransform);
  }
}
