package dev.ladera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ladera.spi.OwnedMemory;
import dev.ladera.spi.Storage;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Who frees what, and when. */
class MemoryScopeTest {
  private static final Device DEVICE = ArrayBackend.device();

  private static final class Memory implements OwnedMemory {
    boolean freed;

    @Override
    public void free() {
      freed = true;
    }
  }

  private static final class Owning extends Storage {
    final Memory memory = new Memory();

    Owning() {
      super(DType.FLOAT32, 4);
      MemoryScope.own(memory);
    }

    @Override
    public Memory memory() {
      return memory;
    }
  }

  private static Tensor tensor() {
    return new Tensor(new Owning(), Layout.contiguous(Shape.of(4)), DEVICE);
  }

  private static boolean isFreed(Tensor tensor) {
    return ((Owning) tensor.storage()).memory.freed;
  }

  @Test
  void aScopeFreesWhatWasMadeInItAndNotKept() {
    Tensor before = tensor();
    Tensor left;
    Tensor kept;
    try (MemoryScope scope = MemoryScope.open()) {
      left = tensor();
      kept = tensor();
      assertThat(scope.keep(kept)).isSameAs(kept);
      scope.keep(before);
      assertThat(isFreed(left)).isFalse();
    }
    assertThat(isFreed(left)).isTrue();
    assertThat(isFreed(kept)).isFalse();
    assertThat(isFreed(before)).isFalse();
    assertThat(isFreed(tensor())).isFalse();
  }

  @Test
  void aKeptViewKeepsTheStorage() {
    Tensor whole;
    try (MemoryScope scope = MemoryScope.open()) {
      whole = tensor();
      scope.keep(whole.slice(0, 1, 2));
    }
    assertThat(isFreed(whole)).isFalse();
  }

  @Test
  void whatAnInnerScopeKeepsIsTheOuterOnes() {
    Tensor result;
    try (MemoryScope outer = MemoryScope.open()) {
      try (MemoryScope inner = MemoryScope.open()) {
        result = inner.keep(tensor());
      }
      assertThat(isFreed(result)).isFalse();
      assertThat(outer).isNotNull();
    }
    assertThat(isFreed(result)).isTrue();
  }

  @Test
  void whatIsMadeOutsideIsNobodys() {
    Tensor made;
    Tensor after;
    try (MemoryScope scope = MemoryScope.open()) {
      made = MemoryScope.outside(MemoryScopeTest::tensor);
      after = tensor();
      assertThat(scope).isNotNull();
    }
    assertThat(isFreed(made)).isFalse();
    assertThat(isFreed(after)).isTrue();
  }

  @Test
  void aScopeIsItsThreads() {
    Tensor elsewhere;
    try (MemoryScope scope = MemoryScope.open()) {
      elsewhere = CompletableFuture.supplyAsync(MemoryScopeTest::tensor).join();
      assertThatThrownBy(() -> CompletableFuture.runAsync(scope::close).join())
          .hasCauseInstanceOf(ArgumentException.class);
    }
    assertThat(isFreed(elsewhere)).isFalse();
  }

  @Test
  void scopesEndFromWithin() {
    MemoryScope outer = MemoryScope.open();
    MemoryScope inner = MemoryScope.open();
    assertThatThrownBy(outer::close)
        .isInstanceOf(ArgumentException.class)
        .hasMessage(
            "memoryScope: close must be called in the scope's thread, the innermost scope first");
    inner.close();
    outer.close();
    outer.close();
    assertThat(isFreed(tensor())).isFalse();
  }

  @Test
  void whereMemoryIsJavasAScopeDoesNothing() {
    Tensor left;
    try (MemoryScope scope = MemoryScope.open()) {
      left = scope.keep(Tensor.full(Shape.of(2), 3, DType.FLOAT32, DEVICE));
      left = left.copy();
    }
    assertThat(left.toFloatArray()).containsExactly(3, 3);
  }
}
