package dev.ladera.examples;

import dev.ladera.DType;
import dev.ladera.Generator;
import dev.ladera.Tensor;
import dev.ladera.autograd.ComputationGraph;
import dev.ladera.io.AtomicFile;
import dev.ladera.nn.Linear;
import dev.ladera.nn.MSELoss;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Backpropagation through a small network, node by node. */
@Command(
    name = "graph",
    description = {
      "Shows backpropagation as a walk over a computation graph in linear order.",
      "",
      "A network of two inputs, two hidden units and one output sees one example. Its nodes are"
          + " listed in the order in which they were computed, each with its function, its parents,"
          + " its value and the gradient of the loss by it. The backward pass walks the list from"
          + " its end: when it comes to a node, all that the node flows into has been seen."
    },
    mixinStandardHelpOptions = true)
final class GraphCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Seed of the weights (${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--svg", paramLabel = "FILE", description = "Draw the graph into an SVG file.")
  private @Nullable Path svg;

  @Option(names = "--dot", paramLabel = "FILE", description = "Write it in Graphviz's language.")
  private @Nullable Path dot;

  @Override
  public void run() {
    Generator.manualSeed(seed);
    Linear hidden = new Linear(2, 2);
    Linear output = new Linear(2, 1);
    hidden.to(DType.FLOAT64);
    output.to(DType.FLOAT64);
    Tensor x = Tensor.of(new double[] {0.5, -1}, 1, 2).requiresGrad(true);
    Tensor target = Tensor.of(new double[] {1}, 1, 1);

    Map<String, Tensor> names = new LinkedHashMap<>();
    names.put("x", x);
    hidden.namedParameters().forEach((name, tensor) -> names.put("hidden." + name, tensor));
    output.namedParameters().forEach((name, tensor) -> names.put("output." + name, tensor));

    ComputationGraph graph =
        ComputationGraph.trace(
            () -> {
              Tensor prediction = output.forward(hidden.forward(x).tanh());
              return new MSELoss().forward(prediction, target);
            },
            names);
    PrintWriter out = spec.commandLine().getOut();
    out.print(graph.toText());
    write(out, svg, graph.toSvg());
    write(out, dot, graph.toDot());
    out.flush();
  }

  private static void write(PrintWriter out, @Nullable Path file, String text) {
    if (file != null) {
      AtomicFile.write(file, stream -> stream.write(text.getBytes(StandardCharsets.UTF_8)));
      out.println("wrote " + file);
    }
  }
}
