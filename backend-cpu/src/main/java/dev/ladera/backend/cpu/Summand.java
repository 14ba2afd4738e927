package dev.ladera.backend.cpu;

/**
 * A row that is added to each row of a product: one element a column, without gaps.
 *
 * @param array {@code float[]} or {@code double[]}
 * @param offset the first element
 */
record Summand<A>(A array, int offset) {}
