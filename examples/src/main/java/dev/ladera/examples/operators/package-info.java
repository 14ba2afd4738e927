/**
 * Operators of one's own, in three depths: {@link dev.ladera.examples.operators.Lambdas}, {@link
 * dev.ladera.examples.operators.Functions}, and {@link dev.ladera.examples.operators.RmsNorm} with
 * a kernel in {@link dev.ladera.examples.operators.RmsNormOnCpu}. See {@code
 * docs/custom-operators.md}.
 */
@NullMarked
package dev.ladera.examples.operators;

import org.jspecify.annotations.NullMarked;
