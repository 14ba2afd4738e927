/** Tests of the pure-Java backend. */
@NullMarked
package dev.ladera.backend.cpu;

import org.jspecify.annotations.NullMarked;
