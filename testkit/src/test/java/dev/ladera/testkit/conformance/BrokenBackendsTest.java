package dev.ladera.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.IndexException;
import dev.ladera.Layout;
import dev.ladera.Tensor;
import dev.ladera.op.Convolution;
import dev.ladera.op.Operator;
import dev.ladera.op.Pointwise;
import dev.ladera.op.Pool;
import dev.ladera.op.Primitive;
import dev.ladera.spi.Storage;
import dev.ladera.testkit.conformance.BrokenBackend.Fault;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The suite finds what is wrong with a backend, and nothing where nothing is. */
class BrokenBackendsTest {
  private static final Fault NONE =
      (kernel, operator, inputs, outputs) -> kernel.run(operator, inputs, outputs);

  private static Device device(Fault fault) {
    return Device.of("broken", new BrokenBackend(fault));
  }

  private static List<String> failures(Stream<Check> checks) {
    List<String> failed = new ArrayList<>();
    checks.forEach(check -> {
      try {
        check.body().execute();
      } catch (Throwable failure) {
        failed.add(check.id() + ": " + failure);
      }
    });
    return failed;
  }

  private static void isFound(Fault fault, Function<Device, Stream<Check>> checks) {
    assertThat(failures(checks.apply(device(NONE)))).as("without the fault").isEmpty();
    assertThat(failures(checks.apply(device(fault)))).as("with the fault").isNotEmpty();
  }

  /** The fault for operators of one class only. */
  private static Fault in(Class<? extends Operator> type, Fault fault) {
    return (kernel, operator, inputs, outputs) ->
        (type.isInstance(operator) ? fault : NONE).run(kernel, operator, inputs, outputs);
  }

  private static Fault seeing(Function<Layout, Layout> wrong) {
    return (kernel, operator, inputs, outputs) -> {
      Tensor[] seen = new Tensor[inputs.length];
      for (int i = 0; i < seen.length; i++) {
        seen[i] =
            new Tensor(inputs[i].storage(), wrong.apply(inputs[i].layout()), inputs[i].device());
      }
      kernel.run(operator, seen, outputs);
    };
  }

  private static Fault insteadOf(Function<Operator, Operator> wrong) {
    return (kernel, operator, inputs, outputs) ->
        kernel.run(wrong.apply(operator), inputs, outputs);
  }

  /** Changes an output's array when the kernel is done. */
  private static void change(Tensor output, Function<double[], double[]> wrong) {
    if (output.dtype() == DType.FLOAT32) {
      double[] values = wrong.apply(output.toDoubleArray());
      float[] narrow = new float[values.length];
      for (int i = 0; i < narrow.length; i++) {
        narrow[i] = (float) values[i];
      }
      output.device().backend().write(narrow, 0, output.storage(), 0, narrow.length);
    }
  }

  @Test
  void stridesThatAreIgnored() {
    isFound(
        seeing(layout ->
            Layout.of(
                layout.shape(), Layout.contiguous(layout.shape()).strides(), layout.offset())),
        device -> ViewChecks.of(ReductionCases.all(), device));
  }

  @Test
  void anOffsetThatIsIgnored() {
    isFound(
        seeing(layout -> Layout.of(layout.shape(), layout.strides(), Math.min(0, layout.offset()))),
        device -> ViewChecks.of(PointwiseCases.all(), device));
  }

  @Test
  void flippedAxesThatAreReadForwards() {
    isFound(
        seeing(layout -> {
          long[] strides = layout.strides();
          long offset = layout.offset();
          for (int i = 0; i < strides.length; i++) {
            if (strides[i] < 0) {
              offset += strides[i] * (layout.shape().size(i) - 1);
              strides[i] = -strides[i];
            }
          }
          return Layout.of(layout.shape(), strides, offset);
        }),
        device -> ViewChecks.of(BinaryCases.all(), device));
  }

