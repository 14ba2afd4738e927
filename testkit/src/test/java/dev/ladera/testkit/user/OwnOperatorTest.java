package dev.ladera.testkit.user;

import static dev.ladera.testkit.conformance.OperatorCase.FLOATING;
import static dev.ladera.testkit.conformance.OperatorCase.NUMBERS;
import static dev.ladera.testkit.conformance.OperatorCase.Smoothness.NONE;
import static dev.ladera.testkit.conformance.OperatorCase.Smoothness.TWICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ladera.DType;
import dev.ladera.DTypeException;
import dev.ladera.Device;
import dev.ladera.Layout;
import dev.ladera.Tensor;
import dev.ladera.op.Operator;
import dev.ladera.op.Pointwise;
import dev.ladera.spi.Kernel;
import dev.ladera.spi.Storage;
import dev.ladera.testkit.conformance.Operand;
import dev.ladera.testkit.conformance.OperatorCase;
import dev.ladera.testkit.conformance.OperatorConformance;
import dev.ladera.testkit.conformance.Tolerance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;

/** Operators of a user's own: right ones pass, and of wrong ones it is said what is wrong. */
class OwnOperatorTest {
  private static final Pointwise ADD_CUBE =
      Pointwise.of("addCube", (sum, x) -> sum.add(x.mul(x).mul(x)));

  private static final OperatorCase MISH =
      OperatorCase.of(new Mish())
          .reference(in -> in.get(0).mul(in.get(0).exp().log1p().tanh()))
          .sample("matrix", Operand.of(3, 4))
          .sample("cube", Operand.of(2, 3, 4))
          .sample("scalar", Operand.of())
          .sized(n -> List.of(Operand.of(n)))
          .dtypes(FLOATING)
          .tolerance(Tolerance.units(8))
          .differentiable(TWICE)
          .refusing("integers", DTypeException.class, "floating", Operand.of(3).as(DType.INT32));

  private static double mish(double x) {
    return x * Math.tanh(x > 20 ? x : Math.log1p(Math.exp(x)));
  }

  /** A kernel that goes through the elements in row-major order. */
  private static Kernel elementwise(DoubleUnaryOperator function) {
    return (_, inputs, outputs) -> {
      double[] values = inputs[0].toDoubleArray();
      write(outputs[0], Arrays.stream(values).map(function).toArray());
    };
  }

  /** Writes the leading elements of a contiguous tensor. */
  private static void write(Tensor to, double[] values) {
    Object array = values;
    if (to.dtype() == DType.FLOAT32) {
      float[] narrow = new float[values.length];
      for (int i = 0; i < narrow.length; i++) {
        narrow[i] = (float) values[i];
      }
      array = narrow;
    }
    to.device().backend().write(array, 0, to.storage(), 0, values.length);
  }

  private static Device device(Kernel kernel) {
    return Device.of("mine", new MishBackend(kernel));
  }

  @TestFactory
  Stream<DynamicTest> aKernelOfOnesOwn() {
    return OperatorConformance.of(device(elementwise(OwnOperatorTest::mish)), MISH);
  }

  @TestFactory
  Stream<DynamicTest> functionsOfTensors() {
    return OperatorConformance.of(
        Device.of("reference"),
        OperatorCase.of("cube", in -> in.get(0).map(x -> x.mul(x).mul(x)))
            .sample("matrix", Operand.of(3, 4))
            .sample("none", Operand.of(0, 4))
            .sized(n -> List.of(Operand.of(n)))
            .dtypes(NUMBERS)
            .tolerance(Tolerance.EXACT),
        OperatorCase.of("ends", (_, in) -> List.of(in.get(0).amin(), in.get(0).amax()))
            .sample("vector", Operand.of(7))
            .sample(
                "of rows",
                (_, in) -> List.of(in.get(0).amin(1), in.get(0).amax(1)),
                Operand.of(3, 4))
            .sized(n -> List.of(Operand.of(n)))
            .tolerance(Tolerance.EXACT),
        OperatorCase.of("accumulate", in -> in.get(0).assign(ADD_CUBE, in.get(1)))
            .sample("vector", Operand.of(7), Operand.of(7))
            .mutates(1)
            .differentiable(NONE));
  }

  /** The kinds of tests that fail, such as {@code values}. */
  private static Set<String> failing(Device device, OperatorCase... cases) {
    Set<String> kinds = new TreeSet<>();
    OperatorConformance.of(device, cases)
        .forEach(test -> {
          try {
            test.getExecutable().execute();
          } catch (TestAbortedException skipped) {
            assertThat(skipped).hasMessageMatching("no differentiation .*|.* calls no composite");
          } catch (Throwable failure) {
            assertThat(failure).hasMessageContaining(test.getDisplayName());
            kinds.add(test.getDisplayName().split("/", 2)[0]);
          }
        });
    return kinds;
  }

  private static Set<String> failing(Kernel kernel) {
    return failing(device(kernel), MISH);
  }

