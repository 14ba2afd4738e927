package dev.ladera.io;

import dev.ladera.FileFormatException;
import dev.ladera.StateDict;
import dev.ladera.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How parts and notes lie in a safetensors file. Tensors are named {@code part/name}. The metadata
 * has {@code ladera.checkpoint} with the version of this scheme; for each part {@code part/NAME}
 * with its kind (of a generator, its seed and offset too), and {@code number/PART/NAME} for each
 * number of a state; and {@code note/NAME} for each note.
 */
final class CheckpointFile {
  static final String OPERATION = "checkpoint";

  private static final String VERSION_KEY = "ladera.checkpoint";
  private static final String VERSION = "1";
  private static final String PART = "part/";
  private static final String NUMBER = "number/";
  private static final String NOTE = "note/";
  private static final String TENSORS = "tensors";
  private static final String STATE = "state";
  private static final String GENERATOR = "generator";

  private final Path path;
  private final Map<String, CheckpointPart> parts = new LinkedHashMap<>();
  private final Map<String, String> notes = new LinkedHashMap<>();

  /** Takes a file apart. */
  CheckpointFile(Path path, SafeTensors file) {
    this.path = path;
    String version = file.metadata().get(VERSION_KEY);
    if (!VERSION.equals(version)) {
      throw error(
          "expected a checkpoint of version "
              + VERSION
              + (version == null
                  ? "; the metadata has no " + VERSION_KEY + ", so this is none"
                  : ", not " + version + "; read it with the release of Ladera that wrote it"));
    }
    // Others who save the file again may shuffle its metadata: so parts first, whatever the order.
    file.metadata().forEach(this::part);
    file.metadata().forEach(this::content);
    file.tensors().forEach(this::tensor);
  }

  Map<String, CheckpointPart> parts() {
    return parts;
  }

  Map<String, String> notes() {
    return notes;
  }

  private void part(String key, String value) {
    if (key.startsWith(PART)) {
      parts.put(key.substring(PART.length()), kind(key, value));
    }
  }

  private void content(String key, String value) {
    if (key.startsWith(NUMBER)) {
      number(key, value);
    } else if (key.startsWith(NOTE)) {
      notes.put(key.substring(NOTE.length()), value);
    }
  }

  private CheckpointPart kind(String key, String value) {
    String[] words = value.split(" ", -1);
    if (value.equals(TENSORS)) {
      return new CheckpointPart.Tensors(new LinkedHashMap<>());
    }
    if (value.equals(STATE)) {
      return new CheckpointPart.State(StateDict.empty());
    }
    if (words.length == 3 && words[0].equals(GENERATOR)) {
      try {
        return new CheckpointPart.Place(Long.parseLong(words[1]), Long.parseLong(words[2]));
      } catch (NumberFormatException _) {
        throw error("expected two integers for the generator '" + key + "', not " + value);
      }
    }
    throw error("expected tensors, state or generator for '" + key + "', not '" + value + "'");
  }

  private void number(String key, String value) {
    int slash = key.indexOf('/', NUMBER.length());
    String name = slash < 0 ? "" : key.substring(NUMBER.length(), slash);
    if (!(parts.get(name) instanceof CheckpointPart.State part)) {
      throw error("expected '" + key + "' to belong to a state; there are " + parts.keySet());
    }
    try {
      part.state().numbers().put(key.substring(slash + 1), Double.parseDouble(value));
    } catch (NumberFormatException _) {
      throw error("expected a number for '" + key + "', not '" + value + "'");
    }
  }

  private void tensor(String key, Tensor tensor) {
    int slash = key.indexOf('/');
    String name = key.substring(slash + 1);
    switch (parts.get(slash < 0 ? "" : key.substring(0, slash))) {
      case CheckpointPart.Tensors part -> part.tensors().put(name, tensor);
      case CheckpointPart.State part -> part.state().tensors().put(name, tensor);
      case null, default ->
          throw error("expected tensor '" + key + "' to belong to one of " + parts.keySet());
    }
  }

  private FileFormatException error(String detail) {
    return new FileFormatException(OPERATION, path, SafeTensorsHeader.PREFIX, detail);
  }

  /** Puts a file together and writes it. */
  static void write(Path path, Map<String, CheckpointPart> parts, Map<String, String> notes) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(VERSION_KEY, VERSION);
    parts.forEach((name, part) -> {
      switch (part) {
        case CheckpointPart.Tensors(Map<String, Tensor> state) -> {
          metadata.put(PART + name, TENSORS);
          state.forEach((key, tensor) -> tensors.put(name + "/" + key, tensor));
        }
        case CheckpointPart.State(StateDict state) -> {
          metadata.put(PART + name, STATE);
          state
              .numbers()
              .forEach((key, number) ->
                  metadata.put(NUMBER + name + "/" + key, Double.toString(number)));
          state.tensors().forEach((key, tensor) -> tensors.put(name + "/" + key, tensor));
        }
        case CheckpointPart.Place(long seed, long offset) ->
            metadata.put(PART + name, GENERATOR + " " + seed + " " + offset);
      }
    });
    notes.forEach((name, text) -> metadata.put(NOTE + name, text));
    SafeTensors.write(path, tensors, metadata);
  }
}
