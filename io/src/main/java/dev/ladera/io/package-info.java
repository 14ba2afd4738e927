/**
 * Tensors in files.
 *
 * <ul>
 *   <li>{@link dev.ladera.io.SafeTensors}: named tensors, to exchange weights with PyTorch and
 *       others;
 *   <li>{@link dev.ladera.io.Npy} and {@link dev.ladera.io.Npz}: NumPy's arrays;
 *   <li>{@link dev.ladera.io.Checkpoint}: a training run, to go on with later;
 *   <li>{@link dev.ladera.io.AtomicFile}: any file, replaced as a whole or not at all.
 * </ul>
 *
 * <pre>{@code
 * SafeTensors.write(Path.of("net.safetensors"), net.stateDict());
 * net.loadStateDict(SafeTensors.read(Path.of("net.safetensors")).tensors());
 * }</pre>
 *
 * <p>A file that breaks the rules of its format is a {@link dev.ladera.FileFormatException} with
 * the place and what was expected there; one that cannot be read or written, an {@link
 * java.io.UncheckedIOException} with its path. All writing goes through {@code AtomicFile}.
 */
@NullMarked
package dev.ladera.io;

import org.jspecify.annotations.NullMarked;
