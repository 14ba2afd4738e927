package dev.ladera.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ladera.ArgumentException;
import dev.ladera.BackendException;
import dev.ladera.Device;
import dev.ladera.MemoryScope;
import dev.ladera.ReleasedException;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.spi.Backend;
import dev.ladera.testkit.ReferenceBackend;
import java.lang.reflect.Proxy;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What a scope gives back when it closes, and what it leaves alone. */
class MemoryScopeTest {
  private final Device device = Device.of("mine", new ReferenceBackend());

  private Tensor vector(float... values) {
    return Tensor.ofArray(values, Shape.of(values.length), device);
  }

  private static Tensor grad(Tensor tensor) {
    return Objects.requireNonNull(tensor.grad());
  }

  @Test
  void whatIsMadeInAScopeIsGoneWhenItCloses() {
    Tensor before = vector(1, 2, 3);
    long live = device.memory().live();
    Tensor sum;
    Tensor view;
    try (MemoryScope _ = MemoryScope.open()) {
      sum = before.add(before);
      view = sum.slice(0, 1, 3);
      assertThat(view.toFloatArray()).containsExactly(4, 6);
      assertThat(device.memory().live()).isEqualTo(live + 12);
    }
    assertThat(device.memory().live()).isEqualTo(live);
    assertThat(sum.isReleased()).isTrue();
    assertThatThrownBy(() -> before.mul(sum))
        .isInstanceOfSatisfying(
            ReleasedException.class, e -> assertThat(e.shape()).isEqualTo(Shape.of(3)))
        .hasMessage(
            "mul: input 1 (3,) was given back when its MemoryScope closed; keep() it in the scope, or"
                + " use it there");
    assertThatThrownBy(view::toFloatArray).isInstanceOf(ReleasedException.class);
    assertThatThrownBy(() -> view.slice(0, 0, 1))
        .isInstanceOf(ReleasedException.class)
        .hasMessageStartingWith("slice: input 0 (2,) was");
    assertThatThrownBy(() -> before.assign(sum)).isInstanceOf(ReleasedException.class);
    assertThat(sum).hasToString("tensor(given back, shape=(3,), dtype=float32)");
    assertThat(before.toFloatArray()).containsExactly(1, 2, 3);
  }

  @Test
  void whatIsKeptOutlivesItsScope() {
    Tensor kept;
    Tensor viewKept;
    try (MemoryScope scope = MemoryScope.open()) {
      kept = scope.keep(vector(1).add(1));
      viewKept = scope.keep(vector(1, 2, 3).slice(0, 2, 3));
    }
    assertThat(kept.item()).isEqualTo(2);
    assertThat(viewKept.item()).isEqualTo(3);
  }

  @Test
  void anInnerScopesTensorsGoFirstAndItsKeptOnesBelongToTheOuter() {
    Tensor outerMade;
    Tensor kept;
    Tensor keptByOuter;
    try (MemoryScope outer = MemoryScope.open()) {
      outerMade = vector(1);
      Tensor lost;
      try (MemoryScope inner = MemoryScope.open()) {
        lost = vector(2);
        kept = inner.keep(vector(3));
        assertThat(inner.keep(outerMade)).isSameAs(outerMade);
        keptByOuter = outer.keep(vector(4));
      }
      assertThat(lost.isReleased()).isTrue();
      assertThat(outerMade.add(kept).item()).isEqualTo(4);
    }
    assertThat(outerMade.isReleased()).isTrue();
    assertThat(kept.isReleased()).isTrue();
    assertThat(keptByOuter.item()).isEqualTo(4);
  }

  @Test
  void leavesAndTheirGradientsOutliveScopes() {
    Tensor leaf;
    try (MemoryScope _ = MemoryScope.open()) {
      leaf = vector(3).requiresGrad(true);
      leaf.mul(leaf).sum().backward();
    }
    assertThat(leaf.item()).isEqualTo(3);
    assertThat(grad(leaf).item()).isEqualTo(6);
    try (MemoryScope _ = MemoryScope.open()) {
      leaf.mul(leaf).sum().backward();
    }
    assertThat(grad(leaf).item()).isEqualTo(12);
  }

  @Test
  void aForgottenGradientGoesWithTheScopeThatForgetsIt() {
    Tensor leaf = vector(3).requiresGrad(true);
    try (MemoryScope _ = MemoryScope.open()) {
      leaf.mul(leaf).sum().backward();
    }
    Tensor gradient = grad(leaf);
    try (MemoryScope _ = MemoryScope.open()) {
      leaf.clearGrad();
      assertThat(gradient.item()).isEqualTo(6);
    }
    assertThat(gradient.isReleased()).isTrue();
  }

  @Test
  void aGradientOfTheUsersOwnIsLeftAlone() {
    Tensor leaf = vector(3).requiresGrad(true);
    Tensor gradient = vector(1);
    leaf.grad(gradient);
    try (MemoryScope _ = MemoryScope.open()) {
      leaf.clearGrad();
    }
    assertThat(gradient.item()).isEqualTo(1);
  }

