/** Tests of the conformance suite itself. */
@NullMarked
package dev.ladera.testkit.conformance;

import org.jspecify.annotations.NullMarked;
