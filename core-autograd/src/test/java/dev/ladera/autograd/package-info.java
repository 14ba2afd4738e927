@NullMarked
package dev.ladera.autograd;

import org.jspecify.annotations.NullMarked;
