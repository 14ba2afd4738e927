/**
 * What a backend or a differentiation engine implements, and who has kernels for operators of their
 * own. Users of tensors need nothing else from here.
 */
@NullMarked
package dev.ladera.spi;

import org.jspecify.annotations.NullMarked;
