/**
 * Tensors and what they stand on: {@link dev.ladera.Tensor} with its families of operations, {@link
 * dev.ladera.Shape}, {@link dev.ladera.DType}, {@link dev.ladera.Device}, random numbers, and the
 * typed exceptions that bad input gets.
 */
@NullMarked
package dev.ladera;

import org.jspecify.annotations.NullMarked;
