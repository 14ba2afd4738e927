package dev.ladera.nn;

import dev.ladera.Device;
import dev.ladera.Gradients;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A module's layers with their output shapes and numbers of parameters, found by running it once,
 * in evaluation mode and without recording. {@link #toString} is the table.
 *
 * @param rows one a module, the root first, in the order of registration
 * @param parameters the number of parameters, shared ones once
 * @param trainable the number of those that are learned
 * @param parameterBytes what the parameters take
 * @param bufferBytes what the buffers take
 */
public record Summary(
    List<Row> rows, long parameters, long trainable, long parameterBytes, long bufferBytes) {

  /**
   * One module.
   *
   * @param path the dotted name; empty for the root
   * @param type the name of the class
   * @param depth how many modules it lies in
   * @param output the shape of what it answered last; empty if it was not seen running (see {@link
   *     Layer})
   * @param parameters the number of its own parameters, without those of its children
   */
  public record Row(String path, String type, int depth, Optional<Shape> output, long parameters) {}

  /** Keeps a copy of the list. */
  public Summary {
    rows = List.copyOf(rows);
  }

  /**
   * Runs a module on zeros of this shape, the batch included, of the type and on the device of its
   * first parameter.
   *
   * @throws dev.ladera.LaderaException as the module's {@code forward} does
   */
  public static Summary of(Module module, Shape inputShape) {
    Device device =
        module.parameters().stream().findFirst().map(Tensor::device).orElseGet(Device::standard);
    return of(module, Tensor.zeros(inputShape, module.firstType(), device));
  }

  /**
   * Runs a module on an input, for those that take integers.
   *
   * @throws dev.ladera.LaderaException as the module's {@code forward} does
   */
  public static Summary of(Module module, Tensor input) {
    Map<Module, Shape> outputs = outputs(module, input);
    List<Row> rows = new ArrayList<>();
    module
        .namedModules()
        .forEach((path, part) -> {
          int depth = path.isEmpty() ? 0 : path.split("\\.").length;
          long own = count(part.ownParameters().values().stream().map(Slot::tensor).toList());
          rows.add(
              new Row(path, part.typeName(), depth, Optional.ofNullable(outputs.get(part)), own));
        });
    List<Tensor> parameters = module.parameters();
    return new Summary(
        rows,
        count(parameters),
        count(parameters.stream().filter(Tensor::requiresGrad).toList()),
        bytes(parameters),
        bytes(module.namedBuffers().values()));
  }

  /** Runs the module; modes, hooks and the generator are afterwards as they were. */
  private static Map<Module, Shape> outputs(Module root, Tensor input) {
    Map<Module, Shape> outputs = new IdentityHashMap<>();
    List<Runnable> hooks = new ArrayList<>();
    try (var _ = new Untouched(root)) {
      for (Module part : root.modules()) {
        hooks.add(part.registerForwardHook((seen, _, output) -> outputs.put(seen, output.shape())));
      }
      root.eval();
      Gradients.noGrad(() -> root.watched(input));
    } finally {
      hooks.forEach(Runnable::run);
    }
    return outputs;
  }

  private static long count(Collection<Tensor> tensors) {
    return tensors.stream().mapToLong(Tensor::elements).sum();
  }

  private static long bytes(Collection<Tensor> tensors) {
    return tensors.stream().mapToLong(tensor -> tensor.elements() * tensor.dtype().bytes()).sum();
  }

  /** The table, in plain text, with a line of totals at the end. */
  @Override
  public String toString() {
    TextTable table = new TextTable(true, "Layer", "Type", "Output shape", "Parameters");
    for (Row row : rows) {
      String name = row.path().substring(row.path().lastIndexOf('.') + 1);
      table.add(
          "  ".repeat(row.depth()) + (row.path().isEmpty() ? "(module)" : name),
          row.type(),
          row.output().map(Shape::toString).orElse(""),
          row.parameters() == 0 ? "" : grouped(row.parameters()));
    }
    return table
        + "Parameters: "
        + grouped(parameters)
        + " ("
        + grouped(trainable)
        + " learned), "
        + size(parameterBytes)
        + (bufferBytes == 0 ? "" : "; buffers: " + size(bufferBytes));
  }

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String size(long bytes) {
    return bytes < 1024
        ? bytes + " B"
        : bytes < 1024 * 1024
            ? String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0)
            : String.format(Locale.ROOT, "%.1f MiB", bytes / (1024.0 * 1024));
  }
}
