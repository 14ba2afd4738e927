package dev.ladera.backend.nd4j;

import dev.ladera.ArgumentException;
import dev.ladera.BackendException;
import dev.ladera.Tensor;
import dev.ladera.spi.Kernel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Mish;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Swish;
import org.nd4j.linalg.factory.Nd4j;

/** Kernels that run an operation of ND4J's own, for operators of the user's own. */
public final class Nd4jKernels {
  /**
   * Elementwise functions that are no custom operations in ND4J. (So are its gelu and precise_gelu,
   * but they answer x · sigmoid(1.702 · x), and a cube of 0.044715 · x for 0.044715 · x³.)
   */
  private static final Map<String, BiFunction<INDArray, INDArray, Op>> TRANSFORMS =
      Map.of("mish", Mish::new, "swish", Swish::new);

  private Nd4jKernels() {}

  /**
   * A kernel that runs an operation of ND4J by its name, such as {@code op("lrelu", 0.1)}, on the
   * operator's inputs and outputs. ND4J sees them in row-major order: views with gaps are copied.
   *
   * <p>ND4J has no documentation of which arguments an operation takes, but in its sources: {@code
   * T_ARG}, {@code INT_ARG} and {@code B_ARG} in {@code libnd4j/include/ops/declarable/generic}. A
   * wrong count makes the kernel fail; what the operator's {@code infer} says must be what ND4J
   * answers, type for type and shape for shape, or the kernel fails.
   *
   * @param name a custom operation of ND4J 1.0.0-M2.1, or its elementwise function {@code mish} or
   *     {@code swish}, which take no arguments
   * @param arguments in ND4J's order among those of a kind: {@code double} and {@code float},
   *     {@code int} and {@code long}, {@code boolean}
   * @throws ArgumentException if ND4J has no operation of the name, or an argument is of another
   *     kind
   */
  public static Kernel op(String name, Object... arguments) {
    List<Double> doubles = new ArrayList<>();
    List<Long> longs = new ArrayList<>();
    List<Boolean> booleans = new ArrayList<>();
    for (Object argument : arguments) {
      switch (argument) {
        case Double value -> doubles.add(value);
        case Float value -> doubles.add(value.doubleValue());
        case Long value -> longs.add(value);
        case Integer value -> longs.add(value.longValue());
        case Boolean value -> booleans.add(value);
        default ->
            throw new ArgumentException(
                name,
                "arguments",
                "must be numbers of type double or long, or booleans, not " + argument.getClass());
      }
    }
    BiFunction<INDArray, INDArray, Op> transform = TRANSFORMS.get(name);
    if (transform != null) {
      if (arguments.length > 0) {
        throw new ArgumentException(name, "arguments", "must be none");
      }
      return kernel(name, (x, z) -> transform(transform, x, z));
    }
    if (!Nd4j.getExecutioner().getCustomOperations().containsKey(name)) {
      throw new ArgumentException(name, "name", "is that of no custom operation of ND4J");
    }
    return kernel(name, (x, z) -> custom(name, x, z, doubles, longs, booleans));
  }

  private static void transform(
      BiFunction<INDArray, INDArray, Op> transform, INDArray[] x, INDArray[] z) {
    if (x.length != 1
        || z.length != 1
        || x[0].dataType() != z[0].dataType()
        || !Arrays.equals(x[0].shape(), z[0].shape())) {
      throw new IllegalArgumentException("it takes one input, and answers an output of its type");
    }
    Nd4j.getExecutioner().exec(transform.apply(x[0], z[0]));
  }

  private static void custom(
      String name,
      INDArray[] x,
      INDArray[] z,
      List<Double> doubles,
      List<Long> longs,
      List<Boolean> booleans) {
    DynamicCustomOp operation = DynamicCustomOp.builder(name).addInputs(x).addOutputs(z).build();
    doubles.forEach(operation::addTArgument);
    longs.forEach(operation::addIArgument);
    booleans.forEach(operation::addBArgument);
    Nd4j.exec(operation);
  }

  private static Kernel kernel(String name, BiConsumer<INDArray[], INDArray[]> operation) {
    return (_, inputs, outputs) -> {
      try (Scratch scratch = new Scratch()) {
        operation.accept(arrays(inputs, scratch), arrays(outputs, scratch));
      } catch (OutOfMemoryError | RuntimeException e) {
        Throwable root = e;
        while (root.getCause() != null) {
          root = root.getCause();
        }
        throw new BackendException(
            "nd4j", "operation '" + name + "' failed: " + root.getMessage(), e);
      }
    };
  }

  private static INDArray[] arrays(Tensor[] tensors, Scratch scratch) {
    INDArray[] arrays = new INDArray[tensors.length];
    for (int i = 0; i < arrays.length; i++) {
      long[] sizes = Arrays.stream(tensors[i].shape().toArray()).asLongStream().toArray();
      arrays[i] = Block.of(tensors[i], scratch).array(sizes);
    }
    return arrays;
  }
}
