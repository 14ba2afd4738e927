package dev.ladera.optim;

import dev.ladera.ArgumentException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One rise of the rate and one fall far below its beginning, while momentum falls and rises (Smith
 * and Topin, "Super-convergence", 2018). Momentum is {@code momentum}, or {@code beta1} of Adam.
 */
public final class OneCycleLR extends Scheduler {
  /** How the rate goes from one corner to the next. */
  public enum Anneal {
    /** Along half a cosine. */
    COSINE,
    /** Along a line. */
    LINEAR
  }

  /**
   * The shape of the cycle.
   *
   * @param rise which part of all steps the rise takes, from 0 to 1
   * @param anneal how the rate goes from corner to corner
   * @param divisor the rate begins at the largest divided by this
   * @param finalDivisor and ends at the beginning divided by this
   * @param threePhases whether the fall first mirrors the rise, and then goes to the end
   * @param cyclesMomentum whether momentum moves against the rate
   * @param baseMomentum its least
   * @param largestMomentum its largest
   */
  public record Options(
      double rise,
      Anneal anneal,
      double divisor,
      double finalDivisor,
      boolean threePhases,
      boolean cyclesMomentum,
      double baseMomentum,
      double largestMomentum) {
    /** PyTorch's defaults. */
    public static Options standard() {
      return new Options(0.3, Anneal.COSINE, 25, 1e4, false, true, 0.85, 0.95);
    }
  }

  /** Where the rate, and against it the momentum, turns. */
  private enum Corner {
    FIRST,
    TOP,
    LAST
  }

  /** From one corner to the next, ending at a step. */
  private record Phase(double end, Corner from, Corner to) {}

  private final Options options;
  private final List<Double> largest;
  private final int total;
  private final List<Phase> phases = new ArrayList<>();

  /** One cycle of PyTorch's default shape. */
  public OneCycleLR(Optimizer optimizer, double largest, int total) {
    this(optimizer, largest, total, Options.standard());
  }

  /**
   * One cycle.
   *
   * @param largest the largest rate
   * @param total how many steps the cycle has, at least 1
   */
  public OneCycleLR(Optimizer optimizer, double largest, int total, Options options) {
    this(optimizer, Collections.nCopies(optimizer.groups().size(), largest), total, options);
  }

  /**
   * One cycle.
   *
   * @param largest the largest rate of each group
   * @param total how many steps the cycle has, at least 1
   * @throws ArgumentException if there are more or fewer rates than groups, or the momentum should
   *     move and the optimizer has none
   */
  public OneCycleLR(Optimizer optimizer, List<Double> largest, int total, Options options) {
    super(optimizer);
    this.options = options;
    this.largest = oneEach("OneCycleLR", "largest", largest, optimizer);
    this.total = atLeastOne("OneCycleLR", "total", total);
    if (!(options.rise() >= 0 && options.rise() <= 1)) {
      throw new ArgumentException(
          "OneCycleLR", "rise", "must be from 0 to 1, not " + options.rise());
    }
    if (options.cyclesMomentum() && momentum(optimizer.groups().getFirst()) == null) {
      throw new ArgumentException(
          "OneCycleLR",
          "cyclesMomentum",
          "must be false for " + optimizer.getClass().getSimpleName() + ", which has no momentum");
    }
    phases.add(new Phase(options.rise() * total - 1, Corner.FIRST, Corner.TOP));
    if (options.threePhases()) {
      phases.add(new Phase(2 * options.rise() * total - 2, Corner.TOP, Corner.FIRST));
      phases.add(new Phase(total - 1.0, Corner.FIRST, Corner.LAST));
    } else {
      phases.add(new Phase(total - 1.0, Corner.TOP, Corner.LAST));
    }
    begin();
  }

  /** The option that is the momentum. */
  private static @Nullable String momentum(ParameterGroup group) {
    return group.has("beta1") ? "beta1" : group.has("momentum") ? "momentum" : null;
  }

  private double rateAt(Corner corner, double top) {
    double first = top / options.divisor();
    return switch (corner) {
      case FIRST -> first;
      case TOP -> top;
      case LAST -> first / options.finalDivisor();
    };
  }

  private double momentumAt(Corner corner) {
    return corner == Corner.TOP ? options.baseMomentum() : options.largestMomentum();
  }

  private double between(double from, double to, double part) {
    return options.anneal() == Anneal.COSINE
        ? to + (from - to) / 2 * (1 + Math.cos(Math.PI * part))
        : from + (to - from) * part;
  }

  private int phase(int step) {
    int i = 0;
    while (i < phases.size() - 1 && step > phases.get(i).end()) {
      i++;
    }
    return i;
  }

  private double part(int step, int phase) {
    double begin = phase == 0 ? 0 : phases.get(phase - 1).end();
    return (step - begin) / (phases.get(phase).end() - begin);
  }

  @Override
  protected double rate(int group, double baseRate, double current, int step) {
    if (step > total) {
      throw new ArgumentException(
          "OneCycleLR", "step", step + " is past the end of a cycle of " + total + " steps");
    }
    int at = phase(step);
    Phase phase = phases.get(at);
    double top = largest.get(group);
    return between(rateAt(phase.from(), top), rateAt(phase.to(), top), part(step, at));
  }

  @Override
  protected void applied(int step) {
    if (!options.cyclesMomentum()) {
      return;
    }
    int at = phase(step);
    Phase phase = phases.get(at);
    double momentum = between(momentumAt(phase.from()), momentumAt(phase.to()), part(step, at));
    for (ParameterGroup group : optimizer().groups()) {
      String option = momentum(group);
      if (option != null) {
        group.set(option, momentum);
      }
    }
  }
}
