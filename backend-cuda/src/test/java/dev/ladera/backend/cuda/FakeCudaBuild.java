package dev.ladera.backend.cuda;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Makes libfakecuda.so of src/test/native, once for each state of its sources, in target/fakecuda.
 *
 * <p>A compiler or header that is not there is no failure: {@link #missing} says which, and tests
 * are skipped with that text.
 */
final class FakeCudaBuild {
  private static final String LIBRARY = "libfakecuda.so";

  private final Path sources;
  private final Path target;

  FakeCudaBuild() {
    Path module = moduleFolder();
    sources = module.resolve("src/test/native");
    target = module.resolve("target/fakecuda");
  }

  /** The folder that keeps compiled kernels, for all states of the sources. */
  Path cache() {
    return target.resolve("kernels");
  }

  /** What this machine lacks. */
  Optional<String> missing() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return Optional.of("the fake CUDA driver is for Linux");
    }
    if (compiler().isEmpty()) {
      return Optional.of("the fake CUDA driver needs g++, which is not on the path");
    }
    if (headers().isEmpty()) {
      return Optional.of(
          "the fake CUDA driver needs NVIDIA's cuda.h: set CUDA_HOME, or install it under"
              + " /usr/local/cuda");
    }
    return Optional.empty();
  }

  /** The compiler of the library and of kernels. */
  Optional<Path> compiler() {
    return Stream.of(environment("PATH").split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, "g++"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** The folder of cuda.h. */
  Optional<Path> headers() {
    return Stream.of(environment("CUDA_HOME"), environment("CUDA_PATH"), "/usr/local/cuda")
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, "include"))
        .filter(folder -> Files.exists(folder.resolve("cuda.h")))
        .findFirst();
  }

  /** The library, made if need be. */
  Path library() {
    try {
      Path built = target.resolve(hash()).resolve(LIBRARY);
      if (!Files.exists(built)) {
        Files.createDirectories(built.getParent());
        Path aside = Files.createTempDirectory(built.getParent(), "aside");
        Path made = link(aside, objects(aside));
        Files.move(made, built, StandardCopyOption.ATOMIC_MOVE);
        delete(aside);
      }
      return built;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** What a program of src/test/native prints; made anew for each call. */
  List<String> output(String program) {
    try {
      Path aside = Files.createTempDirectory(Files.createDirectories(target), "aside");
      Path made = aside.resolve("program");
      run(
          aside.resolve("log"),
          command("-std=c++20", sources.resolve(program).toString(), "-o", made.toString()));
      Path output = aside.resolve("output");
      run(output, List.of(made.toString()));
      List<String> lines = Files.readAllLines(output);
      delete(aside);
      return lines;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  // ---- Compilation

  /** One process for each file, as many at a time as there are processors. */
  private List<Path> objects(Path folder) throws IOException {
    List<Path> units =
        files(".cpp").filter(file -> file.startsWith(sources.resolve("driver"))).toList();
    try (ExecutorService pool =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      List<Future<Path>> made =
          units.stream().map(unit -> pool.submit(() -> compile(unit, folder))).toList();
      List<Path> objects = new ArrayList<>();
      for (Future<Path> each : made) {
        objects.add(each.get());
      }
      return objects;
    } catch (ExecutionException failure) {
      throw new IOException("the fake CUDA driver could not be built", failure.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the fake CUDA driver was built", interrupted);
    }
  }

  private Path compile(Path unit, Path folder) throws IOException {
    Path object = folder.resolve(unit.getFileName() + ".o");
    run(
        folder.resolve(unit.getFileName() + ".log"),
        command(
            "-O1",
            "-fPIC",
            "-std=c++20",
            "-Wall",
            "-Wextra",
            "-Wa,-I," + sources.resolve("device"),
            "-c",
            unit.toString(),
            "-o",
            object.toString()));
    return object;
  }

  private Path link(Path folder, List<Path> objects) throws IOException {
    Path library = folder.resolve(LIBRARY);
    List<String> command = command("-shared", "-o", library.toString());
    objects.forEach(object -> command.add(object.toString()));
    command.add("-Wl,--version-script=" + sources.resolve("exports.map"));
    command.add("-ldl");
    run(folder.resolve("link.log"), command);
    return library;
  }

  private List<String> command(String... words) {
    List<String> command = new ArrayList<>();
    command.add(compiler().orElseThrow().toString());
    command.add("-I" + headers().orElseThrow());
    command.addAll(List.of(words));
    return command;
  }

  private static void run(Path log, List<String> command) throws IOException {
    int status;
    try {
      status =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start()
              .waitFor();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
    if (status != 0) {
      throw new IOException(
          String.join(" ", command) + " answered " + status + ":\n" + Files.readString(log));
    }
  }

  // ---- Files

  private String hash() throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((compiler() + " " + headers()).getBytes(StandardCharsets.UTF_8));
      for (Path file : files("").toList()) {
        digest.update(sources.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
        digest.update(Files.readAllBytes(file));
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The files of the library whose names end so, in a fixed order. */
  private Stream<Path> files(String ending) throws IOException {
    try (Stream<Path> all = Files.walk(sources)) {
      return all
          .filter(file -> Files.isRegularFile(file) && file.toString().endsWith(ending))
          .filter(file -> !file.toString().endsWith(".md"))
          .sorted()
          .toList()
          .stream();
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  /** The module's own folder, also when another module's tests use this class. */
  private static Path moduleFolder() {
    try {
      Path classes =
          Path.of(FakeCudaBuild.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return classes.resolve("../..").normalize();
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String environment(String name) {
    String value = System.getenv(name);
    return value == null ? "" : value;
  }
}
