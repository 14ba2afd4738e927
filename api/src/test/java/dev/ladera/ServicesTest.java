package dev.ladera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ladera.spi.Backend;
import dev.ladera.spi.BackendProvider;
import dev.ladera.spi.Probe;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServicesTest {
  /** Provides nothing. */
  public static final class Nowhere implements BackendProvider {
    /** Used by the service loader. */
    public Nowhere() {}

    @Override
    public String type() {
      return "nowhere";
    }

    @Override
    public int priority() {
      return 0;
    }

    @Override
    public Probe probe() {
      return Probe.missing("it is nowhere", "");
    }

    @Override
    public Backend open(int index) {
      throw new DeviceException("device", "nowhere has no devices");
    }
  }

  @Test
  void aThreadWhoseLoaderHasAnotherCopyOfTheApiDoesNotDisturb(@TempDir Path folder)
      throws Exception {
    URL[] classes = {place(BackendProvider.class), place(Nowhere.class), services(folder)};
    try (URLClassLoader copy = new URLClassLoader(classes, ClassLoader.getPlatformClassLoader())) {
      assertThatThrownBy(() -> ServiceLoader.load(BackendProvider.class, copy).iterator().next())
          .isInstanceOf(ServiceConfigurationError.class)
          .hasMessageContaining("not a subtype");
      assertThat(found(copy)).isEmpty();
    }
  }

  @Test
  void whatOnlyTheThreadsLoaderSeesIsFound(@TempDir Path folder) throws Exception {
    try (URLClassLoader child =
        new URLClassLoader(new URL[] {services(folder)}, ServicesTest.class.getClassLoader())) {
      assertThat(found(child)).singleElement().isInstanceOf(Nowhere.class);
    }
  }

  private static Iterable<BackendProvider> found(ClassLoader context) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(context);
    try {
      return Services.find(BackendProvider.class);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static URL place(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation();
  }

  private static URL services(Path folder) throws Exception {
    Path file = folder.resolve("META-INF/services/" + BackendProvider.class.getName());
    Files.createDirectories(file.getParent());
    Files.writeString(file, Nowhere.class.getName());
    return folder.toUri().toURL();
  }
}
