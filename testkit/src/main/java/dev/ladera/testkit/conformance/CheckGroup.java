package dev.ladera.testkit.conformance;

import dev.ladera.Device;
import java.util.function.Function;
import java.util.stream.Stream;

/** The checks of a backend, in the groups in which they are run. */
enum CheckGroup {
  VALUES(device -> ValueChecks.of(OperatorCases.all(), device)),
  VIEWS(device -> ViewChecks.of(OperatorCases.all(), device)),
  SIZES(device -> SizeChecks.of(OperatorCases.all(), device)),
  EMPTY(device -> SizeChecks.empty(OperatorCases.all(), device)),
  LARGE(device -> SizeChecks.large(OperatorCases.all(), device)),
  SPECIAL_VALUES(SpecialValueChecks::of),
  RANDOM_CALLS(device -> RandomCallChecks.of(OperatorCases.all(), device)),
  DOCUMENTED(DocumentedAnswers::of),
  EXPRESSIONS(ExpressionChecks::of),
  COMPOSITES(device -> CompositeChecks.of(CompositeCases.all(), device)),
  RANDOM_BITS(RandomBitChecks::of),
  REPETITION(device -> SameBitsChecks.repeated(OperatorCases.all(), device)),
  THREADS(device -> SameBitsChecks.threads(OperatorCases.all(), device)),
  INPUTS(device -> InputChecks.of(OperatorCases.all(), device)),
  MEMORY(device ->
      Stream.concat(
          MemoryChecks.of(OperatorCases.families(), device), MemoryChecks.scopes(device))),
  GRADIENTS(device ->
      GradientChecks.engineIsThere()
          ? GradientChecks.of(OperatorCases.all(), device)
          : Stream.empty()),
  PYTORCH(PyTorchChecks::of),
  ERRORS(device -> ErrorChecks.of(OperatorCases.all(), device));

  private final Function<Device, Stream<Check>> checks;

  CheckGroup(Function<Device, Stream<Check>> checks) {
    this.checks = checks;
  }

  Stream<Check> on(Device device) {
    return checks.apply(device);
  }

  /** All checks of all groups. */
  static Stream<Check> all(Device device) {
    return Stream.of(values()).flatMap(group -> group.on(device));
  }
}
