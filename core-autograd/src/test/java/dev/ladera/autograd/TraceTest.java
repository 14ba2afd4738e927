package dev.ladera.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class TraceTest {
  @Test
  void itHoldsEveryRecordedTensorInOrderWithItsGradient() {
    Tensor x = Tensor.of(new double[] {3, 1}).requiresGrad(true);
    List<Tensor> held =
        Trace.of(() -> {
          Tensor sorted = x.mul(2).sort(0).values();
          sorted.sum().backward();
        });
    assertThat(held).hasSize(3);
    assertThat(held.get(0).toDoubleArray()).containsExactly(6, 2);
    assertThat(held.get(1).toDoubleArray()).containsExactly(2, 6);
    assertThat(held).allMatch(tensor -> tensor.grad() != null);
  }

  @Test
  void aTraceInsideAnotherHoldsItsOwn() {
    Tensor x = Tensor.of(new double[] {3}).requiresGrad(true);
    List<Tensor> outer =
        Trace.of(() -> {
          Tensor before = x.mul(2);
          assertThat(Trace.of(() -> x.exp())).hasSize(1);
          before.mul(3);
        });
    assertThat(outer).extracting(Tensor::item).containsExactly(6.0, 18.0);
  }

  @Test
  void nothingIsHeldAfterwards() {
    Tensor x = Tensor.of(new double[] {3}).requiresGrad(true);
    Trace.of(() -> x.mul(2));
    Tensor later = x.mul(2);
    later.sum().backward();
    assertThat(later.grad()).isNull();
  }
}
