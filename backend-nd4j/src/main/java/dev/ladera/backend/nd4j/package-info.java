/**
 * ND4J 1.0.0-M2.1 as a backend, device {@code nd4j}.
 *
 * <p>Storage is ND4J's off-heap buffers. Kernels run ND4J's own operations wherever those give the
 * answers that {@link dev.ladera.op.Primitive} asks for: elementwise arithmetic and functions,
 * matrix products, convolutions as matrix products, sums along rows. Where ND4J has no such
 * operation, or answers wrongly, a plain Java loop over the same memory stands in; the comments
 * there name what ND4J answers.
 *
 * <p>The jar is an automatic module, not one with a {@code module-info}: the descriptor inside
 * nd4j-api 1.0.0-M2.1 exports packages that the jar does not have (deeplearning4j issue 10215), so
 * that no JVM starts with ND4J on its module path. Keep ND4J's jars on the class path; this jar may
 * stand on either. The JVM wants {@code --enable-native-access=ALL-UNNAMED}, and also {@code
 * dev.ladera.backend.nd4j} there if this jar is on the module path.
 *
 * <p>Inside, {@code Block} is a dense run of elements that both worlds see, {@code Scratch} frees
 * what a kernel needs for itself, {@code Strided} copies between layouts, {@code NativeOps} calls
 * ND4J and {@code Workarounds} stands in for it.
 */
@NullMarked
package dev.ladera.backend.nd4j;

import org.jspecify.annotations.NullMarked;
