package dev.ladera.optim;

import dev.ladera.ArgumentException;
import dev.ladera.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Parameters that share their options, which are numbers by name: {@code lr}, {@code momentum}. */
public final class ParameterGroup {
  private final List<Tensor> parameters;
  private final Map<String, Double> options;
  private @Nullable Double baseLr;

  ParameterGroup(List<Tensor> parameters, Map<String, Double> options) {
    this.parameters = List.copyOf(parameters);
    this.options = new LinkedHashMap<>(options);
  }

  /** The parameters. */
  public List<Tensor> parameters() {
    return parameters;
  }

  /** The learning rate. */
  public double lr() {
    return get("lr");
  }

  /** The learning rate that was set when this was first asked for: the base of all schedules. */
  double baseLr() {
    Double base = baseLr;
    if (base == null) {
      base = lr();
      baseLr = base;
    }
    return base;
  }

  /**
   * Sets the learning rate.
   *
   * @throws ArgumentException if it is negative
   */
  public void lr(double rate) {
    set("lr", rate);
  }

  /**
   * An option.
   *
   * @throws ArgumentException if the optimizer has no such option
   */
  public double get(String option) {
    Double value = options.get(option);
    if (value == null) {
      throw unknown(option);
    }
    return value;
  }

  /** Whether an option is on, that is not 0. */
  boolean is(String option) {
    return get(option) != 0;
  }

  /** Whether the optimizer has an option. */
  public boolean has(String option) {
    return options.containsKey(option);
  }

  /**
   * Sets an option of this group.
   *
   * @return this
   * @throws ArgumentException if the optimizer has no such option, or the learning rate is negative
   */
  public ParameterGroup set(String option, double value) {
    if (!options.containsKey(option)) {
      throw unknown(option);
    }
    if (option.equals("lr")) {
      Optimizer.atLeastZero("optimizer", option, value);
    }
    options.put(option, value);
    return this;
  }

  /** The options by name, a copy. */
  public Map<String, Double> options() {
    return new LinkedHashMap<>(options);
  }

  private ArgumentException unknown(String option) {
    return new ArgumentException(
        "optimizer", "option '" + option + "'", "is none of " + options.keySet());
  }
}
