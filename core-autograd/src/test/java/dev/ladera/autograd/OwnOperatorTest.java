package dev.ladera.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.Device;
import dev.ladera.Tensor;
import dev.ladera.op.Composite;
import dev.ladera.op.Gradient;
import dev.ladera.op.TensorType;
import dev.ladera.testkit.conformance.Operand;
import dev.ladera.testkit.conformance.OperatorCase;
import dev.ladera.testkit.conformance.OperatorConformance;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The suite of operators of a user's own knows right gradients from wrong ones. */
class OwnOperatorTest {
  /** x³, with a rule of one's own for its gradient. */
  private record Cube(Gradient gradient) implements Composite {
    @Override
    public String name() {
      return "ownCube";
    }

    @Override
    public TensorType[] infer(TensorType... inputs) {
      return inputs;
    }

    @Override
    public Tensor[] decompose(Tensor... inputs) {
      return new Tensor[] {inputs[0].square().mul(inputs[0])};
    }
  }

  /** A rule from x and the output's gradient. */
  private static Gradient rule(BinaryOperator<Tensor> formula) {
    return Gradient.of((inputs, _, gradients) ->
        List.of(formula.apply(inputs.get(0), Objects.requireNonNull(gradients.get(0)))));
  }

  private static OperatorCase cube(Gradient gradient) {
    return OperatorCase.of(new Cube(gradient))
        .sample("matrix", Operand.of(3, 4))
        .sample("scalar", Operand.of())
        .sized(n -> List.of(Operand.of(n)));
  }

  private static Stream<DynamicTest> tests(Gradient gradient) {
    return OperatorConformance.of(Device.of("reference"), cube(gradient));
  }

  private static Set<String> failing(Gradient gradient) {
    Set<String> names = new TreeSet<>();
    tests(gradient)
        .forEach(test -> {
          try {
            test.getExecutable().execute();
          } catch (Throwable failure) {
            names.add(test.getDisplayName() + ": " + failure.getMessage());
          }
        });
    return names;
  }

  @TestFactory
  Stream<DynamicTest> aRightRule() {
    return tests(rule((x, slope) -> x.square().mul(3).mul(slope)));
  }

  @TestFactory
  Stream<DynamicTest> theGradientOfTheBody() {
    return tests(Gradient.ofBody());
  }

  @Test
  void aWrongSignIsFound() {
    assertThat(failing(rule((x, slope) -> x.square().mul(-3).mul(slope))))
        .singleElement()
        .asString()
        .startsWith("gradients/ownCube/first order")
        .contains("matrix: the gradient's slope is");
  }

  @Test
  void aSlopeThatIsNotDifferentiatedAgainIsFound() {
    assertThat(failing(rule((x, slope) -> x.detach().square().mul(3).mul(slope))))
        .singleElement()
        .asString()
        .startsWith("gradients/ownCube/second order");
  }

  @Test
  void anOperatorWithoutAGradientThatClaimsOneIsFound() {
    assertThat(failing(Gradient.none()))
        .isNotEmpty()
        .allMatch(failure -> failure.startsWith("gradients/") && failure.contains("ownCube"));
  }
}
