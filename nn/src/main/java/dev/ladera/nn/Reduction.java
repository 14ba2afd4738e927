package dev.ladera.nn;

/** How a loss joins the losses of elements. */
public enum Reduction {
  /** Not at all. */
  NONE,
  /** By their mean; with class weights, by the weighted mean. */
  MEAN,
  /** By their sum. */
  SUM,
  /** By their sum divided by the size of the first axis; for {@link KLDivLoss} only. */
  BATCH_MEAN
}
