package dev.ladera.backend.cuda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A folder of compiled kernels, each named by the hash of its source and of what else decides the
 * result. Files are written aside and moved, so that processes may share it. Where the folder
 * cannot be used, kernels are compiled each time.
 */
final class CubinCache {
  private static final System.Logger LOGGER = System.getLogger(CubinCache.class.getName());

  private final Path folder;
  private final String circumstances;

  CubinCache(Path folder, String circumstances) {
    this.folder = folder;
    this.circumstances = circumstances;
  }

  /** The machine code of a source; null if there is none. */
  byte @Nullable [] get(String source) {
    try {
      return Files.readAllBytes(file(source));
    } catch (NoSuchFileException absent) {
      return null;
    } catch (IOException e) {
      LOGGER.log(System.Logger.Level.WARNING, "a compiled kernel cannot be read", e);
      return null;
    }
  }

  void put(String source, byte[] cubin) {
    Path file = file(source);
    try {
      Files.createDirectories(folder);
      Path aside = Files.createTempFile(folder, "kernel", ".part");
      Files.write(aside, cubin);
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOGGER.log(System.Logger.Level.WARNING, "a compiled kernel cannot be kept", e);
    }
  }

  void remove(String source) {
    try {
      Files.deleteIfExists(file(source));
    } catch (IOException e) {
      LOGGER.log(System.Logger.Level.WARNING, "a damaged kernel cannot be deleted", e);
    }
  }

  private Path file(String source) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(circumstances.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      byte[] hash = digest.digest(source.getBytes(StandardCharsets.UTF_8));
      return folder.resolve(HexFormat.of().formatHex(hash) + ".cubin");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
