/**
 * Optimizers, learning-rate schedules and gradient clipping, by PyTorch's formulas in PyTorch's
 * order of operations. An optimizer overwrites parameters in place by fused elementwise
 * expressions; a new one is a subclass of {@link dev.ladera.optim.Optimizer} with one method.
 */
@NullMarked
package dev.ladera.optim;

import org.jspecify.annotations.NullMarked;
