package dev.ladera.nn;

import dev.ladera.LaderaException;
import dev.ladera.Shape;
import java.util.ArrayList;
import java.util.List;

/** A state dictionary that does not fit the module; nothing was loaded. */
public final class StateDictException extends LaderaException {
  private static final long serialVersionUID = 1L;

  private final transient LoadReport names;
  private final transient List<Mismatch> mismatched;

  /**
   * A tensor of another shape.
   *
   * @param name the dotted name
   * @param expected the module's shape
   * @param found the dictionary's shape
   */
  public record Mismatch(String name, Shape expected, Shape found) {
    /** As in {@code 0.weight: module (3, 2), dictionary (4, 2)}. */
    @Override
    public String toString() {
      return name + ": module " + expected + ", dictionary " + found;
    }
  }

  StateDictException(String module, LoadReport names, List<Mismatch> mismatched) {
    super("loadStateDict", detail(module, names, mismatched));
    this.names = names;
    this.mismatched = List.copyOf(mismatched);
  }

  private static String detail(String module, LoadReport names, List<Mismatch> mismatched) {
    List<String> lines = new ArrayList<>();
    lines.add("the dictionary does not fit " + module + "; nothing was loaded");
    if (!names.missing().isEmpty()) {
      lines.add("missing: " + String.join(", ", names.missing()));
    }
    if (!names.unexpected().isEmpty()) {
      lines.add("unexpected: " + String.join(", ", names.unexpected()));
    }
    mismatched.forEach(mismatch -> lines.add("another shape: " + mismatch));
    return String.join("\n  ", lines);
  }

  /** Names that the module has and the dictionary lacks. */
  public List<String> missing() {
    return names.missing();
  }

  /** Names that the dictionary has and the module lacks. */
  public List<String> unexpected() {
    return names.unexpected();
  }

  /** Tensors whose shapes differ. */
  public List<Mismatch> mismatched() {
    return mismatched;
  }
}
