/**
 * NVIDIA GPUs: the libraries bound without native code of ours, memory, and kernels, which are made
 * as CUDA C and compiled when they are needed. See {@code docs/cuda.md}.
 */
@NullMarked
package dev.ladera.backend.cuda;

import org.jspecify.annotations.NullMarked;
