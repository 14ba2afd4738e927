/** DJL as a peer. */
@NullMarked
package dev.ladera.benchmarks;

import org.jspecify.annotations.NullMarked;
