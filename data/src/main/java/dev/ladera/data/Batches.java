package dev.ladera.data;

import dev.ladera.ArgumentException;
import dev.ladera.DTypeException;
import dev.ladera.IndexException;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;

/** Stacks samples, and says which one is at fault. */
final class Batches {
  private Batches() {}

  static Batch stack(Dataset dataset, int[] indices) {
    checkSome(indices);
    Tensor[] inputs = new Tensor[indices.length];
    Tensor[] targets = new Tensor[indices.length];
    for (int i = 0; i < indices.length; i++) {
      checkIndex("batch", indices[i], dataset.size());
      try {
        Sample sample = dataset.get(indices[i]);
        inputs[i] = sample.input();
        targets[i] = sample.target();
        checkAlike("input", inputs[0], inputs[i], indices[0]);
        checkAlike("target", targets[0], targets[i], indices[0]);
      } catch (RuntimeException cause) {
        throw new DataLoaderException("batch", indices[i], cause);
      }
    }
    return new Batch(Tensor.stack(0, inputs), Tensor.stack(0, targets));
  }

  static void checkSome(int[] indices) {
    if (indices.length == 0) {
      throw new ArgumentException("batch", "indices", "must not be empty");
    }
  }

  static void checkIndex(String operation, int index, int size) {
    if (index < 0 || index >= size) {
      throw new IndexException(
          operation,
          "index " + index + " is none of the " + size + " samples, which count from 0",
          index,
          size);
    }
  }

  private static void checkAlike(String name, Tensor first, Tensor other, int firstIndex) {
    if (!other.shape().equals(first.shape())) {
      throw new ShapeException(
          "batch",
          "its "
              + name
              + " is "
              + other.shape()
              + ", that of sample "
              + firstIndex
              + " "
              + first.shape()
              + "; samples of one shape can be batched",
          first.shape(),
          other.shape());
    }
    if (other.dtype() != first.dtype()) {
      throw new DTypeException(
          "batch",
          "its "
              + name
              + " is "
              + other.dtype()
              + ", that of sample "
              + firstIndex
              + " "
              + first.dtype()
              + "; samples of one type can be batched",
          first.dtype(),
          other.dtype());
    }
  }
}
