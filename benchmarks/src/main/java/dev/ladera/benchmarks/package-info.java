/**
 * The command {@code ladera bench}. {@link dev.ladera.benchmarks.Benchmarks} lists what is timed;
 * {@link dev.ladera.benchmarks.Race} lets Ladera, its peers and the machine's ceiling take turns;
 * {@link dev.ladera.benchmarks.Report} is what a run found.
 */
@NullMarked
package dev.ladera.benchmarks;

import org.jspecify.annotations.NullMarked;