  @Test
  void elementsAfterTheLastWholeVectorThatAreForgotten() {
    Fault fault =
        (kernel, operator, inputs, outputs) -> {
          kernel.run(operator, inputs, outputs);
          for (Tensor output : outputs) {
            change(
                output,
                values -> {
                  for (int i = values.length / 8 * 8; i < values.length && values.length > 8; i++) {
                    values[i] = 0;
                  }
                  return values;
                });
          }
        };
    isFound(fault, device -> SizeChecks.of(PointwiseCases.all(), device));
  }

  @Test
  void nanThatIsLostInMaxima() {
    Fault fault =
        in(
            Primitive.Reduce.class,
            (kernel, operator, inputs, outputs) -> {
              kernel.run(operator, inputs, outputs);
              change(
                  outputs[0],
                  values -> {
                    for (int i = 0; i < values.length; i++) {
                      values[i] = Double.isNaN(values[i]) ? 0 : values[i];
                    }
                    return values;
                  });
            });
    isFound(fault, SpecialValueChecks::of);
    isFound(fault, DocumentedAnswers::of);
  }

  @Test
  void sumsThatLoseDigits() {
    Fault fault =
        in(
            Primitive.MatMul.class,
            (kernel, operator, inputs, outputs) -> {
              kernel.run(operator, inputs, outputs);
              change(
                  outputs[0],
                  values -> {
                    for (int i = 0; i < values.length; i++) {
                      values[i] *= 1 + 1e-5;
                    }
                    return values;
                  });
            });
    isFound(fault, device -> ValueChecks.of(LinearAlgebraCases.all(), device));
  }

  @Test
  void averagesThatCountPaddingWhereTheyShouldNot() {
    Fault fault =
        insteadOf(operator ->
            operator instanceof Pool pool && pool.kind() == Pool.Kind.AVERAGE
                ? new Pool(
                    pool.kind(),
                    pool.kernel(),
                    pool.stride(),
                    pool.padding(),
                    pool.dilation(),
                    pool.ceilMode(),
                    true)
                : operator);
    isFound(fault, device -> ValueChecks.of(WindowCases.all(), device));
    isFound(fault, PyTorchChecks::of);
  }

  @Test
  void theWrongGroupsOfAConvolutionsGradient() {
    Fault fault =
        in(
            Convolution.WeightGradient.class,
            (kernel, operator, inputs, outputs) -> {
              Tensor flipped = inputs[0].flip(1).copy();
              kernel.run(operator, new Tensor[] {flipped, inputs[1]}, outputs);
            });
    isFound(fault, device -> ValueChecks.of(OperatorRecordCases.all(), device));
  }

  @Test
  void anIndexThatIsNotChecked() {
    Fault fault =
        (kernel, operator, inputs, outputs) -> {
          try {
            kernel.run(operator, inputs, outputs);
          } catch (IndexException unchecked) {
            // What a kernel without a check would do: answer something.
            outputs[0].fill(0);
          }
        };
    isFound(fault, device -> ErrorChecks.of(IndexingCases.all(), device));
  }

  @Test
  void randomBitsThatBeginABlockTooLate() {
    Fault fault =
        insteadOf(operator ->
            operator instanceof Primitive.RandomBits bits
                ? new Primitive.RandomBits(bits.seed(), bits.offset() + 1, bits.count())
                : operator);
    isFound(fault, RandomBitChecks::of);
  }

  @Test
  void answersThatChange() {
    AtomicInteger calls = new AtomicInteger();
    Fault fault =
        (kernel, operator, inputs, outputs) -> {
          kernel.run(operator, inputs, outputs);
          if (calls.incrementAndGet() % 7 == 0) {
            change(
                outputs.length == 0 ? inputs[0] : outputs[0],
                values -> {
                  for (int i = 0; i < values.length; i++) {
                    values[i] = Math.nextUp((float) values[i]);
                  }
                  return values;
                });
          }
        };
    isFound(fault, device -> SameBitsChecks.repeated(ReductionCases.all(), device));
  }

  @Test
  void aBufferThatThreadsShare() {
    Tensor[][] buffer = {{}};
    Fault fault =
        (kernel, operator, inputs, outputs) -> {
          buffer[0] = outputs;
          Thread.yield();
          kernel.run(operator, inputs, buffer[0]);
        };
    List<OperatorCase> some = LinearAlgebraCases.all();
    isFound(fault, device -> SameBitsChecks.threads(some, device));
  }

