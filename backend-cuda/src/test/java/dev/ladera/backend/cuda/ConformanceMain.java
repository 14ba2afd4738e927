package dev.ladera.backend.cuda;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The conformance suite on machines that have a GPU and no Maven: runs the groups whose names are
 * given, all of them if none is, and says what failed. {@code benchmarks/gpu.sh} starts it.
 */
final class ConformanceMain {
  private static final int SHOWN = 20;

  private int passed;
  private int failed;

  private ConformanceMain() {}

  /** Runs, and ends with 1 if a check failed. */
  public static void main(String[] groups) throws ReflectiveOperationException {
    List<String> named = List.of(groups);
    CudaConformanceTest suite = new CudaConformanceTest();
    ConformanceMain run = new ConformanceMain();
    for (Method method : suite.getClass().getMethods()) {
      if (method.isAnnotationPresent(TestFactory.class)
          && (named.isEmpty() || named.contains(method.getName()))) {
        run.group(suite, method);
      }
    }
    System.out.printf(
        Locale.ROOT, "conformance %s: %d passed, %d failed%n", named, run.passed, run.failed);
    System.exit(run.failed == 0 ? 0 : 1);
  }

  private void group(CudaConformanceTest suite, Method method)
      throws IllegalAccessException, InvocationTargetException {
    ((Stream<?>) method.invoke(suite)).map(DynamicTest.class::cast).forEach(this::check);
  }

  private void check(DynamicTest test) {
    try {
      test.getExecutable().execute();
      passed++;
    } catch (Throwable failure) {
      if (failed++ < SHOWN) {
        System.out.println("failed: " + test.getDisplayName() + ": " + failure);
      }
    }
  }
}
