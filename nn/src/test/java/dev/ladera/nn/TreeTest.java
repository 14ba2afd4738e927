package dev.ladera.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.Tensor;
import dev.ladera.testkit.conformance.PyTorchCase;
import org.junit.jupiter.api.Test;

/** What modules print. */
final class TreeTest {
  private static Sequential everything() {
    return new Sequential(
        new Conv1d(4, 6, 3).stride(2).padding(1).dilation(2).groups(2).bias(false),
        new Conv1d(1, 1, 3).paddingSame(),
        new Conv2d(1, 6, 5).padding(2),
        new Conv2d(1, 6, 5, 3).stride(1, 2),
        new Conv2d(1, 6, 5, 3).paddingSame(),
        new MaxPool2d(2),
        new MaxPool2d(3, 2).padding(1).dilation(1, 2).ceilMode(true),
        new AvgPool2d(2),
        new AvgPool2d(3, 2).stride(1).padding(1).ceilMode(true).countIncludePad(false),
        new BatchNorm1d(3),
        new BatchNorm2d(6).affine(false).cumulativeAverage().trackRunningStats(false).eps(1e-3),
        new BatchNorm1d(3).bias(false).momentum(0.25),
        new LayerNorm(10),
        new LayerNorm(3, 4).elementwiseAffine(false).eps(1e-12),
        new LayerNorm(4).bias(false),
        new Embedding(10, 3),
        new Embedding(10, 3).paddingIdx(-1),
        new Dropout(),
        new Dropout(0.25),
        new Flatten(),
        new Flatten(0, 1),
        new ReLU(),
        new LeakyReLU(),
        new LeakyReLU(1e-5),
        new ELU(),
        new GELU(),
        new GELU(GELU.Form.TANH),
        new SiLU(),
        new Tanh(),
        new Sigmoid(),
        new Softplus(),
        new Softplus(2, 10),
        new Softmax(1),
        new LogSoftmax(1),
        new Identity(),
        new Sequential(),
        new Sequential(new Sequential(new Linear(3, 4).bias(false))),
        new Linear(784, 128));
  }

  @Test
  void theTreePrintsAsInPyTorch() {
    assertThat(everything() + "\n").isEqualTo(PyTorchCase.text(TreeTest.class, "tree.txt"));
  }

  @Test
  void aModuleOfOnesOwnPrintsItsClassItsFieldsAndItsDescription() {
    final class Net extends Module {
      private final Linear hidden = register("hidden", new Linear(2, 3));

      @Override
      public Tensor forward(Tensor input) {
        return hidden.forward(input);
      }

      @Override
      protected String describe() {
        return "depth=1";
      }
    }
    assertThat(new Net())
        .hasToString(
            """
            Net(
              depth=1
              (hidden): Linear(in_features=2, out_features=3, bias=True)
            )\
            """);
  }

  @Test
  void lossesPrintAsInPyTorch() {
    assertThat(new CrossEntropyLoss().labelSmoothing(0.1)).hasToString("CrossEntropyLoss()");
    assertThat(new BCEWithLogitsLoss()).hasToString("BCEWithLogitsLoss()");
  }

  @Test
  void numbersPrintAsInPython() {
    assertThat(PythonText.number(1e-5)).isEqualTo("1e-05");
    assertThat(PythonText.number(0.0001)).isEqualTo("0.0001");
    assertThat(PythonText.number(-0.1)).isEqualTo("-0.1");
    assertThat(PythonText.number(1e15)).isEqualTo("1000000000000000.0");
    assertThat(PythonText.number(1.5e16)).isEqualTo("1.5e+16");
    assertThat(PythonText.number(2.5e-123)).isEqualTo("2.5e-123");
    assertThat(PythonText.number(0)).isEqualTo("0.0");
    assertThat(PythonText.number(Double.NEGATIVE_INFINITY)).isEqualTo("-inf");
    assertThat(PythonText.number(Double.NaN)).isEqualTo("nan");
  }
}
