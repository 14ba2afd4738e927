@NullMarked
package dev.ladera.io;

import org.jspecify.annotations.NullMarked;
