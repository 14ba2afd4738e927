package dev.ladera.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.Generator;
import dev.ladera.IndexingOps;
import dev.ladera.LinearAlgebraOps;
import dev.ladera.NeuralOps;
import dev.ladera.PointwiseOps;
import dev.ladera.ReductionOps;
import dev.ladera.ShapeOps;
import dev.ladera.Tensor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of operations is complete. */
class OperatorCasesTest {
  private static final List<Class<?>> FAMILIES =
      List.of(
          PointwiseOps.class,
          ReductionOps.class,
          LinearAlgebraOps.class,
          ShapeOps.class,
          IndexingOps.class,
          NeuralOps.class,
          Tensor.class,
          Generator.class);

  private static final String STANDARD = "the method with a device, on the standard one";
  private static final String STATE = "tells what the tensor is; no kernel runs";
  private static final String GRADIENTS = "the engine's, whose tests check it";
  private static final String HOST = "computed on the host; the generator's own tests check it";

  /** Methods that need no case, each with the reason. */
  private static Map<String, String> excluded() {
    Map<String, String> reasons = new TreeMap<>();
    for (String method :
        List.of(
            "of(float[], int...)",
            "of(double[], int...)",
            "of(int[], int...)",
            "of(long[], int...)",
            "of(boolean[], int...)",
            "scalar(double)",
            "scalar(Number, DType)",
            "zeros(int...)",
            "ones(int...)",
            "arange(int)",
            "linspace(double, double, int)",
            "eye(int)",
            "rand(int...)",
            "randn(int...)",
            "randint(int, int, int...)",
            "randperm(int)")) {
      reasons.put(method, STANDARD);
    }
    for (String method :
        List.of(
            "shape()",
            "size(int)",
            "rank()",
            "elements()",
            "dtype()",
            "device()",
            "type()",
            "storage()",
            "isReleased()",
            "layout()",
            "isContiguous()",
            "toString()")) {
      reasons.put(method, STATE);
    }
    for (String method :
        List.of(
            "requiresGrad()",
            "requiresGrad(boolean)",
            "isLeaf()",
            "gradientNode()",
            "grad()",
            "grad(Tensor)",
            "clearGrad()",
            "retainGrad()",
            "registerHook(UnaryOperator)",
            "backward()",
            "backward(Tensor)",
            "backward(boolean, boolean)",
            "detach()",
            "gradientState()")) {
      reasons.put(method, GRADIENTS);
    }
    for (String method :
        List.of(
            "current()",
            "manualSeed(long)",
            "seed()",
            "offset()",
            "restore(long, long)",
            "split()",
            "nextInt(int)",
            "nextDouble()",
            "permutation(int)")) {
      reasons.put(method, HOST);
    }
    return reasons;
  }

  private static String signature(Method method) {
    List<String> types =
        Arrays.stream(method.getParameterTypes())
            .map(Class::getSimpleName)
            .collect(Collectors.toList());
    if (method.isVarArgs() && method.getParameterTypes()[types.size() - 1] == int[].class) {
      types.set(types.size() - 1, "int...");
    }
    return method.getName() + "(" + String.join(", ", types) + ")";
  }

  private static TreeSet<String> operations() {
    TreeSet<String> operations = new TreeSet<>();
    for (Class<?> family : FAMILIES) {
      for (Method method : family.getDeclaredMethods()) {
        if (Modifier.isPublic(method.getModifiers()) && !method.isSynthetic()) {
          operations.add(signature(method));
        }
      }
    }
    return operations;
  }

  @Test
  void everyPublicOperationHasACaseOrAReasonForNone() {
    TreeSet<String> missing = operations();
    assertThat(missing).hasSizeGreaterThan(200);
    OperatorCases.all().forEach(line -> missing.remove(line.operation()));
    missing.removeAll(excluded().keySet());
    assertThat(missing).as("operations without a case").isEmpty();
  }

  @Test
  void everyCaseAndEveryReasonNamesAnOperation() {
    TreeSet<String> named = new TreeSet<>(excluded().keySet());
    OperatorCases.all().forEach(line -> named.add(line.operation()));
    OperatorRecordCases.all().forEach(line -> named.remove(line.operation()));
    named.removeAll(operations());
    assertThat(named).as("names of no operation").isEmpty();
  }

  @Test
  void anOperationHasOneCaseAndEachSampleALabelOfItsOwn() {
    assertThat(OperatorCases.all()).extracting(OperatorCase::operation).doesNotHaveDuplicates();
    for (OperatorCase line : OperatorCases.all()) {
      assertThat(line.samples())
          .as(line.operation())
          .isNotEmpty()
          .extracting(OperatorCase.Sample::label)
          .doesNotHaveDuplicates();
      assertThat(line.refusals())
          .as(line.operation())
          .extracting(refusal -> refusal.sample().label())
          .doesNotHaveDuplicates();
    }
  }
}
