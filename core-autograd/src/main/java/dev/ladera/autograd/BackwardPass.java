package dev.ladera.autograd;

import dev.ladera.GradientException;
import dev.ladera.Tensor;
import dev.ladera.spi.GradientState;
import dev.ladera.spi.Storage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One walk back over the recorded steps, the last recorded first. When a step's turn comes, all
 * that used its outputs has been walked over, so their gradients are complete.
 */
final class BackwardPass {
  /** An output of a step, by which its gradient is asked for. */
  private record Place(Node node, int output) {}

  private final boolean createGraph;
  private final PriorityQueue<Node> open =
      new PriorityQueue<>(Comparator.comparingLong(Node::number).reversed());
  private final Map<Node, @Nullable Tensor[]> gradients = new IdentityHashMap<>();
  private final Map<GradientState, Tensor> leaves = new IdentityHashMap<>();
  private final List<GradientState> leafOrder = new ArrayList<>();
  private final Map<Place, @Nullable Tensor> captured = new HashMap<>();
  private final Set<Storage> given = Collections.newSetFromMap(new IdentityHashMap<>());

  BackwardPass(boolean createGraph) {
    this.createGraph = createGraph;
  }

  /** Asks for the gradient of a tensor that a step made. */
  void capture(Tensor tensor) {
    GradientState state = tensor.gradientState();
    if (state.node() instanceof Node node) {
      captured.put(new Place(node, state.output()), null);
    }
  }

  /** The gradient of a tensor, if anything depended on it. */
  @Nullable Tensor captured(Tensor tensor) {
    GradientState state = tensor.gradientState();
    if (state.node() instanceof Node node) {
      return captured.get(new Place(node, state.output()));
    }
    Tensor gradient = leaves.get(state);
    return gradient == null ? null : hooked(state, gradient);
  }

  void start(List<Tensor> outputs, List<Tensor> seeds) {
    for (int i = 0; i < outputs.size(); i++) {
      GradientState state = outputs.get(i).gradientState();
      given.add(seeds.get(i).storage());
      send(state, state.node() instanceof Node node ? node : null, state.output(), seeds.get(i));
    }
  }

  private void send(GradientState state, @Nullable Node node, int output, Tensor gradient) {
    if (node == null) {
      Tensor before = leaves.get(state);
      if (before == null) {
        leafOrder.add(state);
      }
      leaves.put(state, before == null ? gradient : before.add(gradient));
      return;
    }
    @Nullable Tensor[] gathered = gradients.get(node);
    if (gathered == null) {
      gathered = new @Nullable Tensor[node.outputTypes().length];
      gradients.put(node, gathered);
      open.add(node);
    }
    Tensor before = gathered[output];
    gathered[output] = before == null ? gradient : before.add(gradient);
  }

  void run(boolean retainGraph) {
    List<Node> walked = new ArrayList<>();
    for (Node node = open.poll(); node != null; node = open.poll()) {
      @Nullable Tensor[] outputGradients = gradients.remove(node);
      if (outputGradients == null) {
        throw new IllegalStateException("a step without gradients was to be walked over");
      }
      for (int i = 0; i < outputGradients.length; i++) {
        outputGradients[i] = arrived(node, i, outputGradients[i]);
      }
      List<@Nullable Tensor> found = node.gradients(outputGradients);
      Engine.check(node, found);
      for (int i = 0; i < found.size(); i++) {
        Node.Source source = node.source(i);
        Tensor gradient = found.get(i);
        if (source != null && gradient != null) {
          send(source.state(), source.node(), source.output(), gradient);
        }
      }
      walked.add(node);
    }
    if (!retainGraph) {
      walked.forEach(Node::free);
    }
  }

  private @Nullable Tensor arrived(Node node, int output, @Nullable Tensor gradient) {
    if (gradient == null) {
      return null;
    }
    GradientState state = node.outputState(output);
    Tensor seen = hooked(state, gradient);
    if (state.retainsGrad()) {
      accumulate(state, seen);
    }
    Place place = new Place(node, output);
    if (captured.containsKey(place)) {
      captured.put(place, seen);
    }
    return seen;
  }

  private static Tensor hooked(GradientState state, Tensor gradient) {
    Tensor seen = gradient;
    for (UnaryOperator<Tensor> hook : state.hooks()) {
      Tensor answer = hook.apply(seen);
      if (!answer.type().equals(gradient.type()) || answer.device() != gradient.device()) {
        throw new GradientException(
            "registerHook",
            "a hook was given a gradient "
                + gradient.type()
                + " on "
                + gradient.device()
                + " and answered "
                + answer.type()
                + " on "
                + answer.device()
                + "; shape, type and device must stay");
      }
      seen = answer;
    }
    return seen;
  }

  /** Adds what arrived at the leaves to their gradients. */
  void storeLeafGradients() {
    for (GradientState state : leafOrder) {
      Tensor gradient = leaves.get(state);
      if (gradient != null) {
        accumulate(state, hooked(state, gradient));
      }
    }
  }

  private void accumulate(GradientState state, Tensor gradient) {
    Tensor own = owned(createGraph ? gradient : gradient.detach());
    synchronized (state) {
      Tensor before = state.grad();
      state.grad(before == null ? own : before.add(own));
    }
  }

  /**
   * A gradient whose storage nobody else sees: rules pass tensors on unchanged, and a leaf's
   * gradient may be overwritten by its owner, as clipping does.
   */
  private Tensor owned(Tensor gradient) {
    boolean shared = !given.add(gradient.storage());
    boolean partial =
        !gradient.isContiguous() || gradient.storage().elements() != gradient.elements();
    return shared || partial ? gradient.copy() : gradient;
  }
}
