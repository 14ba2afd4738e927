/** The conformance suite as its users meet it: by what is public. */
@NullMarked
package dev.ladera.testkit.user;

import org.jspecify.annotations.NullMarked;
