package dev.ladera.spi;

import dev.ladera.Tensor;
import dev.ladera.op.Composite;
import dev.ladera.op.Operator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Found by {@link java.util.ServiceLoader}: records operators and answers gradients. */
public interface AutogradEngine {

  /**
   * Whether a composite is differentiated through its parts: then the dispatcher runs its
   * decomposition with recording on, rather than a kernel, whenever a gradient is recorded.
   */
  boolean differentiatesBody(Composite operator);

  /**
   * Called after an operator ran while gradients are recorded and an input requires one: hangs a
   * node on the outputs that are floating.
   */
  void record(Operator operator, Tensor[] inputs, Tensor[] outputs);

  /**
   * Adds the gradients of the outputs to {@code grad()} of every leaf that they depend on.
   *
   * @param outputs where to begin
   * @param gradients one an output, of its shape; null stands for 1 of a scalar
   * @param retainGraph whether the graph stays for another pass
   * @param createGraph whether the pass itself is recorded
   */
  void backward(
      List<Tensor> outputs,
      List<@Nullable Tensor> gradients,
      boolean retainGraph,
      boolean createGraph);

  /**
   * The gradients of the outputs with respect to the inputs; nothing is added to any {@code
   * grad()}.
   *
   * @return one an input; null for an input that the outputs do not depend on
   */
  List<@Nullable Tensor> grad(
      List<Tensor> outputs,
      List<Tensor> inputs,
      List<@Nullable Tensor> gradients,
      boolean retainGraph,
      boolean createGraph);
}
