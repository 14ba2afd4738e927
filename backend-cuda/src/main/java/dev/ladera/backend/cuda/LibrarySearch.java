package dev.ladera.backend.cuda;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where NVIDIA's libraries are looked for, in this order:
 *
 * <ol>
 *   <li>the file that the library's own property names, and nothing else if it is set; {@code off}
 *       for no file at all;
 *   <li>the folders of {@code -Dladera.cuda.path}, separated as in a class path;
 *   <li>a jar on the class path that holds it as {@code org/bytedeco/cuda/linux-x86_64/NAME}, as
 *       {@code org.bytedeco:cuda-redist} does;
 *   <li>Python's packages, the folders {@code lib} in {@code nvidia}, of the active virtual
 *       environment, the user and the system;
 *   <li>{@code lib64} and {@code lib} of {@code CUDA_HOME} or {@code CUDA_PATH}, and of {@code
 *       /usr/local/cuda};
 *   <li>the system's loader.
 * </ol>
 *
 * <p>The driver, which belongs to the machine, is looked for by its property, the folders and the
 * loader only.
 */
final class LibrarySearch {
  private static final String FOLDERS = "ladera.cuda.path";

  /** What a library's own property says where it is not to be used. */
  private static final String OFF = "off";

  private final UnaryOperator<@Nullable String> property;
  private final Map<String, String> environment;

  /** A search with these properties and this environment. */
  LibrarySearch(UnaryOperator<@Nullable String> property, Map<String, String> environment) {
    this.property = property;
    this.environment = environment;
  }

  /** A search with those of this process. */
  static LibrarySearch ofProcess() {
    return new LibrarySearch(
        name -> name == null ? null : System.getProperty(name), System.getenv());
  }

  /**
   * Finds a library and loads it; it stays loaded.
   *
   * @throws MissingLibraryException if there is none, with where it was looked for
   */
  NativeLibrary load(CudaLibrary library) {
    if (OFF.equals(property.apply(library.property()))) {
      throw new MissingLibraryException(
          library,
          "it is switched off by -D" + library.property() + "=" + OFF,
          "leave that property away");
    }
    List<String> candidates = candidates(library);
    String failure = "";
    for (String candidate : candidates) {
      try {
        if (library == CudaLibrary.NVRTC) {
          loadBuiltins(candidate);
        }
        return new NativeLibrary(
            library, candidate, SymbolLookup.libraryLookup(candidate, Arena.global()));
      } catch (IllegalArgumentException absent) {
        failure = String.valueOf(absent.getMessage());
      } catch (IllegalCallerException refused) {
        throw new MissingLibraryException(
            library,
            "this JVM refuses native access",
            "start it with --enable-native-access=ALL-UNNAMED");
      }
    }
    throw new MissingLibraryException(
        library,
        candidates.size() == 1
            ? "the library " + candidates.getFirst() + " cannot be loaded (" + failure + ")"
            : "none of " + candidates + " can be loaded",
        library.remedy());
  }

  /** What is tried, in order: files that exist, and bare names for the system's loader. */
  List<String> candidates(CudaLibrary library) {
    String named = property.apply(library.property());
    if (named != null) {
      return List.of(named);
    }
    List<String> found = new ArrayList<>();
    for (Path folder : folders(library)) {
      for (String name : library.names()) {
        Path file = folder.resolve(name);
        if (Files.exists(file)) {
          found.add(file.toString());
        }
      }
    }
    found.addAll(library.names());
    return found;
  }

  private List<Path> folders(CudaLibrary library) {
    List<Path> folders = new ArrayList<>();
    String own = property.apply(FOLDERS);
    if (own != null) {
      for (String folder : own.split(File.pathSeparator, -1)) {
        folders.add(Path.of(folder));
      }
    }
    if (library == CudaLibrary.DRIVER) {
      return folders;
    }
    Path extracted = JarLibraries.extract(library);
    if (extracted != null) {
      folders.add(extracted);
    }
    for (Path packages : pythonPackages()) {
      folders.addAll(matching(packages.resolve("nvidia"), "*", "lib"));
    }
    for (String variable : List.of("CUDA_HOME", "CUDA_PATH")) {
      String home = environment.get(variable);
      if (home != null) {
        folders.add(Path.of(home, "lib64"));
        folders.add(Path.of(home, "lib"));
      }
    }
    folders.add(Path.of("/usr/local/cuda/lib64"));
    return folders;
  }

  private List<Path> pythonPackages() {
    List<Path> roots = new ArrayList<>();
    for (String variable : List.of("VIRTUAL_ENV", "CONDA_PREFIX")) {
      String root = environment.get(variable);
      if (root != null) {
        roots.add(Path.of(root, "lib"));
      }
    }
    String home = environment.get("HOME");
    if (home != null) {
      roots.add(Path.of(home, ".local", "lib"));
    }
    roots.add(Path.of("/usr/local/lib"));
    roots.add(Path.of("/usr/lib"));
    List<Path> packages = new ArrayList<>();
    for (Path root : roots) {
      packages.addAll(matching(root, "python3*", "site-packages"));
      packages.addAll(matching(root, "python3*", "dist-packages"));
    }
    return packages;
  }

  /** The folders {@code root/pattern/last}, in the order of their names. */
  private static List<Path> matching(Path root, String pattern, String last) {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(root, pattern)) {
      for (Path child : children) {
        Path folder = child.resolve(last);
        if (Files.isDirectory(folder)) {
          found.add(folder);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + root, e);
    }
    found.sort(null);
    return found;
  }

  /** NVRTC asks for these by name when it compiles, and has no path of its own to find them. */
  private static void loadBuiltins(String nvrtc) {
    Path folder = Path.of(nvrtc).getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "libnvrtc-builtins.so.*")) {
      for (Path file : files) {
        SymbolLookup _ = SymbolLookup.libraryLookup(file, Arena.global());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + folder, e);
    }
  }
}
