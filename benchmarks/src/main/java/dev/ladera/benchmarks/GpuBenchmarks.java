package dev.ladera.benchmarks;

import dev.ladera.Tensor;
import dev.ladera.backend.cuda.CudaBackend;
import dev.ladera.backend.cuda.CudaGraph;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Operations at sizes that keep a GPU busy, the copy that memory bandwidth is told by among them;
 * and a step that the host starts by one call.
 */
final class GpuBenchmarks {
  /** 256 MiB of float32. */
  private static final int QUARTER_GIBIBYTE = 1 << 26;

  private static final Operation COPY =
      new Operation(
          "pointwise",
          "copy",
          List.of(9),
          s -> Work.floats(2.0 * s[0]),
          (in, s) -> {
            Tensor x = in.values(1, s);
            return Prepared.forward(x::copy);
          });

  /** The step of {@code mlpSgd} as a CUDA graph; beside PyTorch's eager one. */
  private static final Operation MLP_GRAPH =
      new Operation(
          "steps",
          "mlpGraph",
          List.of(3),
          operation("mlpSgd").work(),
          (in, s) -> recorded(in, operation("mlpSgd").maker().make(in, s)));

  private GpuBenchmarks() {}

  private static Prepared recorded(Inputs inputs, Prepared step) {
    AtomicReference<Tensor> loss = new AtomicReference<>();
    CudaGraph graph =
        ((CudaBackend) inputs.device().backend()).capture(() -> loss.set(step.body().get()));
    return new Prepared(
        true,
        () -> {
          graph.launch();
          return loss.get();
        },
        step.leaves());
  }

  static List<Benchmark> all() {
    List<Benchmark> all = new ArrayList<>();
    all.addAll(operation("matmul").square(3, 8192));
    all.addAll(COPY.at(List.of(QUARTER_GIBIBYTE)));
    for (String name : List.of("add", "relu", "gelu", "tanhChain")) {
      all.addAll(operation(name).at(List.of(QUARTER_GIBIBYTE)));
    }
    for (String name : List.of("sumRows", "sumColumns", "softmax", "layerNorm")) {
      all.add(operation(name).at("16384x4096", 16384, 4096));
    }
    all.addAll(MLP_GRAPH.at(List.of(64)));
    return all;
  }

  private static Operation operation(String name) {
    return Benchmarks.operation(name)
        .orElseThrow(() -> new IllegalStateException("no operation is named " + name));
  }
}
