package dev.ladera.examples.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ladera.ArgumentException;
import dev.ladera.Device;
import dev.ladera.DeviceException;
import dev.ladera.Tensor;
import dev.ladera.backend.cpu.CpuBackend;
import dev.ladera.op.Composite;
import dev.ladera.spi.KernelProvider;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kernels that come in a jar of their own, compiled here, and are found by the service loader. */
class ProviderJarTest {
  private static final String OPERATOR =
      """
      package com.example.thrice;

      import dev.ladera.Tensor;
      import dev.ladera.op.Composite;
      import dev.ladera.op.TensorType;

      public record Thrice() implements Composite {
        @Override
        public String name() {
          return "thrice";
        }

        @Override
        public TensorType[] infer(TensorType... inputs) {
          return new TensorType[] {inputs[0]};
        }

        @Override
        public Tensor[] decompose(Tensor... inputs) {
          return new Tensor[] {inputs[0].mul(3)};
        }
      }
      """;

  /** Adds 1000, by which it is told from the decomposition. */
  private static final String PROVIDER =
      """
      package com.example.PACKAGE;

      import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

      import dev.ladera.backend.cpu.CpuMemory;
      import dev.ladera.op.Composite;
      import dev.ladera.op.Signature;
      import dev.ladera.spi.Kernel;
      import dev.ladera.spi.KernelProvider;

      public final class Provider implements KernelProvider {
        @Override
        public Class<? extends Composite> operator() {
          return com.example.thrice.Thrice.class;
        }

        @Override
        public String backend() {
          return "cpu";
        }

        @Override
        public Kernel prepare(Composite operator, Signature signature) {
          return (op, in, out) -> {
            var x = CpuMemory.read(in[0]);
            var y = CpuMemory.write(out[0]);
            for (long i = 0; i < out[0].elements(); i++) {
              y.setAtIndex(JAVA_FLOAT, i, 3 * x.getAtIndex(JAVA_FLOAT, i) + 1000);
            }
          };
        }
      }
      """;

  @TempDir private Path folder;

  private static String provider(String name) {
    return PROVIDER.replace("PACKAGE", name);
  }

  /** Compiles sources into a jar that provides kernels; answers the jar. */
  private URL jar(String name, String provider, String... sources) throws IOException {
    Path classes = Files.createDirectories(folder.resolve(name));
    JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
    for (int i = 0; i < sources.length; i++) {
      Path source =
          Files.createDirectories(folder.resolve(name + "-source" + i))
              .resolve(sources[i].contains("record Thrice") ? "Thrice.java" : "Provider.java");
      Files.writeString(source, sources[i]);
      String path =
          System.getProperty("java.class.path")
              + System.getProperty("path.separator")
              + folder.resolve("first");
      int result =
          compiler.run(null, null, null, "-cp", path, "-d", classes.toString(), source.toString());
      assertThat(result).as("compiled").isZero();
    }
    Path services = classes.resolve("META-INF/services/" + KernelProvider.class.getName());
    Files.createDirectories(services.getParent());
    Files.writeString(services, provider);
    Path jar = folder.resolve(name + ".jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file);
        Stream<Path> paths = Files.walk(classes)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(path).toString().replace('\\', '/')));
        Files.copy(path, out);
      }
    }
    return jar.toUri().toURL();
  }

  /** Runs something on a thread that sees the jars. */
  private static <T> T seeing(Callable<T> body, URL... jars) throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(jars, ProviderJarTest.class.getClassLoader())) {
      thread.setContextClassLoader(loader);
      return body.call();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static Device open() {
    return Device.of("cpu", new CpuBackend(1));
  }

  private static Composite thrice() throws Exception {
    return (Composite)
        Class.forName(
                "com.example.thrice.Thrice", true, Thread.currentThread().getContextClassLoader())
            .getDeclaredConstructor()
            .newInstance();
  }

  @Test
  void itsKernelRunsAndNotTheDecomposition() throws Exception {
    URL jar = jar("first", "com.example.first.Provider", OPERATOR, provider("first"));
    Device without = open();
    double[] values =
        seeing(
            () -> {
              Tensor x = Tensor.of(new float[] {1, 2, 3});
              Device device = open();
              assertThat(device.hasKernel(thrice(), x.type())).isTrue();
              assertThat(thrice().call(x.to(without)).toDoubleArray()).containsExactly(3, 6, 9);
              return thrice().call(x.to(device)).toDoubleArray();
            },
            jar);
    assertThat(values).containsExactly(1003, 1006, 1009);
  }

  @Test
  void twoJarsForOneOperatorAreNamedWhenTheDeviceIsOpened() throws Exception {
    URL first = jar("first", "com.example.first.Provider", OPERATOR, provider("first"));
    URL second = jar("second", "com.example.second.Provider", provider("second"));
    assertThatThrownBy(() -> seeing(ProviderJarTest::open, first, second))
        .isInstanceOf(ArgumentException.class)
        .hasMessage(
            "register: provider must be one for an operator: com.example.first.Provider and"
                + " com.example.second.Provider both have kernels for com.example.thrice.Thrice"
                + " on cpu");
  }

  @Test
  void aProviderThatCannotBeMadeIsNamedWhenTheDeviceIsOpened() throws Exception {
    URL jar = jar("first", "com.example.first.Absent", OPERATOR);
    assertThatThrownBy(() -> seeing(ProviderJarTest::open, jar))
        .isInstanceOf(DeviceException.class)
        .hasMessageStartingWith("device: a kernel provider on the class path cannot be made: ")
        .hasMessageContaining("com.example.first.Absent");
  }
}
