/**
 * Modules, losses and initialisers, by PyTorch's names and with its defaults.
 *
 * <p>A {@link dev.ladera.nn.Module} is a tree that holds parameters and buffers; a {@link
 * dev.ladera.nn.Layer} is a module of one input whose runs can be watched; a {@link
 * dev.ladera.nn.Loss} makes one number of outputs and targets. Options are fluent, as in {@code new
 * Conv2d(1, 6, 5).padding(2)}, and are given right after construction: some of them make the
 * parameters anew.
 */
@NullMarked
package dev.ladera.nn;

import org.jspecify.annotations.NullMarked;
