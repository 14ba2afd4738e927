package dev.ladera.io;

import dev.ladera.ArgumentException;
import dev.ladera.Device;
import dev.ladera.Generator;
import dev.ladera.StateDict;
import dev.ladera.Tensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * All that a training run needs to go on where it stopped, in one file: the states of modules,
 * optimizers and schedules, the places of generators, and notes of one's own.
 *
 * <pre>{@code
 * new Checkpoint()
 *     .put("model", net.stateDict())
 *     .put("optimizer", optimizer.stateDict())
 *     .put("shuffle", generator)
 *     .note("epoch", "3")
 *     .write(path);
 *
 * Checkpoint saved = Checkpoint.read(path);
 * net.loadStateDict(saved.tensors("model"));
 * optimizer.loadStateDict(saved.state("optimizer"));
 * saved.restore("shuffle", generator);
 * int epoch = Integer.parseInt(saved.note("epoch"));
 * }</pre>
 *
 * <p>The file is in the {@linkplain SafeTensors safetensors} format, with tensors named {@code
 * part/name} and all else in its metadata, as text: doubles as {@link Double#toString(double)} has
 * them, which is exact, and NaN and infinities too. Tensors come back bit for bit. Parts and notes
 * keep their order; tensors come back in the order of the file.
 *
 * <p>Not for use by several threads at once.
 */
public final class Checkpoint {
  private static final String OPERATION = CheckpointFile.OPERATION;

  private final Map<String, CheckpointPart> parts;
  private final Map<String, String> notes;

  /** A checkpoint without parts. */
  public Checkpoint() {
    this(new LinkedHashMap<>(), new LinkedHashMap<>());
  }

  private Checkpoint(Map<String, CheckpointPart> parts, Map<String, String> notes) {
    this.parts = parts;
    this.notes = notes;
  }

  /**
   * Adds the state of a module, in place of a part of that name if there is one. The map is copied;
   * the tensors are written as they are when {@link #write} is called.
   *
   * @param part not empty, and without a slash
   * @return this
   * @throws ArgumentException if that is no name for a part
   */
  public Checkpoint put(String part, Map<String, Tensor> state) {
    return add(part, new CheckpointPart.Tensors(new LinkedHashMap<>(state)));
  }

  /**
   * Adds the state of an optimizer or a schedule; as for {@linkplain #put(String, Map) modules}.
   *
   * @return this
   */
  public Checkpoint put(String part, StateDict state) {
    return add(
        part,
        new CheckpointPart.State(
            new StateDict(
                new LinkedHashMap<>(state.tensors()), new LinkedHashMap<>(state.numbers()))));
  }

  /**
   * Adds the place where a generator is now; as for {@linkplain #put(String, Map) modules}.
   *
   * @return this
   */
  public Checkpoint put(String part, Generator generator) {
    return add(part, new CheckpointPart.Place(generator.seed(), generator.offset()));
  }

  private Checkpoint add(String name, CheckpointPart part) {
    if (name.isEmpty() || name.indexOf('/') >= 0) {
      throw new ArgumentException(
          OPERATION, "part", "must be a name without a slash, not '" + name + "'");
    }
    parts.put(name, part);
    return this;
  }

  /**
   * Adds a note, in place of one of that name if there is one.
   *
   * @return this
   */
  public Checkpoint note(String name, String text) {
    notes.put(name, text);
    return this;
  }

  /**
   * Writes the file, in place of one of that name if there is one, as {@link AtomicFile} does.
   *
   * @throws ArgumentException if a name is not valid Unicode, or the folder does not exist
   * @throws java.io.UncheckedIOException if writing fails; an old file stays as it was
   */
  public void write(Path path) {
    CheckpointFile.write(path, parts, notes);
  }

  /** Reads a file to the {@linkplain Device#standard() standard} device; see the other method. */
  public static Checkpoint read(Path path) {
    return read(path, Device.standard());
  }

  /**
   * Reads a file; all of its tensors go to the device.
   *
   * @throws dev.ladera.FileFormatException if it is no safetensors file, or none that {@link
   *     #write} made, or of a later version
   * @throws java.io.UncheckedIOException if it cannot be read
   */
  public static Checkpoint read(Path path, Device device) {
    CheckpointFile file = new CheckpointFile(path, SafeTensors.read(path, device));
    return new Checkpoint(file.parts(), file.notes());
  }

  /**
   * The state of a module.
   *
   * @return by name; unmodifiable
   * @throws ArgumentException if there is no such part, or it is of another kind
   */
  public Map<String, Tensor> tensors(String part) {
    return switch (part(part)) {
      case CheckpointPart.Tensors found -> Collections.unmodifiableMap(found.tensors());
      case CheckpointPart.State _ -> throw other(part, "a state with numbers; use state()");
      case CheckpointPart.Place _ -> throw other(part, "a generator; use restore()");
    };
  }

  /**
   * The state of an optimizer or a schedule.
   *
   * @throws ArgumentException if there is no such part, or it is of another kind
   */
  public StateDict state(String part) {
    return switch (part(part)) {
      case CheckpointPart.State found -> found.state();
      case CheckpointPart.Tensors _ -> throw other(part, "a map of tensors; use tensors()");
      case CheckpointPart.Place _ -> throw other(part, "a generator; use restore()");
    };
  }

  /**
   * Takes a generator to where the one that was put stood then.
   *
   * @throws ArgumentException if there is no such part, or it is of another kind
   */
  public void restore(String part, Generator generator) {
    switch (part(part)) {
      case CheckpointPart.Place found -> generator.restore(found.seed(), found.offset());
      case CheckpointPart.Tensors _ -> throw other(part, "a map of tensors; use tensors()");
      case CheckpointPart.State _ -> throw other(part, "a state with numbers; use state()");
    }
  }

  private CheckpointPart part(String name) {
    CheckpointPart part = parts.get(name);
    if (part == null) {
      throw new ArgumentException(
          OPERATION, "part", "'" + name + "' is not there; there are " + parts.keySet());
    }
    return part;
  }

  private static ArgumentException other(String name, String kind) {
    return new ArgumentException(OPERATION, "part", "'" + name + "' is " + kind);
  }

  /**
   * The text of a note.
   *
   * @throws ArgumentException if there is none of that name, with the names that there are
   */
  public String note(String name) {
    String text = notes.get(name);
    if (text == null) {
      throw new ArgumentException(
          OPERATION, "note", "'" + name + "' is not there; there are " + notes.keySet());
    }
    return text;
  }

  /** The names of the parts, in order; unmodifiable. */
  public Set<String> parts() {
    return Collections.unmodifiableSet(parts.keySet());
  }

  /** The notes by name, in order; unmodifiable. */
  public Map<String, String> notes() {
    return Collections.unmodifiableMap(notes);
  }
}
