package dev.ladera;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.spi.BackendProvider;
import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.api.Test;

class ServicesTest {
  @Test
  void aThreadWhoseLoaderHasAnotherCopyOfTheApiDoesNotDisturb() throws Exception {
    URL[] classes = {BackendProvider.class.getProtectionDomain().getCodeSource().getLocation()};
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader copy = new URLClassLoader(classes, ClassLoader.getPlatformClassLoader())) {
      assertThat(Class.forName(BackendProvider.class.getName(), false, copy))
          .isNotEqualTo(BackendProvider.class);
      thread.setContextClassLoader(copy);
      assertThat(Services.find(BackendProvider.class)).isEmpty();
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
