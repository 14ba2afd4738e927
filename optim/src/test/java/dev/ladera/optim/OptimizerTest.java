package dev.ladera.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.MemoryScope;
import dev.ladera.MemoryUse;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import dev.ladera.StateDict;
import dev.ladera.Tensor;
import dev.ladera.op.Operator;
import dev.ladera.op.Signature;
import dev.ladera.spi.Backend;
import dev.ladera.spi.Kernel;
import dev.ladera.spi.Storage;
import dev.ladera.testkit.ReferenceBackend;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OptimizerTest {
  private static Tensor parameter() {
    return Tensor.of(new float[] {0.5f, -1.25f, 2, 0, -0.3f, 1.5f}).requiresGrad(true);
  }

  @Test
  void parametersWithoutGradientStayAsTheyAre() {
    Tensor idle = parameter();
    float[] before = idle.toFloatArray();
    new SGD(List.of(idle), 1).weightDecay(1).step();
    assertThat(idle.toFloatArray()).containsExactly(before);
  }

  @Test
  void groupsHaveOptionsOfTheirOwn() {
    Tensor slow = parameter();
    Tensor fast = parameter();
    SGD optimizer = new SGD(List.of(slow), 0);
    optimizer.addGroup(List.of(fast)).set("lr", 1);
    slow.grad(Tensor.ones(6));
    fast.grad(Tensor.ones(6));
    optimizer.step();
    assertThat(slow.at(0)).isEqualTo(0.5);
    assertThat(fast.at(0)).isEqualTo(-0.5);
    optimizer.zeroGrad();
    assertThat(fast.grad()).isNull();
  }

  @Test
  void badArgumentsAreNamed() {
    Tensor p = parameter();
    assertThatThrownBy(() -> new SGD(List.of(), 0.1))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("SGD: parameters must not be empty");
    assertThatThrownBy(() -> new SGD(List.of(p), -1))
        .hasMessage("SGD: lr must not be negative, not -1.0");
    assertThatThrownBy(() -> new Adam(List.of(p), 0.1).betas(1, 0.9))
        .hasMessage("Adam: beta1 must be from 0 to below 1, not 1.0");
    assertThatThrownBy(() -> new SGD(List.of(p, p), 0.1)).hasMessageContaining("occurs twice");
    assertThatThrownBy(() -> new SGD(List.of(Tensor.zeros(2)), 0.1))
        .hasMessageContaining("number 0 of shape (2,) requires none");
    assertThatThrownBy(() -> new SGD(List.of(p), 0.1).groups().getFirst().set("speed", 1))
        .hasMessageContaining("option 'speed' is none of");
    SGD noMomentum = new SGD(List.of(p), 0.1).nesterov(true);
    p.grad(Tensor.ones(6));
    assertThatThrownBy(noMomentum::step)
        .hasMessage("SGD: nesterov needs a momentum and no dampening");
    assertThatThrownBy(() -> new StepLR(noMomentum, 0, 0.1)).isInstanceOf(ArgumentException.class);
  }

  @Test
  void aStateOfAnotherOptimizerIsRefused() {
    SGD optimizer = new SGD(List.of(parameter()), 0.1);
    StateDict state = optimizer.stateDict();
    state.tensors().put("state.0.momentumBuffer", Tensor.zeros(7));
    assertThatThrownBy(() -> optimizer.loadStateDict(state)).isInstanceOf(ShapeException.class);
    StateDict other = optimizer.stateDict();
    other.tensors().put("state.5.momentumBuffer", Tensor.zeros(6));
    assertThatThrownBy(() -> optimizer.loadStateDict(other))
        .hasMessageContaining("'state.5.momentumBuffer' is none of this optimizer's 1 parameters");
    assertThatThrownBy(() -> new Adam(List.of(parameter()), 1).loadStateDict(optimizer.stateDict()))
        .hasMessageContaining("has no number 'group.0.beta1'");
  }

  @Test
  void clippingByNormScalesAllGradientsTogether() {
    Tensor a = parameter();
    Tensor b = parameter();
    a.grad(Tensor.of(new float[] {3, 0, 0, 0, 0, 0}));
    b.grad(Tensor.of(new float[] {0, 4, 0, 0, 0, 0}));
    assertThat(Clip.byNorm(List.of(a, b), 1)).isCloseTo(5, within(1e-6));
    Tensor clipped = b.grad();
    assertThat(clipped).isNotNull();
    assertThat(clipped.at(1)).isCloseTo(0.8, within(1e-5));
    Clip.byValue(List.of(b), 0.5);
    assertThat(clipped.at(1)).isEqualTo(0.5);
    assertThatThrownBy(() -> Clip.byNorm(List.of(a), 0)).isInstanceOf(ArgumentException.class);
  }

  /** The reference backend; each storage comes with a note to this thread's scope. */
  private static final class NotingBackend implements Backend {
    private final ReferenceBackend inner = new ReferenceBackend();
    private int allocated;
    private int freed;

    @Override
    public Storage allocate(DType dtype, long elements) {
      allocated++;
      MemoryScope.own(() -> freed++);
      return inner.allocate(dtype, elements);
    }

    @Override
    public @Nullable Kernel prepare(Operator operator, Signature signature) {
      return inner.prepare(operator, signature);
    }

    @Override
    public void read(Storage storage, long from, Object array, int at, int length) {
      inner.read(storage, from, array, at, length);
    }

    @Override
    public void write(Object array, int at, Storage storage, long from, int length) {
      inner.write(array, at, storage, from, length);
    }

    @Override
    public void synchronize() {
      inner.synchronize();
    }

    @Override
    public MemoryUse memory() {
      return inner.memory();
    }

    @Override
    public String description() {
      return inner.description();
    }
  }

  @Test
  void whatIsKeptFromStepToStepIsNoScopes() {
    NotingBackend backend = new NotingBackend();
    Device device = Device.of("noting", backend);
    Tensor p = Tensor.ones(Shape.of(4), DType.FLOAT32, device).requiresGrad(true);
    p.grad(Tensor.ones(Shape.of(4), DType.FLOAT32, device));
    SGD optimizer = new SGD(List.of(p), 0.1).momentum(0.9);
    int before = backend.allocated;
    try (MemoryScope scope = MemoryScope.open()) {
      optimizer.step();
      optimizer.loadStateDict(optimizer.stateDict());
      assertThat(scope).isNotNull();
    }
    assertThat(backend.allocated).isGreaterThan(before + 1);
    assertThat(backend.freed).isZero();
  }
}
