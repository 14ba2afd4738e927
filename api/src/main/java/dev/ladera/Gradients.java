package dev.ladera;

import dev.ladera.spi.AutogradEngine;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether gradients are recorded on this thread, and gradients as a function of outputs and inputs.
 * Recording is on at first, and is per thread.
 */
public final class Gradients {
  private static final ThreadLocal<Boolean> RECORDING = ThreadLocal.withInitial(() -> true);

  private static final class Engine {
    static final @Nullable AutogradEngine FOUND =
        Services.find(AutogradEngine.class).stream().findFirst().orElse(null);
  }

  private Gradients() {}

  /** Whether this thread records. */
  public static boolean areRecorded() {
    return RECORDING.get();
  }

  /** Whether a differentiation engine is on the class path; without one nothing is recorded. */
  public static boolean areAvailable() {
    return Engine.FOUND != null;
  }

  /** Runs something without recording, whatever it throws; scopes nest. */
  public static void noGrad(Runnable body) {
    record(false, body);
  }

  /** Computes something without recording. */
  public static <T extends @Nullable Object> T noGrad(Supplier<T> body) {
    return record(false, body);
  }

  /** Runs something with recording on, inside {@link #noGrad(Runnable)}. */
  public static void enableGrad(Runnable body) {
    record(true, body);
  }

  /** Computes something with recording on, inside {@link #noGrad(Runnable)}. */
  public static <T extends @Nullable Object> T enableGrad(Supplier<T> body) {
    return record(true, body);
  }

  private static void record(boolean on, Runnable body) {
    boolean before = RECORDING.get();
    RECORDING.set(on);
    try {
      body.run();
    } finally {
      RECORDING.set(before);
    }
  }

  private static <T extends @Nullable Object> T record(boolean on, Supplier<T> body) {
    boolean before = RECORDING.get();
    RECORDING.set(on);
    try {
      return body.get();
    } finally {
      RECORDING.set(before);
    }
  }

  /**
   * The gradients of a scalar with respect to tensors; the graph is freed.
   *
   * @return one an input, of its shape
   * @throws GradientException if the output is no scalar, no graph was recorded, or the output does
   *     not depend on an input
   */
  public static List<Tensor> grad(Tensor output, Tensor... inputs) {
    return grad(output, List.of(inputs), false);
  }

  /**
   * The gradients of a scalar with respect to tensors.
   *
   * @param createGraph whether the gradients can be differentiated again; then the graph stays
   * @throws GradientException as {@link #grad(Tensor, Tensor...)}
   */
  public static List<Tensor> grad(Tensor output, List<Tensor> inputs, boolean createGraph) {
    List<@Nullable Tensor> found =
        grad(List.of(output), inputs, Collections.singletonList(null), createGraph, createGraph);
    for (int i = 0; i < found.size(); i++) {
      if (found.get(i) == null) {
        throw new GradientException(
            "grad",
            "the output does not depend on input " + i + " of shape " + inputs.get(i).shape());
      }
    }
    return found.stream().map(java.util.Objects::requireNonNull).toList();
  }

  /**
   * The gradients of several outputs, weighted, with respect to tensors: a vector-Jacobian product.
   *
   * @param gradients the weights, one an output and of its shape; null stands for 1 of a scalar
   * @param retainGraph whether the graph stays for another pass
   * @param createGraph whether the gradients can be differentiated again
   * @return one an input; null for an input that no output depends on
   */
  public static List<@Nullable Tensor> grad(
      List<Tensor> outputs,
      List<Tensor> inputs,
      List<@Nullable Tensor> gradients,
      boolean retainGraph,
      boolean createGraph) {
    return engine().grad(outputs, inputs, gradients, retainGraph, createGraph);
  }

  /** Adds the gradients of several outputs, weighted, to the leaves that they depend on. */
  public static void backward(
      List<Tensor> outputs,
      @Nullable Tensor[] gradients,
      boolean retainGraph,
      boolean createGraph) {
    engine().backward(outputs, Arrays.asList(gradients), retainGraph, createGraph);
  }

  /**
   * The engine in use.
   *
   * @throws GradientException if there is none, with what to add
   */
  static AutogradEngine engine() {
    AutogradEngine engine = Engine.FOUND;
    if (engine == null) {
      throw new GradientException(
          "grad",
          "no automatic differentiation is on the class path; add a dependency on"
              + " dev.ladera:ladera-autograd");
    }
    return engine;
  }
}
