package dev.ladera.backend.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The text of a kernel source: definitions of types and the like, what all sources share, and a
 * file of the folder {@code kernels}.
 */
final class KernelSource {
  private final StringBuilder text = new StringBuilder();

  /** A macro for what follows. */
  KernelSource define(String name, String value) {
    text.append("#define ").append(name).append(' ').append(value).append('\n');
    return this;
  }

  /** Walks of so many operands. */
  KernelSource walking(int operands, boolean wide) {
    define("OPERANDS", Integer.toString(operands));
    if (wide) {
      define("WIDE", "");
    }
    return file("prelude").file("walk");
  }

  /** A file from the folder of kernels, without its ending. */
  KernelSource file(String name) {
    try (InputStream in = KernelSource.class.getResourceAsStream("kernels/" + name + ".cu")) {
      if (in == null) {
        throw new IllegalStateException("kernels/" + name + ".cu is not in the jar");
      }
      text.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("kernels/" + name + ".cu cannot be read", e);
    }
    return this;
  }

  KernelSource code(String code) {
    text.append(code);
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
