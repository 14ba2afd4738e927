package dev.ladera.io;

import dev.ladera.ArgumentException;
import dev.ladera.FileFormatException;
import dev.ladera.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the dictionary at the front of an npy file: a Python literal with exactly the keys {@code
 * descr} (a string), {@code fortran_order} (a truth value) and {@code shape} (a tuple of integers),
 * in any order, with or without a comma after the last.
 */
final class NpyHeaderParser {
  private static final int MOST_DIGITS = 10;

  private final NpySource source;
  private final long start;
  private final String text;
  private int at;
  private @Nullable String descr;
  private @Nullable Boolean fortranOrder;
  private @Nullable Shape shape;

  private NpyHeaderParser(NpySource source, long start, String text) {
    this.source = source;
    this.start = start;
    this.text = text;
  }

  /**
   * The header.
   *
   * @param source named in errors
   * @param start where the text begins in the source, in bytes
   */
  static NpyHeader parse(NpySource source, long start, String text) {
    return new NpyHeaderParser(source, start, text).header();
  }

  private NpyHeader header() {
    expect('{');
    while (!accept('}')) {
      int place = at;
      String key = string();
      expect(':');
      entry(place, key);
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skipSpaces();
    if (at < text.length()) {
      throw malformed("nothing but spaces after the closing brace");
    }
    if (descr == null || fortranOrder == null || shape == null) {
      throw malformed("the keys 'descr', 'fortran_order' and 'shape'");
    }
    return new NpyHeader(descr, fortranOrder, shape);
  }

  private void entry(int place, String key) {
    switch (key) {
      case "descr" -> {
        requireFirst(place, key, descr);
        descr = descr();
      }
      case "fortran_order" -> {
        requireFirst(place, key, fortranOrder);
        fortranOrder = truth();
      }
      case "shape" -> {
        requireFirst(place, key, shape);
        shape = shape();
      }
      default ->
          throw error(place, "expected 'descr', 'fortran_order' or 'shape', not '" + key + "'");
    }
  }

  private void requireFirst(int place, String key, @Nullable Object value) {
    if (value != null) {
      throw error(place, "expected '" + key + "' once; it stands here again");
    }
  }

  /** A string; for a structured type, which is a list, its text, which no element type equals. */
  private String descr() {
    skipSpaces();
    return at < text.length() && text.charAt(at) == '[' ? list() : string();
  }

  private String list() {
    int begin = at;
    int depth = 0;
    while (at < text.length()) {
      char c = text.charAt(at++);
      depth += c == '[' ? 1 : c == ']' ? -1 : 0;
      if (depth == 0) {
        return text.substring(begin, at);
      }
    }
    throw malformed("a closing bracket");
  }

  private boolean truth() {
    skipSpaces();
    for (boolean value : new boolean[] {false, true}) {
      String word = value ? "True" : "False";
      if (text.startsWith(word, at)) {
        at += word.length();
        return value;
      }
    }
    throw malformed("True or False");
  }

  private Shape shape() {
    expect('(');
    int place = at;
    List<Integer> sizes = new ArrayList<>();
    boolean comma = true;
    while (!accept(')')) {
      if (!comma) {
        throw malformed("a comma or a closing parenthesis");
      }
      sizes.add(size());
      comma = accept(',');
    }
    if (sizes.size() == 1 && !comma) {
      throw error(place, "expected a comma in a shape of one axis, as in (3,)");
    }
    try {
      return Shape.of(sizes);
    } catch (ArgumentException tooMany) {
      throw error(place, "expected fewer than 2^63 elements in shape " + sizes);
    }
  }

  private int size() {
    skipSpaces();
    int begin = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    boolean fits =
        at > begin
            && at - begin <= MOST_DIGITS
            && Long.parseLong(text.substring(begin, at)) <= Integer.MAX_VALUE;
    if (!fits) {
      throw error(begin, "expected a size from 0 to 2147483647 in 'shape'");
    }
    return Integer.parseInt(text.substring(begin, at));
  }

  private String string() {
    skipSpaces();
    if (at >= text.length() || (text.charAt(at) != '\'' && text.charAt(at) != '"')) {
      throw malformed("a string in quotes");
    }
    int end = text.indexOf(text.charAt(at), at + 1);
    if (end < 0) {
      throw malformed("a closing quote");
    }
    String value = text.substring(at + 1, end);
    if (value.indexOf('\\') >= 0) {
      throw malformed("a string without backslashes");
    }
    at = end + 1;
    return value;
  }

  private boolean accept(char c) {
    skipSpaces();
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char c) {
    if (!accept(c)) {
      throw malformed("'" + c + "'");
    }
  }

  private void skipSpaces() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\n')) {
      at++;
    }
  }

  private FileFormatException malformed(String expected) {
    return error(at, "expected " + expected + " in the header");
  }

  private FileFormatException error(int place, String detail) {
    return source.error(start + place, detail);
  }
}
