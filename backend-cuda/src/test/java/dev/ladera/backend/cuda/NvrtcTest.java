package dev.ladera.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.ladera.BackendException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * NVIDIA's compiler takes what kernels are made of; skipped where it is not found. For one
 * architecture that is every source, for others some of each kind, unless {@code
 * -Dladera.cuda.compile=all} asks for all.
 */
class NvrtcTest {
  private static final int ARCHITECTURE = 90;
  private static final List<Integer> OTHERS = List.of(80, 100);

  /** One in so many sources, in their order, is compiled for the others. */
  private static final int SAMPLE = 7;

  private static final boolean ALL =
      System.getProperty("ladera.cuda.compile", "sample").equals("all");

  private static Nvrtc nvrtc() {
    try {
      return new Nvrtc(LibrarySearch.ofProcess().load(CudaLibrary.NVRTC));
    } catch (MissingLibraryException missing) {
      return abort("no NVRTC: " + missing.getMessage());
    }
  }

  @TestFactory
  Stream<DynamicTest> everySourceCompiles() {
    Nvrtc nvrtc = nvrtc();
    List<DynamicTest> tests = new ArrayList<>();
    int number = 0;
    for (Map.Entry<String, KernelSource> source : AllSources.all().entrySet()) {
      tests.add(compiles(nvrtc, source, ARCHITECTURE));
      if (ALL || number++ % SAMPLE == 0) {
        OTHERS.forEach(other -> tests.add(compiles(nvrtc, source, other)));
      }
    }
    return tests.stream();
  }

  private static DynamicTest compiles(
      Nvrtc nvrtc, Map.Entry<String, KernelSource> source, int architecture) {
    return DynamicTest.dynamicTest(
        source.getKey() + " for sm_" + architecture,
        () ->
            assertThat(
                    nvrtc.compile(
                        source.getValue().toString(), KernelCompiler.options(architecture)))
                .startsWith(0x7F, 'E', 'L', 'F'));
  }

  @Test
  void whatDoesNotCompileIsShownWithTheCompilersWords() {
    Nvrtc nvrtc = nvrtc();
    assertThatThrownBy(() -> nvrtc.compile("nonsense", KernelCompiler.options(90)))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("NVRTC refused a kernel")
        .hasMessageContaining("error");
  }

  @Test
  void anArchitectureThatTheCompilerDoesNotKnowIsAnError() {
    Nvrtc nvrtc = nvrtc();
    assertThatThrownBy(() -> nvrtc.compile("", KernelCompiler.options(12)))
        .isInstanceOf(CallFailure.class)
        .hasMessageContaining("nvrtcCompileProgram");
  }
}
