/**
 * For whoever writes a backend. {@link dev.ladera.testkit.ReferenceBackend} is the oracle and the
 * template: straight loops over all of {@link dev.ladera.op.Primitive}, no cleverness.
 */
@NullMarked
package dev.ladera.testkit;

import org.jspecify.annotations.NullMarked;
