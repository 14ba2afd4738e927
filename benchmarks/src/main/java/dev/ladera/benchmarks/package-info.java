/**
 * Benchmarks by JMH: matrix products, fused elementwise expressions, reductions, and whole training
 * steps. {@code benchmarks/peers_torch.py} times the same things in PyTorch, for ratios in one run.
 */
@NullMarked
package dev.ladera.benchmarks;

import org.jspecify.annotations.NullMarked;
