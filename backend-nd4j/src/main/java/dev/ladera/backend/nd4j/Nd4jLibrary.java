package dev.ladera.backend.nd4j;

import dev.ladera.DType;
import dev.ladera.spi.Probe;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Properties;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** Loads ND4J, once, when first asked, and says what came of it. */
final class Nd4jLibrary {
  private static final String VERSION_FILE = "/META-INF/maven/org.nd4j/nd4j-api/pom.properties";

  /** ND4J's numbers for the instructions that a library was built for. */
  private static final Map<Integer, String> LEVELS =
      Map.of(0, "generic", 1, "generic", 2, "AVX2", 3, "AVX-512");

  /** Filled at the first question, so that nothing of ND4J is loaded before. */
  private static final class Loaded {
    static final Probe PROBE = load();
  }

  private Nd4jLibrary() {}

  /** What loading ND4J came to; never throws. */
  static Probe probe() {
    return Loaded.PROBE;
  }

  private static Probe load() {
    String quiet = set("slf4j.internal.verbosity", "ERROR");
    try {
      // JavaCPP would otherwise call System.gc() when native memory exceeds a share of the heap.
      set("org.bytedeco.javacpp.maxbytes", "0");
      set("org.bytedeco.javacpp.maxphysicalbytes", "0");
      String description = describe();
      // On the module path this module needs native access of its own.
      Block.allocate(DType.FLOAT32, 1).free();
      Nd4j.getMemoryManager().togglePeriodicGc(false);
      Nd4j.getMemoryManager().setAutoGcWindow(Integer.MAX_VALUE);
      return Probe.found(1, description);
    } catch (LinkageError | RuntimeException failure) {
      return missing(failure);
    } finally {
      if (quiet == null) {
        System.clearProperty("slf4j.internal.verbosity");
      }
    }
  }

  /** Sets a system property unless it is set; answers what it was. */
  private static @Nullable String set(String property, String value) {
    String before = System.getProperty(property);
    if (before == null) {
      System.setProperty(property, value);
    }
    return before;
  }

  private static String describe() {
    Properties facts = Nd4j.getExecutioner().getEnvironmentInformation();
    NativeOps library = NativeOpsHolder.getInstance().getDeviceNativeOps();
    return "ND4J "
        + version()
        + ", "
        + facts.get("blas.vendor")
        + ", native library "
        + library.getClass().getSimpleName()
        + " for "
        + Loader.getPlatform()
        + ", "
        + build(library)
        + ", "
        + facts.get("omp.threads")
        + " threads";
  }

  /** For which instructions the library was built, and for which it might have been. */
  private static String build(NativeOps library) {
    int built = library.binaryLevel();
    int best = library.optimalLevel();
    return LEVELS.getOrDefault(built, "unknown")
        + " build"
        + (best > built ? " (this processor has " + LEVELS.getOrDefault(best, "more") + ")" : "");
  }

  private static String version() {
    Properties facts = new Properties();
    try (InputStream file = Nd4j.class.getResourceAsStream(VERSION_FILE)) {
      if (file != null) {
        facts.load(file);
      }
    } catch (IOException unreadable) {
      return "of unreadable version (" + unreadable.getMessage() + ")";
    }
    return facts.getProperty("version", "of unknown version");
  }

  private static Probe missing(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String platform = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    if (root instanceof IllegalCallerException) {
      return Probe.missing(
          "this JVM refuses native access",
          "start it with --enable-native-access=ALL-UNNAMED, or, with this jar on the module path,"
              + " --enable-native-access=ALL-UNNAMED,dev.ladera.backend.nd4j");
    }
    if (root instanceof UnsupportedOperationException) {
      return Probe.missing(
          "this JVM refuses access to memory by sun.misc.Unsafe, which ND4J needs",
          "start it with --sun-misc-unsafe-memory-access=allow");
    }
    return Probe.missing(
        "ND4J did not start on "
            + platform
            + ": "
            + root.getClass().getSimpleName()
            + (root.getMessage() == null ? "" : ", " + root.getMessage()),
        "add the dependency org.nd4j:nd4j-native with the classifier of this platform, such as"
            + " linux-x86_64, in the version of the others");
  }
}
