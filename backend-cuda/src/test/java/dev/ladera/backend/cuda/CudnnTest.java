package dev.ladera.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.ladera.DType;
import dev.ladera.Layout;
import dev.ladera.Shape;
import dev.ladera.op.Convolution;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What cuDNN does without a device; skipped where it is not found. */
class CudnnTest {
  private static Cudnn library() {
    try {
      return new Cudnn(LibrarySearch.ofProcess().load(CudaLibrary.CUDNN));
    } catch (MissingLibraryException missing) {
      return abort("no cuDNN: " + missing.getMessage());
    }
  }

  @Test
  void descriptorsTakeWhatPlansGiveThem() {
    Cudnn library = library();
    for (int spatial = 1; spatial <= 3; spatial++) {
      List<Integer> ones = List.of(1, 1, 1).subList(0, spatial);
      int[] sizes = {2, 4, 8, 8, 8};
      int[] kernel = {6, 2, 3, 3, 3};
      Layout image = Layout.contiguous(Shape.of(Arrays.copyOf(sizes, 2 + spatial)));
      Layout weight = Layout.contiguous(Shape.of(Arrays.copyOf(kernel, 2 + spatial)));
      Layout output = Layout.contiguous(image.shape().with(1, 6));
      ConvolutionPlan plan =
          ConvolutionPlan.described(
              library,
              new ConvolutionPlan.Key(
                  Cudnn.Direction.WEIGHT_GRADIENT,
                  DType.FLOAT32,
                  false,
                  new Convolution(ones, ones, ones, 2),
                  image,
                  weight,
                  output));
      assertThat(plan.tensors()).hasSize(2).doesNotContain(0L);
      assertThat(plan.result()).isEqualTo(plan.filter());
      library.destroy(plan);
    }
  }

  @Test
  void withoutADriverAHandleIsACallThatFails() {
    Cudnn library = library();
    assertThatThrownBy(() -> library.create(0))
        .isInstanceOf(CallFailure.class)
        .hasMessageContaining("cudnnCreate answered 1");
  }
}
