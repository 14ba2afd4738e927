package dev.ladera.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.op.BatchNorm;
import dev.ladera.op.CrossEntropy;
import dev.ladera.op.LayerNorm;
import dev.ladera.op.LogSoftmax;
import dev.ladera.op.NllLoss;
import dev.ladera.op.Operator;
import dev.ladera.op.Primitive;
import dev.ladera.op.Softmax;
import dev.ladera.op.ToDevice;
import dev.ladera.op.View;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegistryTest {
  @Test
  void everyOperatorHasARuleOrSaysThatItHasNone() {
    List<Class<?>> kinds = new ArrayList<>();
    kinds.addAll(List.of(Primitive.class.getPermittedSubclasses()));
    kinds.addAll(List.of(View.class.getPermittedSubclasses()));
    kinds.addAll(
        List.of(
            Softmax.class,
            LogSoftmax.class,
            NllLoss.class,
            CrossEntropy.class,
            LayerNorm.class,
            BatchNorm.class,
            ToDevice.class));
    assertThat(kinds).hasSizeGreaterThan(30);
    Engine engine = new Engine();
    for (Class<?> kind : kinds) {
      assertThat(engine.covers(kind.asSubclass(Operator.class))).as(kind.getName()).isTrue();
    }
  }

  /** An operator that nobody registered. */
  private record Unknown() implements dev.ladera.op.Composite {
    @Override
    public String name() {
      return "unknown";
    }

    @Override
    public dev.ladera.op.TensorType[] infer(dev.ladera.op.TensorType... inputs) {
      return inputs;
    }

    @Override
    public dev.ladera.Tensor[] decompose(dev.ladera.Tensor... inputs) {
      return inputs;
    }
  }

  @Test
  void theTableDoesNotSpeakOfOthers() {
    assertThat(new Engine().covers(Unknown.class)).isFalse();
  }
}
