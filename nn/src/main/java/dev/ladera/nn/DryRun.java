package dev.ladera.nn;

import dev.ladera.BackendException;
import dev.ladera.DType;
import dev.ladera.DTypeException;
import dev.ladera.Device;
import dev.ladera.DeviceException;
import dev.ladera.GradientException;
import dev.ladera.Gradients;
import dev.ladera.LaderaException;
import dev.ladera.Layout;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import dev.ladera.nn.CheckReport.Finding;
import dev.ladera.nn.CheckReport.Severity;
import dev.ladera.op.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The look at a module that a {@link CheckReport} tells of: its tensors, then a computation. */
final class DryRun {
  private static final int NAMES_SHOWN = 3;

  private final Module root;
  private final List<TensorType> inputs;
  private final Trail trail;
  private final DryBackend backend;
  private final Device device;
  private final Device target;
  private final List<Finding> findings = new ArrayList<>();
  private boolean backward;

  DryRun(Module root, Device target, List<TensorType> inputs) {
    this.root = root;
    this.target = target;
    this.inputs = inputs;
    this.trail =
        new Trail(
            root, inputs.stream().map(TensorType::toString).collect(Collectors.joining(", ")));
    this.backend = new DryBackend(target, trail, findings);
    this.device = target.standIn(backend);
  }

  CheckReport report(Function<List<Tensor>, Tensor> step) {
    lookAtState();
    Map<Slot, Tensor> kept = new IdentityHashMap<>();
    try (var _ = new Untouched(root)) {
      putDryTensors(kept);
      root.modules().forEach(module -> module.follow(trail));
      compute(step);
    } finally {
      root.modules().forEach(module -> module.follow(null));
      kept.forEach(Slot::put);
    }
    return new CheckReport(target.toString(), findings, backend.met(), backward);
  }

  // --- what can be seen without running --------------------------------------------------------

  private void lookAtState() {
    Map<String, Tensor> state = new LinkedHashMap<>(root.namedParameters());
    state.putAll(root.namedBuffers());
    Map<Device, List<String>> devices = new LinkedHashMap<>();
    state.forEach((name, tensor) ->
        devices.computeIfAbsent(tensor.device(), _ -> new ArrayList<>()).add(name));
    if (devices.size() > 1) {
      String odd = devices.values().stream().skip(1).findFirst().orElseThrow().getFirst();
      findings.add(
          new Finding(
              Severity.ERROR,
              moduleOf(odd),
              "parameters",
              "",
              "parameters and buffers are on several devices: " + listed(devices),
              "call to(Device) on the whole module"));
    }
    Optional<DType> ofInput = floating(inputs.stream().map(TensorType::dtype));
    Optional<DType> expected =
        ofInput.or(() -> floating(state.values().stream().map(Tensor::dtype)));
    Map<DType, List<String>> others = new LinkedHashMap<>();
    state.forEach((name, tensor) -> {
      if (tensor.dtype().isFloating() && tensor.dtype() != expected.orElseThrow()) {
        others.computeIfAbsent(tensor.dtype(), _ -> new ArrayList<>()).add(name);
      }
    });
    if (!others.isEmpty()) {
      findings.add(
          new Finding(
              Severity.WARNING,
              moduleOf(others.values().iterator().next().getFirst()),
              "parameters",
              "",
              "of another type than the "
                  + (ofInput.isPresent() ? "input, " : "first, ")
                  + expected.orElseThrow()
                  + ": "
                  + listed(others),
              "convert the module or its input with to(DType)"));
    }
  }

  private static Optional<DType> floating(Stream<DType> types) {
    return types.filter(DType::isFloating).findFirst();
  }

  private static String listed(Map<?, List<String>> groups) {
    return groups.entrySet().stream()
        .map(group -> group.getKey() + " (" + shortened(group.getValue()) + ")")
        .collect(Collectors.joining(", "));
  }

  private static String shortened(List<String> names) {
    int more = names.size() - NAMES_SHOWN;
    return names.stream().limit(NAMES_SHOWN).collect(Collectors.joining(", "))
        + (more > 0 ? " and " + more + " more" : "");
  }

  private static String moduleOf(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('.')));
  }

  // --- the computation -------------------------------------------------------------------------

  private Tensor dry(TensorType type) {
    return new Tensor(
        backend.allocate(type.dtype(), type.shape().elements()),
        Layout.contiguous(type.shape()),
        device);
  }

  /** Tied weights are one tensor, and stay so. */
  private void putDryTensors(Map<Slot, Tensor> kept) {
    Map<Tensor, Tensor> dry = new IdentityHashMap<>();
    for (Module module : root.modules()) {
      for (Slot slot : module.slots()) {
        Tensor old = slot.tensor();
        if (kept.putIfAbsent(slot, old) == null) {
          slot.put(dry.computeIfAbsent(old, _ -> dry(old.type()).requiresGrad(old.requiresGrad())));
        }
      }
    }
  }

  private void compute(Function<List<Tensor>, Tensor> step) {
    boolean recorded = Gradients.areRecorded() && Gradients.areAvailable();
    try {
      List<Tensor> given = inputs.stream().map(this::dry).toList();
      Tensor output = recorded ? step.apply(given) : Gradients.noGrad(() -> step.apply(given));
      if (recorded) {
        goBack(output);
      }
    } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
      Trail.Place place = trail.of(e);
      findings.add(
          new Finding(
              Severity.ERROR,
              place.path(),
              e instanceof LaderaException named ? named.operation() : "forward",
              place.input(),
              DryBackend.text(e),
              remedy(e)));
    }
  }

  private void goBack(Tensor output) {
    Map<String, Tensor> learned = new LinkedHashMap<>(root.namedParameters());
    learned.values().removeIf(parameter -> !parameter.requiresGrad());
    if (learned.isEmpty()) {
      return;
    }
    backward = true;
    if (!output.requiresGrad()) {
      withoutGradient(
          "",
          output.type(),
          "no parameter gets a gradient: the output was not computed from one by operators that"
              + " have gradients");
      return;
    }
    List<Tensor> parameters = List.copyOf(learned.values());
    // Not backward(), which would leave gradients on tensors that are no parameters.
    List<@Nullable Tensor> gradients =
        Gradients.grad(
            List.of(output), parameters, Arrays.asList(dry(output.type())), false, false);
    List<String> names = List.copyOf(learned.keySet());
    for (int i = 0; i < names.size(); i++) {
      if (gradients.get(i) == null) {
        withoutGradient(
            moduleOf(names.get(i)),
            parameters.get(i).type(),
            "parameter " + names.get(i) + " gets no gradient: the output does not depend on it");
      }
    }
  }

  private void withoutGradient(String path, TensorType type, String reason) {
    findings.add(
        new Finding(
            Severity.WARNING,
            path,
            "backward",
            type.toString(),
            reason,
            "use it on the way to the output, without detach(), noGrad or integers between, or"
                + " freeze it with requiresGrad(false)"));
  }

  private static String remedy(Throwable e) {
    return switch (e) {
      case ShapeException _ -> "make the sizes of this module, or of what comes before it, fit";
      case DTypeException _ -> "convert the input or the module with to(DType)";
      case DeviceException _ ->
          "keep the module's tensors by parameter(...) or buffer(...), so that to(Device) moves"
              + " them";
      case GradientException _ ->
          "give the operator a gradient, or take it off the gradient's way: detach() or noGrad";
      case BackendException _ -> "make infer and decompose of the operator agree";
      case LaderaException _ -> "change the argument that is named";
      default -> "correct the module's forward; run it on a small input for the stack trace";
    };
  }
}
