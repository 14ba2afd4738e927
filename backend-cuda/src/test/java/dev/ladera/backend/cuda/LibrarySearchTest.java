package dev.ladera.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibrarySearchTest {
  @TempDir private Path folder;

  private String file(String path) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.createFile(file).toString();
  }

  private static LibrarySearch search(Map<String, String> properties, Map<String, String> env) {
    return new LibrarySearch(properties::get, env);
  }

  @Test
  void aNamedFileIsTheOnlyOneThatIsTried() {
    LibrarySearch search = search(Map.of("ladera.cuda.nvrtc", "/there/libnvrtc.so"), Map.of());
    assertThat(search.candidates(CudaLibrary.NVRTC)).containsExactly("/there/libnvrtc.so");
  }

  @Test
  void foldersComeBeforePythonsPackagesAndThoseBeforeTheToolkit() throws IOException {
    String own = file("own/libnvrtc.so.12");
    String wheel = file("venv/lib/python3.12/site-packages/nvidia/cu13/lib/libnvrtc.so.13");
    String toolkit = file("cuda/lib64/libnvrtc.so.13");
    LibrarySearch search =
        search(
            Map.of("ladera.cuda.path", folder.resolve("own").toString()),
            Map.of(
                "VIRTUAL_ENV", folder.resolve("venv").toString(),
                "CUDA_HOME", folder.resolve("cuda").toString()));
    List<String> candidates = search.candidates(CudaLibrary.NVRTC);
    assertThat(candidates).startsWith(own, wheel, toolkit);
    assertThat(candidates).endsWith("libnvrtc.so.13", "libnvrtc.so.12");
  }

  @Test
  void ofTwoVersionsInAFolderTheNewerComesFirst() throws IOException {
    String older = file("own/libcublasLt.so.12");
    String newer = file("own/libcublasLt.so.13");
    LibrarySearch search =
        search(Map.of("ladera.cuda.path", folder.resolve("own").toString()), Map.of());
    assertThat(search.candidates(CudaLibrary.CUBLAS_LT)).startsWith(newer, older);
  }

  @Test
  void theDriverIsTheMachinesAndNotATookits() throws IOException {
    file("cuda/lib64/libcuda.so.1");
    LibrarySearch search = search(Map.of(), Map.of("CUDA_HOME", folder.resolve("cuda").toString()));
    assertThat(search.candidates(CudaLibrary.DRIVER)).containsExactly("libcuda.so.1", "libcuda.so");
  }

  @Test
  void aLibraryThatCannotBeLoadedSaysWhereToGetIt() throws IOException {
    String damaged = file("own/libcudnn.so.9");
    LibrarySearch search = search(Map.of("ladera.cuda.cudnn", damaged), Map.of());
    assertThatThrownBy(() -> search.load(CudaLibrary.CUDNN))
        .isInstanceOf(MissingLibraryException.class)
        .hasMessageContaining(damaged)
        .hasMessageContaining("pip install nvidia-cudnn-cu13");
  }
}
