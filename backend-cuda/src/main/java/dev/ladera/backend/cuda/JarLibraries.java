package dev.ladera.backend.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;

/**
 * Libraries that a jar on the class path brings, laid out as {@code org.bytedeco:cuda-redist} is.
 * They are copied out once, to a folder of the cache that is named by the library's file and size.
 */
final class JarLibraries {
  private static final String FOLDER = "org/bytedeco/cuda/linux-x86_64/";
  private static final String BUILTINS = "libnvrtc-builtins.so.13.";
  private static final int MINOR_VERSIONS = 10;

  private JarLibraries() {}

  /** The folder with a library from a jar; null where no jar has it. */
  static @Nullable Path extract(CudaLibrary library) {
    for (String name : library.names()) {
      URL url = JarLibraries.class.getClassLoader().getResource(FOLDER + name);
      if (url != null) {
        try {
          Path folder = CacheFolder.ofProcess().resolve("libraries");
          copy(url, folder.resolve(name));
          if (library == CudaLibrary.NVRTC) {
            copyBuiltins(folder);
          }
          return folder;
        } catch (IOException e) {
          throw new UncheckedIOException("cannot copy " + url, e);
        }
      }
    }
    return null;
  }

  private static void copyBuiltins(Path folder) throws IOException {
    for (int minor = 0; minor < MINOR_VERSIONS; minor++) {
      String name = BUILTINS + minor;
      Enumeration<URL> found = JarLibraries.class.getClassLoader().getResources(FOLDER + name);
      if (found.hasMoreElements()) {
        copy(found.nextElement(), folder.resolve(name));
      }
    }
  }

  private static void copy(URL url, Path file) throws IOException {
    long size = url.openConnection().getContentLengthLong();
    if (Files.exists(file) && Files.size(file) == size) {
      return;
    }
    Files.createDirectories(file.getParent());
    Path aside = Files.createTempFile(file.getParent(), "library", ".part");
    try (InputStream in = url.openStream()) {
      Files.copy(in, aside, StandardCopyOption.REPLACE_EXISTING);
    }
    Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
