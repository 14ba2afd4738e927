package dev.ladera.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import org.junit.jupiter.api.Test;

/** What cuBLASLt does without a device; skipped where it is not found. */
class CublasLtTest {
  private static CublasLt library() {
    try {
      return new CublasLt(LibrarySearch.ofProcess().load(CudaLibrary.CUBLAS_LT));
    } catch (MissingLibraryException missing) {
      return abort("no cuBLASLt: " + missing.getMessage());
    }
  }

  @Test
  void descriptorsAndLayoutsTakeWhatPlansGiveThem() {
    CublasLt library = library();
    long descriptor = library.descriptor(68, ProductPlan.FLOAT32, true, false);
    long layout = library.layout(ProductPlan.FLOAT64, 3, 4, 5, 6, 20);
    library.addBias(descriptor, 4096);
    library.bias(descriptor, 8192);
    assertThat(descriptor).isNotZero();
    assertThat(layout).isNotZero();
    library.destroyLayout(layout);
    library.destroyDescriptor(descriptor);
  }

  @Test
  void withoutADriverAHandleIsACallThatFails() {
    CublasLt library = library();
    assertThatThrownBy(library::create)
        .isInstanceOf(CallFailure.class)
        .hasMessageContaining("cublasLtCreate answered 1");
  }
}
