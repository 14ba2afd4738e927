package dev.ladera.data;

import java.util.Iterator;

/** Loads each batch when it is asked for, on the thread that asks. */
final class PlainIterator implements Iterator<Batch> {
  private final DataLoader loader;
  private final Epoch epoch;
  private int next;

  PlainIterator(DataLoader loader, Epoch epoch) {
    this.loader = loader;
    this.epoch = epoch;
  }

  @Override
  public boolean hasNext() {
    return next < epoch.batches();
  }

  @Override
  public Batch next() {
    epoch.checkNumber(next);
    loader.checkOpen();
    int number = next;
    next = epoch.batches();
    Batch batch = epoch.load(number);
    next = number + 1;
    return batch;
  }
}
