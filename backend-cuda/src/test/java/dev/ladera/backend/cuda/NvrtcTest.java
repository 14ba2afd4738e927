package dev.ladera.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.ladera.BackendException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** NVIDIA's compiler takes what kernels are made of; skipped where it is not found. */
class NvrtcTest {
  private static final List<Integer> ARCHITECTURES = List.of(80, 90, 100);

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
    return AllSources.all().entrySet().stream()
        .flatMap(source ->
            ARCHITECTURES.stream()
                .map(architecture ->
                    DynamicTest.dynamicTest(
                        source.getKey() + " for sm_" + architecture,
                        () ->
                            assertThat(
                                    nvrtc.compile(
                                        source.getValue().toString(),
                                        KernelCompiler.options(architecture)))
                                .startsWith(0x7F, 'E', 'L', 'F'))));
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
