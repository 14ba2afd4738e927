/** Tests of the measuring itself. */
@NullMarked
package dev.ladera.benchmarks;

import org.jspecify.annotations.NullMarked;
