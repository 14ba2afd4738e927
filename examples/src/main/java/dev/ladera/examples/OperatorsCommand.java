package dev.ladera.examples;

import dev.ladera.Device;
import dev.ladera.Gradients;
import dev.ladera.Tensor;
import dev.ladera.autograd.GradCheck;
import dev.ladera.examples.operators.Functions;
import dev.ladera.examples.operators.Lambdas;
import dev.ladera.examples.operators.RmsNorm;
import java.io.PrintWriter;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Operators of one's own, in three depths, run and checked. */
@Command(
    name = "operators",
    description = {
      "Runs operators of one's own on a device, and checks their gradients.",
      "",
      "A lambda (mish), a function over tensors (a square root by Newton's method), and a class with"
          + " a kernel of its own for the cpu (RMS normalisation). Their sources stand in"
          + " examples/src/main/java/dev/ladera/examples/operators."
    },
    mixinStandardHelpOptions = true)
final class OperatorsCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Option(names = "--device", paramLabel = "NAME", description = "Where to run (${DEFAULT-VALUE}).")
  private String device = "cpu";

  @Override
  public void run() {
    Device on = Device.of(device);
    Tensor x = Tensor.of(new double[] {0.25, 1, 2.25, 4, 6.25, 9}, 2, 3).to(on);
    RmsNorm norm = new RmsNorm(1e-6);
    PrintWriter out = spec.commandLine().getOut();
    out.println("x on " + on);
    out.println(x);
    show(out, "mish, a lambda", "one fused kernel", x, v -> Lambdas.MISH.call(v));
    show(
        out,
        "squareRoot, a function with a gradient of its own",
        "its body",
        x,
        v -> Functions.SQUARE_ROOT.call(v));
    show(
        out,
        "rmsNorm, a class",
        on.hasKernel(norm, x.type()) ? "its kernel" : "its decomposition",
        x,
        v -> norm.call(v));
    out.flush();
  }

  private static void show(
      PrintWriter out, String what, String how, Tensor x, UnaryOperator<Tensor> operator) {
    Tensor leaf = x.detach().requiresGrad(true);
    Tensor y = operator.apply(leaf);
    GradCheck.Report report = GradCheck.of(in -> operator.apply(in.get(0))).secondOrder().report(x);
    out.println();
    out.println(what + ", by " + how);
    out.println(y.detach());
    out.println("gradient of its sum");
    out.println(Gradients.grad(y.sum(), leaf).getFirst());
    out.print("GradCheck, first and second order: " + report);
  }
}
