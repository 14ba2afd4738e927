package dev.ladera.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.DTypeException;
import dev.ladera.Generator;
import dev.ladera.IndexException;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransformsTest {
  @BeforeEach
  void seed() {
    Generator.manualSeed(1);
  }

  private static Tensor counted(int... shape) {
    Tensor numbers = Tensor.arange((int) Shape.of(shape).elements()).to(DType.FLOAT32);
    return numbers.add(1).reshape(shape);
  }

  @Test
  void normalizeTakesTheMeanOffAndDivides() {
    Tensor normal = Transforms.normalize(2, 4).apply(Tensor.of(new float[] {2, 6, 0}));
    assertThat(normal.dtype()).isEqualTo(DType.FLOAT32);
    assertThat(normal.toFloatArray()).containsExactly(0, 1, -0.5f);
  }

  @Test
  void normalizeByChannelTakesSamplesAndWholeTensors() {
    Transform normalize = Transforms.normalize(new double[] {0, 10}, new double[] {1, 2});
    Tensor sample = counted(2, 1, 2);
    assertThat(normalize.apply(sample).toFloatArray()).containsExactly(1, 2, -3.5f, -3);
    Tensor many = Tensor.stack(0, sample, sample);
    assertThat(normalize.apply(many).shape()).isEqualTo(many.shape());
    assertThat(normalize.apply(sample.to(DType.FLOAT64)).dtype()).isEqualTo(DType.FLOAT64);
    assertThatThrownBy(() -> normalize.apply(counted(3, 1, 2)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("normalize: sample (3, 1, 2) must be (…, 2, height, width)");
    assertThatThrownBy(() -> normalize.apply(counted(2, 2))).isInstanceOf(ShapeException.class);
  }

  @Test
  void integersAreNotNormalizedOrScaledInSilence() {
    Tensor integers = Tensor.of(new int[] {1, 2});
    assertThatThrownBy(() -> Transforms.normalize(0.5, 0.5).apply(integers))
        .isInstanceOf(DTypeException.class)
        .hasMessageContaining("put Transforms.to(DType.FLOAT32) before");
    assertThatThrownBy(() -> Transforms.scale(0.5).apply(integers))
        .isInstanceOf(DTypeException.class);
    Transform both = Transforms.to(DType.FLOAT32).andThen(Transforms.scale(0.5));
    assertThat(both.apply(integers).toFloatArray()).containsExactly(0.5f, 1);
  }

  @Test
  void flattenMakesAVector() {
    assertThat(Transforms.flatten().apply(counted(2, 3, 4)).shape()).isEqualTo(Shape.of(24));
  }

  @Test
  void oneHotMarksTheClass() {
    Tensor marked = Transforms.oneHot(3).apply(Tensor.of(new long[] {2, 0}));
    assertThat(marked.type().shape()).isEqualTo(Shape.of(2, 3));
    assertThat(marked.toLongArray()).containsExactly(0, 0, 1, 1, 0, 0);
    assertThat(Transforms.oneHot(2).apply(Tensor.scalar(1, DType.INT64)).toLongArray())
        .containsExactly(0, 1);
    assertThatThrownBy(() -> Transforms.oneHot(3).apply(Tensor.of(new long[] {1, 3})))
        .isInstanceOf(IndexException.class)
        .hasMessage("oneHot: target 3 is none of 3 classes");
    assertThatThrownBy(() -> Transforms.oneHot(3).apply(Tensor.zeros(2)))
        .isInstanceOf(DTypeException.class);
  }

  @Test
  void aFlipMirrorsTheLastAxisAsOftenAsAsked() {
    Tensor image = counted(1, 1, 3);
    Transform flip = Transforms.randomHorizontalFlip(0.3, new Generator(2));
    int flipped = 0;
    for (int i = 0; i < 2000; i++) {
      float[] result = flip.apply(image).toFloatArray();
      if (result[0] == 3) {
        assertThat(result).containsExactly(3, 2, 1);
        flipped++;
      } else {
        assertThat(result).containsExactly(1, 2, 3);
      }
    }
    // Five standard deviations.
    assertThat(flipped / 2000.0).isCloseTo(0.3, within(0.052));
    assertThat(Transforms.randomHorizontalFlip(0, new Generator(2)).apply(image)).isSameAs(image);
  }

  @Test
  void aCropIsASquareOfThePaddedImage() {
    Tensor image = counted(2, 3, 4);
    Tensor padded = image.pad(0, 1, 1, 1, 1);
    Transform crop = Transforms.randomCrop(3, 1, new Generator(5));
    boolean[][] seen = new boolean[3][4];
    for (int i = 0; i < 300; i++) {
      Tensor square = crop.apply(image);
      assertThat(square.shape()).isEqualTo(Shape.of(2, 3, 3));
      for (int top = 0; top < 3; top++) {
        for (int left = 0; left < 4; left++) {
          float[] candidate = padded.narrow(1, top, 3).narrow(2, left, 3).toFloatArray();
          seen[top][left] |= java.util.Arrays.equals(candidate, square.toFloatArray());
        }
      }
    }
    assertThat(seen)
        .isEqualTo(
            new boolean[][] {
              {true, true, true, true}, {true, true, true, true}, {true, true, true, true}
            });
    assertThatThrownBy(() -> Transforms.randomCrop(6, 1, new Generator(0)).apply(image))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("sample (2, 3, 4) with 1 zeros around has no square of 6 by 6");
  }

  @Test
  void aRandomTransformFollowsFromItsKeyAndTheThreadsGenerator() {
    Tensor image = counted(1, 8, 8);
    float[][] results = new float[3][];
    long[] keys = {4, 4, 9};
    for (int i = 0; i < results.length; i++) {
      Generator.manualSeed(1);
      results[i] = Transforms.randomCrop(8, 4, new Generator(keys[i])).apply(image).toFloatArray();
    }
    assertThat(results[1]).containsExactly(results[0]);
    assertThat(results[2]).isNotEqualTo(results[0]);
  }

  @Test
  void badArgumentsAreNamed() {
    assertThatThrownBy(() -> Transforms.normalize(0, 0))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("normalize: std must be finite and not 0, not 0.0");
    assertThatThrownBy(() -> Transforms.normalize(Double.NaN, 1))
        .isInstanceOf(ArgumentException.class);
    assertThatThrownBy(() -> Transforms.normalize(new double[2], new double[] {1}))
        .hasMessage("normalize: std and mean must have an entry for each channel: 1 and 2");
    assertThatThrownBy(() -> Transforms.oneHot(0)).isInstanceOf(ArgumentException.class);
    assertThatThrownBy(() -> Transforms.randomHorizontalFlip(1.5, new Generator(0)))
        .hasMessage("randomHorizontalFlip: p must be from 0 to 1, not 1.5");
    assertThatThrownBy(() -> Transforms.randomCrop(0, 0, new Generator(0)))
        .isInstanceOf(ArgumentException.class);
    assertThatThrownBy(() -> Transforms.randomCrop(1, -1, new Generator(0)))
        .isInstanceOf(ArgumentException.class);
  }
}
