@NullMarked
package dev.ladera.optim;

import org.jspecify.annotations.NullMarked;
