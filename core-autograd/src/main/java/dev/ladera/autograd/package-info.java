/**
 * Reverse-mode automatic differentiation. {@link dev.ladera.autograd.Engine} is found by itself
 * where this module is present; users call {@code backward()} on tensors, {@link
 * dev.ladera.Gradients}, and the tools here: {@link dev.ladera.autograd.GradCheck}, {@link
 * dev.ladera.autograd.Jacobians} and {@link dev.ladera.autograd.ComputationGraph}.
 *
 * <p>From {@code loss.backward()} to the gradient of one operator it is two files: the pass over
 * the recorded graph ({@code BackwardPass}), and the table of rules ({@code Rules}), for
 * elementwise operators {@code ScalarDerivatives}.
 */
@NullMarked
package dev.ladera.autograd;

import org.jspecify.annotations.NullMarked;
