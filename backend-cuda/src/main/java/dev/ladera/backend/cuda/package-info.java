/**
 * The CUDA driver, bound without native code of ours, and the provider that reports its devices.
 */
@NullMarked
package dev.ladera.backend.cuda;

import org.jspecify.annotations.NullMarked;