  @Test
  void storagesThatAreKept() {
    List<Storage> kept = Collections.synchronizedList(new ArrayList<>());
    Fault fault =
        (kernel, operator, inputs, outputs) -> {
          kernel.run(operator, inputs, outputs);
          for (Tensor output : outputs) {
            kept.add(output.storage());
          }
        };
    isFound(
        fault,
        device -> MemoryChecks.of(Map.of("few", LinearAlgebraCases.all().subList(1, 2)), device));
  }

  @Test
  void expressionsWhoseTypesAreMixedUp() {
    Fault fault =
        in(
            Pointwise.class,
            (kernel, operator, inputs, outputs) -> {
              kernel.run(operator, inputs, outputs);
              change(
                  outputs[0],
                  values -> {
                    for (int i = 0; i < values.length; i++) {
                      values[i] = Math.rint(values[i] * 4096) / 4096;
                    }
                    return values;
                  });
            });
    isFound(fault, ExpressionChecks::of);
  }

  @Test
  void aBitThatDiffersBetweenDevices() {
    Fault fault =
        (kernel, operator, inputs, outputs) -> {
          kernel.run(operator, inputs, outputs);
          change(
              outputs[0],
              values -> {
                values[0] = Math.nextUp((float) values[0]);
                return values;
              });
        };
    List<OperatorCase> some = LinearAlgebraCases.all().subList(1, 2);
    isFound(fault, device -> SameBitsConformance.checks(some, device(NONE), device));
  }

  @Test
  void anInputThatIsWrittenTo() {
    Fault fault =
        in(
            Primitive.MatMul.class,
            (kernel, operator, inputs, outputs) -> {
              kernel.run(operator, inputs, outputs);
              change(inputs[1], values -> new double[values.length]);
            });
    isFound(fault, device -> InputChecks.of(LinearAlgebraCases.all(), device));
  }

  @Test
  void noElementsThatAreAnsweredWhereTheyShouldBeRefused() {
    OperatorCase largest =
        OperatorCase.of("largest", (device, in) -> List.of(in.get(0).amax(0)))
            .sample("vector", Operand.of(3))
            .sized(n -> List.of(Operand.of(n)));
    OperatorCase lenient =
        OperatorCase.of(
                "largest",
                (device, in) ->
                    List.of(
                        in.get(0).elements() == 0 && device.type().equals("broken")
                            ? in.get(0).sum(0)
                            : in.get(0).amax(0)))
            .sample("vector", Operand.of(3))
            .sized(n -> List.of(Operand.of(n)));
    assertThat(failures(SizeChecks.empty(List.of(largest), device(NONE)))).isEmpty();
    assertThat(failures(SizeChecks.empty(List.of(lenient), device(NONE)))).isNotEmpty();
  }

  @Test
  void aFaultWhereOnlyOneInputLiesBackwardsIsFoundByRandomCalls() {
    Fault fault =
        in(
            Pointwise.class,
            (kernel, operator, inputs, outputs) -> {
              kernel.run(operator, inputs, outputs);
              if (inputs.length == 2 && lastStride(inputs[0]) > 0 && lastStride(inputs[1]) < 0) {
                change(
                    outputs[0],
                    values -> {
                      values[0] += 1;
                      return values;
                    });
              }
            });
    List<OperatorCase> add = BinaryCases.all().subList(0, 1);
    assertThat(failures(RandomCallChecks.of(add, device(NONE)))).isEmpty();
    assertThat(failures(ViewChecks.of(add, device(fault)))).isEmpty();
    assertThat(failures(RandomCallChecks.of(add, device(fault))))
        .singleElement()
        .asString()
        .contains("random/add(Tensor)", "sample '", "float32 (", "ladera.conformance.seed=1");
  }

  private static long lastStride(Tensor tensor) {
    return tensor.rank() == 0 ? 0 : tensor.layout().stride(tensor.rank() - 1);
  }
}
