package dev.ladera.examples;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Generator;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.io.Chart;
import dev.ladera.optim.ExponentialLR;
import dev.ladera.optim.SGD;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Gradient descent on a hillside. */
@Command(
    name = "descend",
    description = {
      "Walks down a hillside: from a start, again and again a step against the gradient.",
      "",
      "The step is the gradient times a rate, and the rate decays a little with each step. The walk"
          + " ends where the squared norm of the gradient falls to --tolerance, or after --steps.",
      ""
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Try:",
      "  ladera descend --plot walk.svg",
      "  ladera descend --rate 0.45             a rate that overshoots",
      "  ladera descend --function rosenbrock --start=-1,1.5 --rate 0.001 --decay 1 --steps 20000",
      "  ladera descend --function 'sin(x) + 0.1*x^2 + y^2' --start 6,2"
    })
final class DescendCommand implements Runnable {
  private static final int PRINTED_EVERY = 3;
  private static final int LEVELS = 14;

  @Spec private CommandSpec spec;

  @Option(
      names = "--function",
      defaultValue = "bowl",
      paramLabel = "NAME|FORMULA",
      description =
          "bowl (x^2 + 2*y^2), rosenbrock, himmelblau, beale, rastrigin, dunes, or a formula of x"
              + " and y (${DEFAULT-VALUE}).")
  private String function = "bowl";

  @Option(
      names = "--start",
      split = ",",
      defaultValue = "300,-200",
      paramLabel = "X,Y",
      description = "Where the walk begins (${DEFAULT-VALUE}).")
  private double[] start = {};

  @Option(
      names = "--rate",
      defaultValue = "0.2",
      description = "The first rate (${DEFAULT-VALUE}).")
  private double rate;

  @Option(
      names = "--decay",
      defaultValue = "0.999",
      description = "The rate is multiplied by this after each step (${DEFAULT-VALUE}).")
  private double decay;

  @Option(
      names = "--noise",
      defaultValue = "0",
      description =
          "Standard deviation of noise added to the gradient, as a mini-batch would"
              + " (${DEFAULT-VALUE}).")
  private double noise;

  @Option(names = "--momentum", defaultValue = "0", description = "Momentum (${DEFAULT-VALUE}).")
  private double momentum;

  @Option(
      names = "--seed",
      defaultValue = "0",
      description = "Seed of the noise (${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--tolerance",
      defaultValue = "1e-20",
      description = "The squared norm of the gradient to stop at (${DEFAULT-VALUE}).")
  private double tolerance;

  @Option(
      names = "--steps",
      defaultValue = "10000",
      description = "The most steps (${DEFAULT-VALUE}).")
  private int steps;

  @Option(names = "--plot", paramLabel = "FILE", description = "Draw contours and path as SVG.")
  private @Nullable Path plot;

  @Override
  public void run() {
    if (start.length != 2) {
      throw new ArgumentException("descend", "start", "must be two numbers, such as 300,-200");
    }
    PrintWriter out = spec.commandLine().getOut();
    Surface surface = Surface.of(function);
    Generator generator = new Generator(seed);
    Tensor point = Tensor.of(start.clone(), 2).requiresGrad(true);
    SGD optimizer = new SGD(List.of(point), rate).momentum(momentum);
    ExponentialLR schedule = new ExponentialLR(optimizer, decay);
    List<double[]> walked = new ArrayList<>(List.of(start.clone()));

    int step = 0;
    while (true) {
      optimizer.zeroGrad();
      Tensor height = surface.height().apply(point.select(0, 0), point.select(0, 1));
      height.backward();
      Tensor gradient = point.grad();
      if (gradient == null) {
        throw new ArgumentException("descend", "function", "depends on neither x nor y");
      }
      double[] slope = gradient.toDoubleArray();
      double norm = slope[0] * slope[0] + slope[1] * slope[1];
      if (norm <= tolerance || step == steps || !Double.isFinite(norm)) {
        report(out, step, walked.getLast(), height.item(), norm);
        break;
      }
      if (noise > 0) {
        point.grad(
            gradient.add(
                generator.normal(Shape.of(2), DType.FLOAT64, Device.standard()).mul(noise)));
      }
      optimizer.step();
      schedule.step();
      step++;
      double[] here = point.toDoubleArray();
      walked.add(here);
      if (step % PRINTED_EVERY == 2) {
        out.printf("%5d  %s  %s%n", step, text(here[0]), text(here[1]));
      }
    }
    if (plot != null) {
      draw(surface, walked, plot);
      out.println("wrote " + plot);
    }
    out.flush();
  }

  private void report(PrintWriter out, int step, double[] here, double height, double norm) {
    String ending =
        norm <= tolerance
            ? "after %d iterations at (%s, %s), value %s%n"
            : Double.isFinite(norm)
                ? "not there after %d iterations: at (%s, %s), value %s; try more --steps%n"
                : "lost after %d iterations at (%s, %s), value %s: the rate is too high%n";
    out.printf(ending, step, text(here[0]), text(here[1]), text(height));
  }

  /** All digits of a number, with the small e of most languages. */
  private static String text(double number) {
    return Double.toString(number).replace('E', 'e');
  }

  /** The walk, over lines of equal height of all that it crossed. */
  private void draw(Surface surface, List<double[]> walked, Path file) {
    double[] xs = walked.stream().mapToDouble(p -> p[0]).toArray();
    double[] ys = walked.stream().mapToDouble(p -> p[1]).toArray();
    double[] acrossX = range(xs);
    double[] acrossY = range(ys);
    new Chart("Descent on " + function + ", rate " + rate + ", decay " + decay)
        .axes("x", "y")
        .contours(surface.plain(), acrossX[0], acrossX[1], acrossY[0], acrossY[1], LEVELS)
        .path(walked.size() - 1 + " steps", xs, ys)
        .write(file);
  }

  /** From least to most, with the same room on both sides of the end of the walk. */
  private static double[] range(double[] values) {
    double end = values[values.length - 1];
    double widest = 1e-12;
    for (double value : values) {
      if (Double.isFinite(value)) {
        widest = Math.max(widest, Math.abs(value - end));
      }
    }
    double middle = Double.isFinite(end) ? end : values[0];
    return new double[] {middle - 1.1 * widest, middle + 1.1 * widest};
  }
}