  @Test
  void aWrongFormulaIsFound() {
    assertThat(failing(elementwise(x -> mish(x) * (1 + 1e-5))))
        .contains("values", "views", "sizes", "large", "composites");
  }

  @Test
  void aKernelThatIgnoresStridesIsFound() {
    Kernel kernel =
        (operator, inputs, outputs) -> {
          Layout layout = inputs[0].layout();
          Layout plain =
              Layout.of(
                  layout.shape(), Layout.contiguous(layout.shape()).strides(), layout.offset());
          Tensor seen = new Tensor(inputs[0].storage(), plain, inputs[0].device());
          elementwise(OwnOperatorTest::mish).run(operator, new Tensor[] {seen}, outputs);
        };
    // Where strides are negative, it reads beyond the storage's end, and throws.
    assertThat(failing(kernel)).contains("views").doesNotContain("values", "sizes");
  }

  @Test
  void aKernelThatWritesIntoItsInputIsFound() {
    Kernel kernel =
        (operator, inputs, outputs) -> {
          elementwise(OwnOperatorTest::mish).run(operator, inputs, outputs);
          write(inputs[0], new double[] {7});
        };
    assertThat(failing(kernel)).contains("inputs").doesNotContain("values", "views");
  }

  @Test
  void aKernelThatForgetsTheLastElementsIsFound() {
    Kernel kernel =
        (_, inputs, outputs) -> {
          double[] values =
              Arrays.stream(inputs[0].toDoubleArray()).map(OwnOperatorTest::mish).toArray();
          int whole = values.length < 32 ? values.length : values.length / 8 * 8;
          write(outputs[0], Arrays.copyOf(values, whole));
        };
    assertThat(failing(kernel)).contains("sizes", "large").doesNotContain("values", "views");
  }

  @Test
  void aKernelThatLosesNanIsFound() {
    assertThat(failing(elementwise(x -> Double.isNaN(x) ? 0 : mish(x))))
        .containsExactly("specials");
  }

  @Test
  void aKernelWhoseAnswersChangeIsFound() {
    AtomicInteger calls = new AtomicInteger();
    assertThat(failing(elementwise(x -> mish(x) * (1 + calls.incrementAndGet() * 1e-9))))
        .contains("repeated", "threads");
  }

  @Test
  void aKernelThatKeepsMemoryIsFound() {
    List<Storage> kept = Collections.synchronizedList(new ArrayList<>());
    Kernel kernel =
        (operator, inputs, outputs) -> {
          elementwise(OwnOperatorTest::mish).run(operator, inputs, outputs);
          kept.add(outputs[0].storage());
        };
    assertThat(failing(kernel)).containsExactly("memory");
  }

  @Test
  void aWrongTypeIsFound() {
    assertThat(
            failing(
                Device.of("reference"),
                OperatorCase.of("widening", in -> in.get(0).to(DType.FLOAT64).exp())
                    .reference(in -> in.get(0).exp())
                    .sample("vector", Operand.of(7))))
        .contains("values");
  }

  @Test
  void whatIsNotRefusedIsFound() {
    OperatorCase sum = OperatorCase.of("sum", in -> in.get(0).sum()).sample("any", Operand.of(3));
    assertThat(
            failing(
                Device.of("reference"),
                sum.refusing("integers", DTypeException.class, "floating", Operand.of(3))))
        .containsExactly("errors");
  }

  @Test
  void anOperatorWhoseDecompositionHasAnotherTypeIsFound() {
    record Wrong() implements dev.ladera.op.Composite {
      @Override
      public String name() {
        return "wrong";
      }

      @Override
      public dev.ladera.op.TensorType[] infer(dev.ladera.op.TensorType... inputs) {
        return inputs;
      }

      @Override
      public Tensor[] decompose(Tensor... inputs) {
        return new Tensor[] {inputs[0].sum(true, 0)};
      }
    }

    Operator wrong = new Wrong();
    assertThat(
            failing(Device.of("reference"), OperatorCase.of(wrong).sample("any", Operand.of(3, 2))))
        .contains("values", "views");
  }

  @Test
  void aCaseWithoutASampleAndLabelsThatStandTwiceAreRefused() {
    OperatorCase none = OperatorCase.of("sum", in -> in.get(0).sum());
    Device device = Device.of("reference");
    assertThatThrownBy(() -> OperatorConformance.of(device, none))
        .hasMessageContaining("sum has no sample");
    OperatorCase one = none.sample("any", Operand.of(3));
    assertThatThrownBy(() -> OperatorConformance.of(device, one.sample("any", Operand.of(4))))
        .hasMessageContaining("two samples with the label 'any'");
    assertThatThrownBy(() -> OperatorConformance.of(device, one, one))
        .hasMessageContaining("two cases are named sum");
    assertThat(OperatorConformance.of(device, one).map(DynamicTest::getDisplayName))
        .contains("values/sum/any/float32", "memory/sum", "inputs/sum/float64");
  }
}
