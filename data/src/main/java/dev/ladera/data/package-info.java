/**
 * What stands between files and a training loop.
 *
 * <p>A {@link dev.ladera.data.Dataset} answers samples by index; a {@link
 * dev.ladera.data.DataLoader} makes batches of them, shuffled and prepared ahead if so asked; a
 * {@link dev.ladera.data.Transform} changes a sample on its way. Readers: {@link
 * dev.ladera.data.Mnist}, {@link dev.ladera.data.Digits} (which needs no file and no network),
 * {@link dev.ladera.data.Idx} and {@link dev.ladera.data.Csv}.
 *
 * {@snippet :
 * try (DataLoader loader = new DataLoader(Digits.train(), 32).shuffle(1)) {
 *   for (int epoch = 0; epoch < 30; epoch++) {
 *     for (Batch batch : loader) {
 *       train(batch.inputs(), batch.targets());
 *     }
 *   }
 * }
 * }
 *
 * <p>Order and contents of batches follow from the seed alone: neither prefetching nor the number
 * of workers changes them.
 */
@NullMarked
package dev.ladera.data;

import org.jspecify.annotations.NullMarked;
