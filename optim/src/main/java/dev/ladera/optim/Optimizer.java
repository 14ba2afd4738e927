package dev.ladera.optim;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.Gradients;
import dev.ladera.MemoryScope;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import dev.ladera.StateDict;
import dev.ladera.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Changes parameters by their gradients. {@link #zeroGrad}, forward, loss, {@code backward}, {@link
 * #step}.
 */
public abstract class Optimizer {
  private final List<ParameterGroup> groups = new ArrayList<>();
  private final Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Map<Tensor, Map<String, Tensor>> tensors = new IdentityHashMap<>();
  private final Map<Tensor, Map<String, Double>> numbers = new IdentityHashMap<>();
  private final Map<String, Double> defaults;

  /**
   * An optimizer of one group.
   *
   * @param defaults all options with their first values; groups added later start from them
   * @throws ArgumentException if there are no parameters, one occurs twice, or one requires no
   *     gradient
   */
  protected Optimizer(List<Tensor> parameters, Map<String, Double> defaults) {
    this.defaults = new LinkedHashMap<>(defaults);
    add(parameters);
  }

  private String name() {
    return getClass().getSimpleName();
  }

  private ParameterGroup add(List<Tensor> parameters) {
    if (parameters.isEmpty()) {
      throw new ArgumentException(name(), "parameters", "must not be empty");
    }
    for (int i = 0; i < parameters.size(); i++) {
      Tensor parameter = parameters.get(i);
      if (!parameter.requiresGrad() || !parameter.isLeaf()) {
        throw new ArgumentException(
            name(),
            "parameters",
            "must be leaves that require a gradient; number "
                + i
                + " of shape "
                + parameter.shape()
                + (parameter.isLeaf() ? " requires none" : " was computed from others"));
      }
      if (!seen.add(parameter)) {
        throw new ArgumentException(
            name(), "parameters", "must be different; number " + i + " occurs twice");
      }
    }
    ParameterGroup group = new ParameterGroup(parameters, defaults);
    groups.add(group);
    return group;
  }

  /** Adds parameters with options of their own: {@code addGroup(list).set("lr", 0.1)}. */
  public ParameterGroup addGroup(List<Tensor> parameters) {
    return add(parameters);
  }

  /** Sets an option for all groups there are, and for those to come. */
  protected final void option(String option, double value) {
    defaults.put(option, value);
    groups.forEach(group -> group.set(option, value));
  }

  /** An option that must not be negative. */
  protected final void nonNegative(String option, double value) {
    option(option, atLeastZero(name(), option, value));
  }

  /** Refuses negative values and NaN. */
  static double atLeastZero(String operation, String option, double value) {
    if (!(value >= 0)) {
      throw new ArgumentException(operation, option, "must not be negative, not " + value);
    }
    return value;
  }

  /** An option that must lie from 0 to below 1. */
  protected final void fraction(String option, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new ArgumentException(name(), option, "must be from 0 to below 1, not " + value);
    }
    option(option, value);
  }

  /** The groups, in the order in which they were added. */
  public List<ParameterGroup> groups() {
    return Collections.unmodifiableList(groups);
  }

  /** The learning rate of the first group. */
  public double lr() {
    return groups.getFirst().lr();
  }

  /** Forgets the gradients of all parameters. */
  public void zeroGrad() {
    for (ParameterGroup group : groups) {
      group.parameters().forEach(Tensor::clearGrad);
    }
  }

  /** Changes every parameter that has a gradient. */
  public void step() {
    Gradients.noGrad(() -> {
      for (ParameterGroup group : groups) {
        for (Tensor parameter : group.parameters()) {
          Tensor gradient = parameter.grad();
          if (gradient != null) {
            update(group, parameter, gradient);
          }
        }
      }
    });
  }

  /**
   * Changes one parameter in place; gradients are not recorded.
   *
   * @param gradient of the parameter's shape and type; not to be overwritten
   */
  protected abstract void update(ParameterGroup group, Tensor parameter, Tensor gradient);

  /** Whether a parameter has a tensor of that name. */
  protected final boolean hasState(Tensor parameter, String name) {
    Map<String, Tensor> own = tensors.get(parameter);
    return own != null && own.containsKey(name);
  }

  /** A tensor kept for a parameter; full of a value when first asked for. */
  protected final Tensor state(Tensor parameter, String name, double initial) {
    return tensors
        .computeIfAbsent(parameter, _ -> new LinkedHashMap<>())
        .computeIfAbsent(
            name,
            _ ->
                MemoryScope.outside(() ->
                    Tensor.full(
                        parameter.shape(), initial, parameter.dtype(), parameter.device())));
  }

  /** Counts the steps of a parameter: 1 at the first call. */
  protected final int countStep(Tensor parameter) {
    Map<String, Double> own = numbers.computeIfAbsent(parameter, _ -> new LinkedHashMap<>());
    return (int) own.merge("step", 1.0, Double::sum).doubleValue();
  }

  /**
   * All that the optimizer keeps: tensors and numbers by {@code state.PARAMETER.NAME}, options by
   * {@code group.GROUP.OPTION}; parameters and groups are counted from 0 in order.
   */
  public StateDict stateDict() {
    StateDict state = StateDict.empty();
    int place = 0;
    for (int g = 0; g < groups.size(); g++) {
      ParameterGroup group = groups.get(g);
      for (Map.Entry<String, Double> option : group.options().entrySet()) {
        state.numbers().put("group." + g + "." + option.getKey(), option.getValue());
      }
      for (Tensor parameter : group.parameters()) {
        String prefix = "state." + place++ + ".";
        tensors
            .getOrDefault(parameter, Map.of())
            .forEach((name, tensor) -> state.tensors().put(prefix + name, tensor));
        numbers
            .getOrDefault(parameter, Map.of())
            .forEach((name, number) -> state.numbers().put(prefix + name, number));
      }
    }
    return state;
  }

  /**
   * Goes back to a state.
   *
   * @throws ArgumentException if it is of an optimizer with other groups or options
   * @throws ShapeException if a tensor does not have its parameter's shape
   */
  public void loadStateDict(StateDict state) {
    List<Tensor> all = new ArrayList<>();
    for (int g = 0; g < groups.size(); g++) {
      ParameterGroup group = groups.get(g);
      for (String option : group.options().keySet()) {
        group.set(option, state.number("group." + g + "." + option));
      }
      all.addAll(group.parameters());
    }
    if (state.numbers().containsKey("group." + groups.size() + ".lr")) {
      throw new ArgumentException(
          name(), "state", "is of an optimizer with more than " + groups.size() + " groups");
    }
    Map<Tensor, Map<String, Tensor>> loadedTensors = new IdentityHashMap<>();
    Map<Tensor, Map<String, Double>> loadedNumbers = new IdentityHashMap<>();
    state
        .tensors()
        .forEach((key, tensor) -> {
          Tensor parameter = parameter(all, key);
          Shape shape = parameter.shape();
          if (!tensor.shape().equals(shape)) {
            throw new ShapeException(
                name(),
                "state '"
                    + key
                    + "' "
                    + tensor.shape()
                    + " must have its parameter's shape "
                    + shape,
                tensor.shape(),
                shape);
          }
          DType dtype = parameter.dtype();
          loadedTensors
              .computeIfAbsent(parameter, _ -> new LinkedHashMap<>())
              .put(
                  nameOf(key),
                  MemoryScope.outside(
                      () -> tensor.detach().to(parameter.device()).to(dtype).copy()));
        });
    state
        .numbers()
        .forEach((key, number) -> {
          if (key.startsWith("state.")) {
            loadedNumbers
                .computeIfAbsent(parameter(all, key), _ -> new LinkedHashMap<>())
                .put(nameOf(key), number);
          }
        });
    tensors.clear();
    tensors.putAll(loadedTensors);
    numbers.clear();
    numbers.putAll(loadedNumbers);
  }

  private Tensor parameter(List<Tensor> all, String key) {
    String[] parts = key.split("\\.", 3);
    if (parts.length == 3 && parts[0].equals("state") && parts[1].matches("\\d{1,9}")) {
      int place = Integer.parseInt(parts[1]);
      if (place < all.size()) {
        return all.get(place);
      }
    }
    throw new ArgumentException(
        name(), "state", "'" + key + "' is none of this optimizer's " + all.size() + " parameters");
  }

  private static String nameOf(String key) {
    return key.split("\\.", 3)[2];
  }
}
