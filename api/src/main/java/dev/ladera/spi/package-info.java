/**
 * What a backend or a differentiation engine implements. Users of tensors need nothing from here.
 */
@NullMarked
package dev.ladera.spi;

import org.jspecify.annotations.NullMarked;
