package dev.ladera.optim;

import dev.ladera.ArgumentException;
import dev.ladera.StateDict;
import java.util.Collections;
import java.util.List;

/** Lowers the rates when a measured value stops to improve. It is told the value at each step. */
public final class ReduceLROnPlateau {
  private final Optimizer optimizer;
  private boolean smallerIsBetter = true;
  private double factor = 0.1;
  private int patience = 10;
  private double threshold = 1e-4;
  private boolean relativeThreshold = true;
  private int cooldown;
  private List<Double> least = List.of();
  private double eps = 1e-8;

  private double best = Double.POSITIVE_INFINITY;
  private int bad;
  private int cooling;

  /**
   * PyTorch's defaults: smaller is better, factor 0.1, patience 10, relative threshold 1e-4, no
   * cooldown, least rate 0, eps 1e-8.
   */
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

  /** The least rate of all groups. */
  public ReduceLROnPlateau least(double rate) {
    return least(Collections.nCopies(optimizer.groups().size(), rate));
  }

  /**
   * The least rate of each group.
   *
   * @throws ArgumentException if there are more or fewer than groups
   */
  public ReduceLROnPlateau least(List<Double> rates) {
    least = Scheduler.oneEach("ReduceLROnPlateau", "least", rates, optimizer);
    return this;
  }

  /** A fall that is not larger than this is left out. */
  public ReduceLROnPlateau eps(double change) {
    eps = change;
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
      for (int g = 0; g < optimizer.groups().size(); g++) {
        ParameterGroup group = optimizer.groups().get(g);
        double lower = Math.max(group.lr() * factor, g < least.size() ? least.get(g) : 0);
        if (group.lr() - lower > eps) {
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
