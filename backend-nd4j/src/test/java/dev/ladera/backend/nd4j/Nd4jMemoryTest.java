package dev.ladera.backend.nd4j;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.DeviceException;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import dev.ladera.testkit.ReferenceBackend;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Tensors' memory for kernels of the user's own. */
class Nd4jMemoryTest {
  private final Device device = Device.of("nd4j");

  private Tensor counting(DType dtype) {
    return Tensor.arange(0, 12, 1, dtype, device).reshape(3, 4);
  }

  @Test
  void readingShowsExactlyTheElementsInOrder() {
    Tensor x = counting(DType.FLOAT32);
    assertThat(Nd4jMemory.read(x).toArray(JAVA_FLOAT)).isEqualTo(x.toFloatArray());
    assertThat(Nd4jMemory.read(x.select(0, 1)).toArray(JAVA_FLOAT)).containsExactly(4, 5, 6, 7);
    assertThat(Nd4jMemory.read(x.t().flip(1).slice(0, 0, 4, 2)).toArray(JAVA_FLOAT))
        .containsExactly(8, 4, 0, 10, 6, 2);
    assertThat(Nd4jMemory.read(counting(DType.INT64)).toArray(JAVA_LONG)).hasSize(12).endsWith(11);
    assertThat(Nd4jMemory.read(x.gt(9)).toArray(JAVA_BYTE)).hasSize(12).endsWith(0, 1, 1);
    assertThat(Nd4jMemory.read(x.slice(0, 0, 0)).byteSize()).isZero();
  }

  @Test
  void whatIsReadCannotBeWritten() {
    MemorySegment memory = Nd4jMemory.read(counting(DType.FLOAT32));
    assertThatThrownBy(() -> memory.setAtIndex(JAVA_FLOAT, 0, 1)).hasMessageContaining("read-only");
  }

  @Test
  void writingReachesExactlyTheElements() {
    Tensor x = counting(DType.FLOAT32);
    MemorySegment row = Nd4jMemory.write(x.select(0, 1));
    row.setAtIndex(JAVA_FLOAT, 3, -1);
    assertThat(x.at(1, 3)).isEqualTo(-1);
    assertThatThrownBy(() -> row.setAtIndex(JAVA_FLOAT, 4, 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> Nd4jMemory.write(x.t()))
        .isInstanceOf(ShapeException.class)
        .hasMessageStartingWith("nd4jMemory: a view with gaps, (4, 3)");
  }

  @Test
  void theMemoryStaysWhileTheSegmentIsInReach() {
    int size = 1 << 18;
    MemorySegment[] segments = new MemorySegment[8];
    for (int i = 0; i < segments.length; i++) {
      segments[i] = Nd4jMemory.read(Tensor.full(Shape.of(size), i, DType.FLOAT32, device));
    }
    for (int round = 0; round < 300; round++) {
      // New tensors of that size take over the buffers of those that were collected.
      assertThat(Tensor.full(Shape.of(size), -1, DType.FLOAT32, device).elements()).isEqualTo(size);
      byte[] garbage = new byte[1 << 20];
      Arrays.fill(garbage, (byte) round);
    }
    for (int i = 0; i < segments.length; i++) {
      assertThat(segments[i].getAtIndex(JAVA_FLOAT, 0)).isEqualTo(i);
      assertThat(segments[i].getAtIndex(JAVA_FLOAT, size - 1)).isEqualTo(i);
    }
  }

  @Test
  void tensorsOfOtherDevicesAreRefused() {
    Tensor other = Tensor.ones(2).to(Device.of("reference", new ReferenceBackend()));
    assertThatThrownBy(() -> Nd4jMemory.write(other))
        .isInstanceOf(DeviceException.class)
        .hasMessage("nd4jMemory: the tensor is on reference:0, not on nd4j; use to(Device)");
  }
}
