package dev.ladera.nn;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.DTypeException;
import dev.ladera.Device;
import dev.ladera.Gradients;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.op.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A part of a network: a tree of modules that holds parameters, which are learned, and buffers,
 * which are not.
 *
 * <pre>{@code
 * final class Net extends Module {
 *   private final Linear hidden = register("hidden", new Linear(784, 128));
 *   private final Linear out = register("out", new Linear(128, 10));
 *
 *   @Override
 *   public Tensor forward(Tensor input) {
 *     return out.forward(hidden.forward(input).relu()).logSoftmax(1);
 *   }
 * }
 * }</pre>
 *
 * <p>A module of several inputs defines methods of its own beside {@link #forward}. Names are
 * PyTorch's: {@code hidden.weight}, and {@code 0.weight} in a {@link Sequential}.
 *
 * <p>Beside {@code import dev.ladera.nn.*} this class needs an import by name, because {@code
 * java.lang.Module} is there too.
 *
 * <p>A module is not made for several threads that change it; after {@code eval()} any number may
 * run it.
 */
@SuppressWarnings("JavaLangClash") // PyTorch's name; java.lang.Module is rarely meant here.
public abstract class Module {
  private final Map<String, Slot> parameters = new LinkedHashMap<>();
  private final Map<String, Slot> buffers = new LinkedHashMap<>();
  private final Map<String, Module> children = new LinkedHashMap<>();
  private final List<ForwardHook> hooks = new ArrayList<>();
  private boolean training = true;
  private @Nullable Trail trail;

  /** Makes a module without parameters or children, in training mode. */
  protected Module() {}

  /**
   * What this module makes of its input.
   *
   * @throws dev.ladera.LaderaException if the input's shape, type or device does not fit
   */
  public abstract Tensor forward(Tensor input);

  // --- building ------------------------------------------------------------------------------

  /**
   * Takes a module as a child of this one.
   *
   * @return the child
   * @throws ArgumentException if the name is taken, empty or holds a dot, or the child holds this
   *     module
   */
  protected final <M extends Module> M register(String name, M child) {
    checkName(name);
    if (child.modules().contains(this)) {
      throw new ArgumentException("register", "child", "'" + name + "' holds its own parent");
    }
    children.put(name, child);
    return child;
  }

  /**
   * Takes a tensor as a parameter; it is made to require gradients.
   *
   * @return where it is kept: {@code slot.tensor()} is the parameter, also after {@code to}
   * @throws ArgumentException if the name is taken, empty or holds a dot
   * @throws DTypeException if the tensor is not floating
   */
  protected final Slot parameter(String name, Tensor value) {
    return parameter(name, new Slot(value.requiresGrad(true)));
  }

  /** Takes another module's parameter as one of this module too: tied weights. */
  protected final Slot parameter(String name, Slot shared) {
    checkName(name);
    parameters.put(name, shared);
    return shared;
  }

  /**
   * Takes a tensor as a buffer: it is saved and moved with the module, but not learned.
   *
   * @return where it is kept
   * @throws ArgumentException if the name is taken, empty or holds a dot
   */
  protected final Slot buffer(String name, Tensor value) {
    checkName(name);
    Slot slot = new Slot(value);
    buffers.put(name, slot);
    return slot;
  }

  private void checkName(String name) {
    String problem =
        name.isEmpty()
            ? "must not be empty"
            : name.contains(".")
                ? "'" + name + "' must not hold a dot"
                : parameters.containsKey(name)
                        || buffers.containsKey(name)
                        || children.containsKey(name)
                    ? "'" + name + "' is taken"
                    : "";
    if (!problem.isEmpty()) {
      throw new ArgumentException("register", "name", problem);
    }
  }

  /** Takes a parameter, buffer or child out; for options that do without it. */
  final void forget(String name) {
    parameters.remove(name);
    buffers.remove(name);
    children.remove(name);
  }

  // --- what it holds -------------------------------------------------------------------------

  /** The modules directly in this one, by name, in the order of registration. */
  public final Map<String, Module> children() {
    return Collections.unmodifiableMap(children);
  }

  /** This module and all within it, each once. */
  public final List<Module> modules() {
    return List.copyOf(namedModules().values());
  }

  /** This module, under the empty name, and all within it, each once, by dotted name. */
  public final Map<String, Module> namedModules() {
    Map<String, Module> found = new LinkedHashMap<>();
    Set<Module> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    walk(
        "",
        (path, module) -> {
          if (seen.add(module)) {
            found.put(path, module);
          }
        });
    return found;
  }

  /** Calls a function for each place in the tree; a shared module has several places. */
  private void walk(String path, BiConsumer<String, Module> visit) {
    visit.accept(path, this);
    children.forEach((name, child) -> child.walk(join(path, name), visit));
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /**
   * The parameters of this module and all within it, each once; what an optimizer takes. {@code to}
   * replaces them, so it comes before the optimizer is made.
   */
  public final List<Tensor> parameters() {
    return List.copyOf(namedParameters().values());
  }

  /** The parameters by dotted name, each once, under its first name. */
  public final Map<String, Tensor> namedParameters() {
    return tensors(module -> module.parameters);
  }

  /** The buffers by dotted name, each once, under its first name. */
  public final Map<String, Tensor> namedBuffers() {
    return tensors(module -> module.buffers);
  }

  private Map<String, Tensor> tensors(Function<Module, Map<String, Slot>> part) {
    Map<String, Tensor> found = new LinkedHashMap<>();
    Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    walk(
        "",
        (path, module) ->
            part.apply(module)
                .forEach((name, slot) -> {
                  if (seen.add(slot.tensor())) {
                    found.put(join(path, name), slot.tensor());
                  }
                }));
    return found;
  }

  /** The parameters of this module itself, by name. */
  final Map<String, Slot> ownParameters() {
    return parameters;
  }

  /** The places of this module's own parameters and buffers. */
  final List<Slot> slots() {
    List<Slot> slots = new ArrayList<>(parameters.values());
    slots.addAll(buffers.values());
    return slots;
  }

  /** The type of the first parameter; float32 where there is none. */
  final DType firstType() {
    return parameters().stream().findFirst().map(Tensor::dtype).orElse(DType.FLOAT32);
  }

  // --- modes ---------------------------------------------------------------------------------

  /** Whether dropout drops and batch normalisation uses the batch's statistics. */
  public final boolean isTraining() {
    return training;
  }

  /** Sets this module and all within it to training mode. */
  public Module train() {
    return setTraining(true);
  }

  /** Sets this module and all within it to evaluation mode. */
  public Module eval() {
    return setTraining(false);
  }

  private Module setTraining(boolean on) {
    return apply(module -> module.training = on);
  }

  /** Sets the mode of this module alone. */
  final void ownTraining(boolean on) {
    training = on;
  }

  /** Calls a function for this module and all within it, each once, children first. */
  public final Module apply(Consumer<? super Module> function) {
    modules().reversed().forEach(function);
    return this;
  }

  /** Forgets the gradients of all parameters. */
  public final void zeroGrad() {
    namedParameters().values().forEach(Tensor::clearGrad);
  }

  /** Sets whether the parameters are learned; {@code false} freezes them. */
  public Module requiresGrad(boolean requires) {
    namedParameters().values().forEach(parameter -> parameter.requiresGrad(requires));
    return this;
  }

  // --- moving --------------------------------------------------------------------------------

  /**
   * Moves parameters, their gradients and buffers to a device. The module stays the same object,
   * its parameters become other tensors: make optimizers afterwards.
   *
   * @return this
   */
  public Module to(Device device) {
    return move(_ -> true, slot -> slot.move(device, slot.tensor().dtype()));
  }

  /**
   * Converts floating parameters, their gradients and floating buffers to a floating type. The
   * module stays the same object, its parameters become other tensors: make optimizers afterwards.
   *
   * @return this
   * @throws DTypeException if the type is not floating
   */
  public Module to(DType dtype) {
    if (!dtype.isFloating()) {
      throw new DTypeException(
          "to", dtype + " has no gradients; a module is FLOAT32 or FLOAT64", dtype);
    }
    return move(
        tensor -> tensor.dtype().isFloating(), slot -> slot.move(slot.tensor().device(), dtype));
  }

  private Module move(Predicate<Tensor> which, Consumer<Slot> move) {
    Gradients.noGrad(() ->
        walk(
            "",
            (_, module) ->
                module.slots().stream().filter(slot -> which.test(slot.tensor())).forEach(move)));
    return this;
  }

  // --- saving --------------------------------------------------------------------------------

  /**
   * All parameters and buffers by dotted name, in PyTorch's order. They share their storage with
   * this module, so that training on changes them; {@code copy()} those that are to stay.
   */
  public final Map<String, Tensor> stateDict() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    walk(
        "",
        (path, module) -> {
          module.parameters.forEach((name, slot) -> state.put(join(path, name), slot.tensor()));
          module.buffers.forEach((name, slot) -> state.put(join(path, name), slot.tensor()));
        });
    state.replaceAll((_, tensor) -> tensor.detach());
    return state;
  }

  /**
   * Overwrites parameters and buffers by saved ones, converted to their types and devices. The
   * names must be the same on both sides.
   *
   * @throws StateDictException with all that is missing, unexpected or of another shape; then
   *     nothing was overwritten
   */
  public final void loadStateDict(Map<String, Tensor> state) {
    loadStateDict(state, true);
  }

  /**
   * Overwrites parameters and buffers by saved ones, converted to their types and devices.
   *
   * @param strict whether missing and unexpected names are an error
   * @return what was missing and what unexpected
   * @throws StateDictException if a shape differs or, when strict, a name; then nothing was
   *     overwritten
   */
  public final LoadReport loadStateDict(Map<String, Tensor> state, boolean strict) {
    return StateLoading.load(getClass().getSimpleName(), stateDict(), state, strict);
  }

  // --- seeing --------------------------------------------------------------------------------

  /**
   * Calls a function after each run that the hook can see: of a {@link Layer} every run, of another
   * module those by a {@link Sequential}.
   *
   * @return run it to take the hook off again
   */
  public final Runnable registerForwardHook(ForwardHook hook) {
    hooks.add(hook);
    return () -> hooks.remove(hook);
  }

  /** Has a trail see this module's runs instead of the hooks; null ends it. */
  final void follow(@Nullable Trail seer) {
    trail = seer;
  }

  /** {@link #forward} with hooks. */
  Tensor watched(Tensor input) {
    return watched(input, this::forward);
  }

  /** A run of this module, seen by the trail or else by the hooks. */
  final Tensor watched(Tensor input, UnaryOperator<Tensor> run) {
    if (trail != null) {
      return trail.follow(this, input, run);
    }
    Tensor output = run.apply(input);
    if (!hooks.isEmpty()) {
      List.copyOf(hooks).forEach(hook -> hook.ran(this, input, output));
    }
    return output;
  }

  /**
   * A table of layers, output shapes and counts of parameters, for inputs of this shape (the batch
   * included).
   */
  public final Summary summary(int... inputShape) {
    return Summary.of(this, Shape.of(inputShape));
  }

  /**
   * Whether this module would run on a device for inputs of this shape (the batch included), and if
   * not, why: see {@link CheckReport}. Nothing is computed and nothing changed, so that it costs
   * little, whatever the sizes. The input is of the type of the first parameter.
   */
  public final CheckReport check(Device device, int... inputShape) {
    return check(device, new TensorType(firstType(), Shape.of(inputShape)));
  }

  /** Whether this module would run on a device for inputs of this type and shape. */
  public final CheckReport check(Device device, TensorType input) {
    return CheckReport.of(this, device, List.of(input), inputs -> watched(inputs.getFirst()));
  }

  /** What {@link #toString} shows in parentheses, such as {@code p=0.5}. */
  protected String describe() {
    return "";
  }

  /** The tree, exactly as PyTorch prints it. */
  @Override
  public final String toString() {
    StringBuilder text = new StringBuilder(typeName()).append('(');
    if (children.isEmpty()) {
      return text.append(describe()).append(')').toString();
    }
    if (!describe().isEmpty()) {
      text.append("\n  ").append(describe());
    }
    children.forEach((name, child) ->
        text.append("\n  (")
            .append(name)
            .append("): ")
            .append(child.toString().replace("\n", "\n  ")));
    return text.append("\n)").toString();
  }

  /** The class's simple name; for an anonymous class that of its parent. */
  final String typeName() {
    String name = getClass().getSimpleName();
    return name.isEmpty() ? getClass().getSuperclass().getSimpleName() : name;
  }
}
