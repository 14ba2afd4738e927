/** Tests of the ND4J backend. */
@NullMarked
package dev.ladera.backend.nd4j;

import org.jspecify.annotations.NullMarked;
