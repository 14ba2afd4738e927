package dev.ladera.optim;

import dev.ladera.ArgumentException;
import dev.ladera.StateDict;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes the learning rates of an optimizer from step to step, or from epoch to epoch: whatever
 * {@link #step} is called for. Made after the optimizer; the rates of step 0 are set at once.
 *
 * <p>Several schedules may change one optimizer, one after the other: each goes on from the rates
 * that it finds, so that their factors multiply. {@link LambdaLR} and {@link OneCycleLR} do not,
 * they set the rates. The base of all schedules is what the first of them found.
 */
public abstract class Scheduler {
  private final Optimizer optimizer;
  private final List<Double> base = new ArrayList<>();
  private int steps;

  /**
   * A schedule for all groups of an optimizer; subclasses call {@link #begin} when they are ready.
   */
  protected Scheduler(Optimizer optimizer) {
    this.optimizer = optimizer;
    optimizer.groups().forEach(group -> base.add(group.baseLr()));
  }

  /** Sets the rates of step 0. */
  protected final void begin() {
    apply();
  }

  /** The optimizer. */
  protected final Optimizer optimizer() {
    return optimizer;
  }

  /** The rates that the groups had when their first schedule was made. */
  protected final List<Double> base() {
    return base;
  }

  /** How often {@link #step} was called. */
  public final int steps() {
    return steps;
  }

  /** The rates now, one a group. */
  public final List<Double> rates() {
    return optimizer.groups().stream().map(ParameterGroup::lr).toList();
  }

  /** Goes one step on. */
  public final void step() {
    steps++;
    apply();
  }

  private void apply() {
    for (int g = 0; g < base.size(); g++) {
      ParameterGroup group = optimizer.groups().get(g);
      group.lr(rate(g, base.get(g), group.lr(), steps));
    }
    applied(steps);
  }

  /**
   * The rate of a group at a step.
   *
   * @param group which group
   * @param baseRate the rate when the first schedule of the group was made
   * @param current the rate now, of the step before, unless others changed it since
   * @param step the step, from 0
   */
  protected abstract double rate(int group, double baseRate, double current, int step);

  /** Called when the rates of a step were set; changes other options where a schedule has any. */
  protected void applied(int step) {}

  /** Where the schedule stands; the rates themselves are in the optimizer's state. */
  public StateDict stateDict() {
    StateDict state = StateDict.empty();
    state.numbers().put("steps", (double) steps);
    for (int g = 0; g < base.size(); g++) {
      state.numbers().put("base." + g, base.get(g));
    }
    return state;
  }

  /** Goes back to where a schedule stood. */
  public void loadStateDict(StateDict state) {
    steps = (int) state.number("steps");
    for (int g = 0; g < base.size(); g++) {
      base.set(g, state.number("base." + g));
    }
  }

  /** A copy of a list that must have one entry a group. */
  static <T> List<T> oneEach(
      String operation, String argument, List<T> values, Optimizer optimizer) {
    int groups = optimizer.groups().size();
    if (values.size() != groups) {
      throw new ArgumentException(
          operation,
          argument,
          "must be one for each of " + groups + " groups, not " + values.size());
    }
    return List.copyOf(values);
  }

  /** Refuses counts below 1. */
  static int atLeastOne(String operation, String argument, int value) {
    if (value < 1) {
      throw new ArgumentException(operation, argument, "must be at least 1, not " + value);
    }
    return value;
  }
}
