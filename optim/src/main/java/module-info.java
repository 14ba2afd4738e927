/** Optimizers, learning-rate schedules and gradient clipping, by PyTorch's formulas. */
module dev.ladera.optim {
  requires transitive dev.ladera;
  requires static org.jspecify;

  exports dev.ladera.optim;
}
