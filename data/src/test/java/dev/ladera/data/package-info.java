@NullMarked
package dev.ladera.data;

import org.jspecify.annotations.NullMarked;
