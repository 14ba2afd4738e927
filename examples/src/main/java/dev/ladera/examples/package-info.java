/**
 * The program {@code ladera}. Each command is a class: {@link dev.ladera.examples.TrainCommand},
 * {@link dev.ladera.examples.DescendCommand}, {@link dev.ladera.examples.CompareCommand}, {@link
 * dev.ladera.examples.GraphCommand}, {@link dev.ladera.examples.OperatorsCommand}, {@link
 * dev.ladera.examples.DoctorCommand}. The training loop to copy from stands in {@link
 * dev.ladera.examples.Trainer}.
 */
@NullMarked
package dev.ladera.examples;

import org.jspecify.annotations.NullMarked;
