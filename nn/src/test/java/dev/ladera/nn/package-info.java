/** Tests of modules, losses and initialisers. */
@NullMarked
package dev.ladera.nn;

import org.jspecify.annotations.NullMarked;
