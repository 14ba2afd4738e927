package dev.ladera.data;

/** Another dataset's samples, changed as they are read. */
record Mapped(Dataset dataset, Transform input, Transform target) implements Dataset {
  @Override
  public int size() {
    return dataset.size();
  }

  @Override
  public Sample get(int index) {
    Sample sample = dataset.get(index);
    return new Sample(input.apply(sample.input()), target.apply(sample.target()));
  }
}
