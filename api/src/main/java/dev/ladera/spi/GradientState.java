package dev.ladera.spi;

import dev.ladera.MemoryScope;
import dev.ladera.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a tensor that takes part in gradients carries for the engine. */
public final class GradientState {
  private boolean requiresGrad;
  private boolean retainsGrad;
  private @Nullable Tensor grad;
  private @Nullable GradientNode node;
  private int output;
  private @Nullable List<UnaryOperator<Tensor>> hooks;

  /** Makes a state that takes no part in gradients. */
  public GradientState() {}

  /** Whether gradients flow to this tensor. */
  public boolean requiresGrad() {
    return requiresGrad;
  }

  /** Sets whether gradients flow to this tensor. */
  public void requiresGrad(boolean requires) {
    this.requiresGrad = requires;
  }

  /** Whether the gradient is kept although the tensor is not a leaf. */
  public boolean retainsGrad() {
    return retainsGrad;
  }

  /** Sets whether the gradient is kept although the tensor is not a leaf. */
  public void retainsGrad(boolean retains) {
    this.retainsGrad = retains;
  }

  /** The gradient gathered so far. */
  public @Nullable Tensor grad() {
    return grad;
  }

  /**
   * Replaces the gradient. It outlives the scope that it was made in; the one before is given back
   * by the scope that is open now, if it was made in one.
   */
  public void grad(@Nullable Tensor gradient) {
    if (gradient != null) {
      gradient.storage().leaveScope();
    }
    Tensor before = grad;
    this.grad = gradient;
    if (before != null
        && !before.isReleased()
        && (gradient == null || gradient.storage() != before.storage())) {
      MemoryScope.adopt(before);
    }
  }

  /** The step that made the tensor; null for leaves. */
  public @Nullable GradientNode node() {
    return node;
  }

  /** Which output of its step the tensor is. */
  public int output() {
    return output;
  }

  /** Hangs the tensor on the step that made it. */
  public void madeBy(GradientNode madeBy, int outputIndex) {
    this.requiresGrad = true;
    this.node = madeBy;
    this.output = outputIndex;
  }

  /** Functions that see, and may replace, the gradient as it passes; in order. */
  public List<UnaryOperator<Tensor>> hooks() {
    return hooks == null ? List.of() : List.copyOf(hooks);
  }

  /** Adds a hook; run the answer to take it off again. */
  public Runnable addHook(UnaryOperator<Tensor> hook) {
    List<UnaryOperator<Tensor>> list = hooks == null ? new ArrayList<>() : hooks;
    hooks = list;
    list.add(hook);
    return () -> list.remove(hook);
  }
}
