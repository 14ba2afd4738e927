package dev.ladera.data;

/** Some samples of another dataset. */
final class Subset implements Dataset {
  private final Dataset whole;
  private final int[] indices;

  Subset(Dataset whole, int[] indices) {
    this.whole = whole;
    this.indices = indices.clone();
    for (int index : this.indices) {
      Batches.checkIndex("subset", index, whole.size());
    }
  }

  @Override
  public int size() {
    return indices.length;
  }

  @Override
  public Sample get(int index) {
    Batches.checkIndex("get", index, indices.length);
    return whole.get(indices[index]);
  }

  /** Asks the whole for all at once, which may have a faster way. */
  @Override
  public Batch batch(int... places) {
    int[] asked = new int[places.length];
    for (int i = 0; i < places.length; i++) {
      Batches.checkIndex("batch", places[i], indices.length);
      asked[i] = indices[places[i]];
    }
    try {
      return whole.batch(asked);
    } catch (DataLoaderException failed) {
      for (int i = 0; i < asked.length; i++) {
        if (asked[i] == failed.index()) {
          throw new DataLoaderException("batch", places[i], failed);
        }
      }
      throw failed;
    }
  }
}
