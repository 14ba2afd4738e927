package dev.ladera.optim;

import dev.ladera.ArgumentException;
import dev.ladera.StateDict;

/** Lowers the rates when a measured value stops to improve. It is told the value at each step. */
public final class ReduceLROnPlateau {
  private static final double SMALLEST_CHANGE = 1e-8;

  private final Optimizer optimizer;
  private boolean smallerIsBetter = true;
  private double factor = 0.1;
  private int patience = 10;
  private double threshold = 1e-4;
  private boolean relativeThreshold = true;
  private int cooldown;
  private double least;

  private double best = Double.POSITIVE_INFINITY;
  private int bad;
  private int cooling;

  /** PyTorch's defaults: smaller is better, factor 0.1, patience 10, relative threshold 1e-4. */
  public ReduceLROnPlateau(Optimizer optimizer) {
    this.optimizer = optimizer;
  }

  /** Takes larger values as better, for accuracies. */
  public ReduceLROnPlateau largerIsBetter() {
    smallerIsBetter = false;
    best = Double.NEGATIVE_INFINITY;
    return this;
  }

  /**
   * What rates are multiplied by, from 0 to below 1.
   *
   * @throws ArgumentException if it is not
   */
  public ReduceLROnPlateau factor(double value) {
    if (!(value >= 0 && value < 1)) {
      throw new ArgumentException(
          "ReduceLROnPlateau", "factor", "must be from 0 to below 1, not " + value);
    }
    factor = value;
    return this;
  }

  /** How many bad steps are borne before the rates fall. */
  public ReduceLROnPlateau patience(int steps) {
    patience = steps;
    return this;
  }

  /** By how much a value must be better to count, relative to the best or absolutely. */
  public ReduceLROnPlateau threshold(double value, boolean relative) {
    threshold = value;
    relativeThreshold = relative;
    return this;
  }

  /** How many steps after a fall are not counted as bad. */
  public ReduceLROnPlateau cooldown(int steps) {
    cooldown = steps;
    return this;
  }

  /** The least rate. */
  public ReduceLROnPlateau least(double rate) {
    least = rate;
    return this;
  }

  /** Takes a value, and lowers the rates if it is time. */
  public void step(double value) {
    if (isBetter(value)) {
      best = value;
      bad = 0;
    } else {
      bad++;
    }
    if (cooling > 0) {
      cooling--;
      bad = 0;
    }
    if (bad > patience) {
      for (ParameterGroup group : optimizer.groups()) {
        double lower = Math.max(group.lr() * factor, least);
        if (group.lr() - lower > SMALLEST_CHANGE) {
          group.lr(lower);
        }
      }
      cooling = cooldown;
      bad = 0;
    }
  }

  private boolean isBetter(double value) {
    if (smallerIsBetter) {
      return value < (relativeThreshold ? best * (1 - threshold) : best - threshold);
    }
    return value > (relativeThreshold ? best * (1 + threshold) : best + threshold);
  }

  /** The best value so far and the counts. */
  public StateDict stateDict() {
    StateDict state = StateDict.empty();
    state.numbers().put("best", best);
    state.numbers().put("bad", (double) bad);
    state.numbers().put("cooling", (double) cooling);
    return state;
  }

  /** Goes back to a state. */
  public void loadStateDict(StateDict state) {
    best = state.number("best");
    bad = (int) state.number("bad");
    cooling = (int) state.number("cooling");
  }
}
