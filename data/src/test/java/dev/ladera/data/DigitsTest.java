package dev.ladera.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.DType;
import dev.ladera.Shape;
import java.io.File;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DigitsTest {
  @Test
  void thereAre1797DigitsOf8By8PixelsFrom0To1() {
    TensorDataset all = Digits.all();
    assertThat(all.inputs().shape()).isEqualTo(Shape.of(1797, 1, 8, 8));
    assertThat(all.inputs().dtype()).isEqualTo(DType.FLOAT32);
    assertThat(all.targets().shape()).isEqualTo(Shape.of(1797));
    assertThat(all.targets().dtype()).isEqualTo(DType.INT64);
    assertThat(all.inputs().amin().item()).isZero();
    assertThat(all.inputs().amax().item()).isEqualTo(1);
    assertThat(all.get(0).input().at(0, 0, 2)).isEqualTo(5 / 16.0);
    assertThat(all.get(0).input().at(0, 1, 2)).isEqualTo(13 / 16.0);
    assertThat(Arrays.copyOf(all.targets().toLongArray(), 4)).containsExactly(0, 1, 2, 3);
  }

  @Test
  void everyFifthDigitIsForTesting() {
    TensorDataset all = Digits.all();
    TensorDataset train = Digits.train();
    TensorDataset test = Digits.test();
    assertThat(test.size()).isEqualTo(360);
    assertThat(train.size()).isEqualTo(1437);
    assertThat(test.get(3).input().toFloatArray())
        .containsExactly(all.get(15).input().toFloatArray());
    assertThat(train.get(3).input().toFloatArray())
        .containsExactly(all.get(4).input().toFloatArray());
    assertThat(train.get(4).input().toFloatArray())
        .containsExactly(all.get(6).input().toFloatArray());
    assertThat(train.get(4).target().item()).isEqualTo(all.get(6).target().item());
  }

  @Test
  void theDigitsAreFoundOnTheModulePathToo() throws Exception {
    Path[] entries =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.contains("test-classes"))
            .map(Path::of)
            .filter(Files::exists)
            .toArray(Path[]::new);
    Configuration modules =
        ModuleLayer.boot()
            .configuration()
            .resolve(
                ModuleFinder.of(),
                ModuleFinder.of(entries),
                Set.of("dev.ladera.data", "dev.ladera.testkit"));
    ModuleLayer layer =
        ModuleLayer.defineModulesWithOneLoader(
                modules, List.of(ModuleLayer.boot()), ClassLoader.getPlatformClassLoader())
            .layer();
    Class<?> digits = layer.findLoader("dev.ladera.data").loadClass("dev.ladera.data.Digits");
    assertThat(digits.getModule().isNamed()).isTrue();
    assertThat(digits).isNotSameAs(Digits.class);
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    // Backends are looked for here too, and those of the class path are of other classes.
    thread.setContextClassLoader(digits.getClassLoader());
    try {
      Object test = digits.getMethod("test").invoke(null);
      assertThat(test.getClass().getMethod("size").invoke(test)).isEqualTo(360);
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
