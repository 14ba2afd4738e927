/**
 * The pure-Java backend: storage is Java arrays, kernels are generated at run time.
 *
 * <p>The lower half of the package is a numeric engine over plain arrays. {@code Parallel} runs
 * chunks on threads, {@code Gemm} multiplies matrices, {@code Convolution} and {@code Pooling}
 * stand on it. Two rules hold for all of it:
 *
 * <ul>
 *   <li><em>Same bits on any number of threads.</em> Work is cut by its size, never by the number
 *       of threads, and partial results are added in a fixed order.
 *   <li><em>Same bits with and without the vector module.</em> Each element of a product is one
 *       chain of fused multiply-adds over the inner index in increasing order, whatever the
 *       blocking, so a plain loop and a vector kernel may stand in for each other at any moment.
 * </ul>
 */
@NullMarked
package dev.ladera.backend.cpu;

import org.jspecify.annotations.NullMarked;