  @Test
  void unscopedTensorsOutliveAllScopes() {
    Tensor state;
    try (MemoryScope _ = MemoryScope.open()) {
      try (MemoryScope _ = MemoryScope.open()) {
        state = MemoryScope.unscoped(vector(5));
      }
    }
    assertThat(state.item()).isEqualTo(5);
  }

  @Test
  void aGraphWhoseTensorsWereGivenBackNamesTheStep() {
    Tensor leaf = vector(3).requiresGrad(true);
    Tensor loss;
    try (MemoryScope scope = MemoryScope.open()) {
      loss = scope.keep(leaf.exp().mul(leaf).sum());
    }
    assertThatThrownBy(loss::backward)
        .isInstanceOf(ReleasedException.class)
        .hasMessageStartingWith("backward: input 0 of mul (1,) was given back");
  }

  @Test
  void scopesCloseInOrderOnTheirOwnThread() throws InterruptedException {
    MemoryScope outer = MemoryScope.open();
    MemoryScope inner = MemoryScope.open();
    assertThatThrownBy(outer::close)
        .isInstanceOf(ArgumentException.class)
        .hasMessageContaining("a scope within this one is open");
    AtomicReference<Throwable> found = new AtomicReference<>();
    Tensor[] made = new Tensor[1];
    Thread other =
        new Thread(() -> {
          made[0] = vector(1);
          try {
            inner.close();
          } catch (ArgumentException e) {
            found.set(e);
          }
        });
    other.start();
    other.join();
    assertThat(found.get()).isInstanceOf(ArgumentException.class);
    inner.close();
    inner.close();
    assertThatThrownBy(() -> inner.keep(vector(1)))
        .isInstanceOf(ArgumentException.class)
        .hasMessageContaining("closed, or of another thread");
    outer.close();
    assertThat(made[0].item()).isEqualTo(1);
  }

  @Test
  void anExceptionClosesTheScopeToo() {
    Tensor[] made = new Tensor[1];
    assertThatThrownBy(
            () -> {
              try (MemoryScope _ = MemoryScope.open()) {
                made[0] = vector(1);
                made[0].reshape(2);
              }
            })
        .isInstanceOf(RuntimeException.class);
    assertThat(made[0].isReleased()).isTrue();
  }

  @Test
  void aGradientMayBeMadeAndForgottenInOneScope() {
    Tensor leaf = vector(3).requiresGrad(true);
    long live = device.memory().live();
    try (MemoryScope _ = MemoryScope.open()) {
      leaf.mul(leaf).sum().backward();
      leaf.clearGrad();
      leaf.mul(leaf).sum().backward();
      leaf.clearGrad();
    }
    assertThat(device.memory().live()).isEqualTo(live);
  }

  @Test
  void gradientsThatOthersAreAddedToGoWithTheScope() {
    Tensor leaf = vector(3).requiresGrad(true);
    long live = device.memory().live();
    for (int i = 0; i < 5; i++) {
      try (MemoryScope _ = MemoryScope.open()) {
        leaf.mul(leaf).sum().backward();
      }
    }
    assertThat(grad(leaf).item()).isEqualTo(30);
    assertThat(device.memory().live()).isEqualTo(live + Float.BYTES);
  }

  @Test
  void aGradientThatIsKeptOutlivesItsBeingForgotten() {
    Tensor leaf = vector(3).requiresGrad(true);
    Tensor kept;
    Tensor unscoped;
    try (MemoryScope scope = MemoryScope.open()) {
      leaf.mul(leaf).sum().backward();
      kept = scope.keep(grad(leaf));
      leaf.clearGrad();
      leaf.mul(leaf).sum().backward();
      unscoped = MemoryScope.unscoped(grad(leaf));
      leaf.clearGrad();
    }
    assertThat(kept.item()).isEqualTo(6);
    assertThat(unscoped.item()).isEqualTo(6);
  }

  @Test
  void whereOneGiveBackFailsTheOthersAreDone() {
    ReferenceBackend inner = new ReferenceBackend();
    AtomicInteger released = new AtomicInteger();
    Backend failing =
        (Backend)
            Proxy.newProxyInstance(
                Backend.class.getClassLoader(),
                new Class<?>[] {Backend.class},
                (_, method, arguments) -> {
                  if (method.getName().equals("release")) {
                    throw new BackendException("free", "number " + released.incrementAndGet());
                  }
                  return method.invoke(inner, arguments);
                });
    Device other = Device.of("failing", failing);
    assertThatThrownBy(
            () -> {
              try (MemoryScope _ = MemoryScope.open()) {
                Tensor.ofArray(new float[] {1}, Shape.of(1), other).add(1);
              }
            })
        .isInstanceOf(BackendException.class)
        .hasMessage("free: number 1")
        .satisfies(e -> assertThat(e.getSuppressed()).isNotEmpty());
  }
}
