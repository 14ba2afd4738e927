/**
 * Proofs that need everything at once: training traces, restarts, bad input, the walls between
 * modules.
 */
@NullMarked
package dev.ladera.examples;

import org.jspecify.annotations.NullMarked;
