package dev.ladera.autograd;

import dev.ladera.DType;
import dev.ladera.GradientException;
import dev.ladera.Tensor;
import dev.ladera.spi.GradientState;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What was recorded on the way to a tensor, to look at: leaves first, then the steps in the linear
 * order in which they ran. A backward pass walks the same list from its end.
 *
 * <p>{@link #trace} shows the value and the gradient of every step. {@link #of} looks at a graph
 * that is already there: a step's value is shown while somebody holds the tensor, and its gradient
 * if {@code retainGrad()} was called on it and a pass has run.
 */
public final class ComputationGraph {

  /**
   * A leaf or a step.
   *
   * @param number its place in the list
   * @param name a leaf's name, or the operator's
   * @param leaf whether it is a leaf
   * @param shape the shape of its (first) value
   * @param parents the places of what it was made of
   * @param value the value, where it is still held
   * @param gradient the gradient, where there is one
   */
  public record Entry(
      int number,
      String name,
      boolean leaf,
      String shape,
      List<Integer> parents,
      @Nullable Tensor value,
      @Nullable Tensor gradient) {}

  private static final int SHOWN = 6;

  private final List<Entry> entries;

  private ComputationGraph(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /**
   * Runs a computation, goes back from its result as {@code backward()} does, and answers the graph
   * with the value and the gradient of every step.
   *
   * @param computation answers a scalar, such as a loss
   * @param names names for leaves, such as parameters
   * @throws GradientException if nothing was recorded
   */
  public static ComputationGraph trace(Supplier<Tensor> computation, Map<String, Tensor> names) {
    AtomicReference<@Nullable Tensor> result = new AtomicReference<>();
    List<Tensor> held = Trace.of(() -> result.set(computation.get()));
    Tensor loss = Objects.requireNonNull(result.get());
    if (loss.isLeaf()) {
      throw nothing();
    }
    loss.backward();
    ComputationGraph graph = of(loss, names);
    Reference.reachabilityFence(held);
    return graph;
  }

  private static GradientException nothing() {
    return new GradientException("graph", "nothing was recorded on the way to this tensor");
  }

  /**
   * The graph behind a tensor.
   *
   * @throws GradientException if nothing was recorded
   */
  public static ComputationGraph of(Tensor result) {
    return of(result, Map.of());
  }

  /**
   * The graph behind a tensor.
   *
   * @param names names for leaves, such as parameters, and for computed tensors
   */
  public static ComputationGraph of(Tensor result, Map<String, Tensor> names) {
    if (!(result.gradientNode() instanceof Node root)) {
      throw nothing();
    }
    Map<GradientState, String> known = new IdentityHashMap<>();
    Map<GradientState, Tensor> values = new IdentityHashMap<>();
    names.forEach((name, tensor) -> {
      known.put(tensor.gradientState(), name);
      values.put(tensor.gradientState(), tensor);
    });
    List<Node> steps = new ArrayList<>();
    Map<Node, Boolean> seen = new IdentityHashMap<>();
    List<Node.Source> leaves = new ArrayList<>();
    Map<GradientState, Integer> places = new IdentityHashMap<>();
    List<Node> open = new ArrayList<>(List.of(root));
    while (!open.isEmpty()) {
      Node node = open.removeLast();
      if (seen.put(node, true) != null) {
        continue;
      }
      steps.add(node);
      for (int i = 0; i < node.inputTypes().length; i++) {
        Node.Source source = node.source(i);
        if (source != null && source.node() != null) {
          open.add(source.node());
        }
      }
    }
    steps.sort(Comparator.comparingLong(Node::number));
    List<Entry> entries = new ArrayList<>();
    for (Node node : steps) {
      for (int i = 0; i < node.inputTypes().length; i++) {
        Node.Source source = node.source(i);
        if (source != null && source.node() == null && !places.containsKey(source.state())) {
          places.put(source.state(), entries.size());
          leaves.add(source);
          String name = known.getOrDefault(source.state(), "leaf" + leaves.size());
          entries.add(
              new Entry(
                  entries.size(),
                  name,
                  true,
                  node.inputTypes()[i].shape().toString(),
                  List.of(),
                  values.get(source.state()),
                  source.state().grad()));
        }
      }
    }
    Map<Node, Integer> made = new IdentityHashMap<>();
    for (Node node : steps) {
      List<Integer> parents = new ArrayList<>();
      for (int i = 0; i < node.inputTypes().length; i++) {
        Node.Source source = node.source(i);
        if (source != null) {
          Integer place =
              source.node() == null ? places.get(source.state()) : made.get(source.node());
          if (place != null) {
            parents.add(place);
          }
        }
      }
      made.put(node, entries.size());
      GradientState state = node.outputState(0);
      String name = known.get(state);
      entries.add(
          new Entry(
              entries.size(),
              name == null ? node.name() : name + " = " + node.name(),
              false,
              node.outputTypes()[0].shape().toString(),
              List.copyOf(parents),
              node.outputValue(0),
              state.grad()));
    }
    return new ComputationGraph(entries);
  }

  /** The leaves, then the steps in the order in which they ran. */
  public List<Entry> entries() {
    return entries;
  }

  /** A table: place, function, parents, shape, value, gradient. */
  public String toText() {
    StringBuilder text = new StringBuilder();
    text.append(row("#", "function", "parents", "shape", "value", "gradient"));
    for (Entry entry : entries) {
      text.append(
          row(
              Integer.toString(entry.number()),
              entry.name(),
              entry.leaf() ? "(leaf)" : entry.parents().toString(),
              entry.shape(),
              brief(entry.value()),
              brief(entry.gradient())));
    }
    return text.toString();
  }

  private static String row(String... cells) {
    return String.format(
            Locale.ROOT,
            "%4s  %-28s %-12s %-14s %-34s %s",
            cells[0],
            cells[1],
            cells[2],
            cells[3],
            cells[4],
            cells[5])
        + System.lineSeparator();
  }

  private static String brief(@Nullable Tensor tensor) {
    if (tensor == null) {
      return "-";
    }
    if (tensor.elements() > SHOWN) {
      return String.format(
          Locale.ROOT, "norm %.4g", tensor.detach().to(DType.FLOAT64).norm().item());
    }
    StringBuilder text = new StringBuilder();
    for (double value : tensor.toDoubleArray()) {
      text.append(text.isEmpty() ? "" : " ").append(String.format(Locale.ROOT, "%.4g", value));
    }
    return text.toString();
  }

  /** The graph in Graphviz's language. */
  public String toDot() {
    StringBuilder dot = new StringBuilder("digraph computation {\n  node [shape=box];\n");
    for (Entry entry : entries) {
      dot.append(
          String.format(
              Locale.ROOT,
              "  n%d [label=\"%d: %s\\n%s\\nvalue %s\\ngradient %s\"%s];%n",
              entry.number(),
              entry.number(),
              entry.name().replace("\"", "\\\""),
              entry.shape(),
              brief(entry.value()),
              brief(entry.gradient()),
              entry.leaf() ? ", style=filled, fillcolor=\"#e8f0e0\"" : ""));
      for (int parent : entry.parents()) {
        dot.append(String.format(Locale.ROOT, "  n%d -> n%d;%n", parent, entry.number()));
      }
    }
    return dot.append("}\n").toString();
  }

  /** The graph as a picture: each step stands below what it was made of. */
  public String toSvg() {
    return new GraphPicture(
            entries.stream()
                .map(entry ->
                    new GraphPicture.Box(
                        List.of(
                            entry.number() + ": " + entry.name(),
                            entry.shape(),
                            "value " + brief(entry.value()),
                            "gradient " + brief(entry.gradient())),
                        entry.parents(),
                        entry.leaf()))
                .toList())
        .svg();
  }
}
