/** Tests of the measuring itself, and of what all backends must have in common when they train. */
@NullMarked
package dev.ladera.benchmarks;

import org.jspecify.annotations.NullMarked;
