/**
 * Operators: the immutable values that every computation is made of. {@link
 * dev.ladera.op.Primitive} is the closed set that a backend implements, {@link dev.ladera.op.View}
 * the closed set that only re-describes storage, {@link dev.ladera.op.Composite} the open set that
 * is made of the others.
 */
@NullMarked
package dev.ladera.op;

import org.jspecify.annotations.NullMarked;
