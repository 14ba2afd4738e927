package dev.ladera.optim;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.DType;
import dev.ladera.StateDict;
import dev.ladera.Tensor;
import dev.ladera.testkit.conformance.PyTorchCase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Twenty steps of every optimizer against PyTorch, by the words that PyTorch makes it with, of two
 * parameters: together, or each in a group of its own.
 */
final class OptimizersTest {
  private static final int STEPS = 20;
  private static final Set<Integer> KEPT = Set.of(1, 2, 5, STEPS);
  private static final Map<String, PyTorchCase> CASES =
      PyTorchCase.read(OptimizersTest.class, "optimizers.txt");
  private static final PyTorchCase START = Objects.requireNonNull(CASES.get("start"));

  private static final Map<String, Function<List<Tensor>, Optimizer>> OPTIMIZERS =
      new LinkedHashMap<>();

  static {
    Stream.of(descents(), adams(), others()).forEach(OPTIMIZERS::putAll);
  }

  private static Map<String, Function<List<Tensor>, Optimizer>> descents() {
    return Map.of(
        "SGD(both, lr=0.1)",
        p -> new SGD(p, 0.1),
        "SGD(both, lr=0.1, weight_decay=0.2)",
        p -> new SGD(p, 0.1).weightDecay(0.2),
        "SGD(both, lr=0.1, maximize=True)",
        p -> new SGD(p, 0.1).maximize(true),
        "SGD(both, lr=0.05, momentum=0.9)",
        p -> new SGD(p, 0.05).momentum(0.9),
        "SGD(both, lr=0.05, momentum=0.9, dampening=0.3, weight_decay=0.01)",
        p -> new SGD(p, 0.05).momentum(0.9).dampening(0.3).weightDecay(0.01),
        "SGD(both, lr=0.05, momentum=0.5, dampening=1.0)",
        p -> new SGD(p, 0.05).momentum(0.5).dampening(1),
        "SGD(both, lr=0.05, momentum=0.8, nesterov=True)",
        p -> new SGD(p, 0.05).momentum(0.8).nesterov(true),
        "SGD(both, lr=0.05, momentum=0.8, weight_decay=0.1, nesterov=True, maximize=True)",
        p -> new SGD(p, 0.05).momentum(0.8).weightDecay(0.1).nesterov(true).maximize(true),
        "SGD(own, lr=0.1, momentum=0.5)",
        p -> new SGD(p, 0.1).momentum(0.5));
  }

  private static Map<String, Function<List<Tensor>, Optimizer>> adams() {
    return Map.ofEntries(
        entry("Adam(both, lr=0.1)", p -> new Adam(p, 0.1)),
        entry("Adam(both, lr=0.1, betas=(0.0, 0.9))", p -> new Adam(p, 0.1).betas(0, 0.9)),
        entry("Adam(both, lr=0.1, betas=(0.9, 0.0))", p -> new Adam(p, 0.1).betas(0.9, 0)),
        entry("Adam(both, lr=0.1, eps=1.0)", p -> new Adam(p, 0.1).eps(1)),
        entry("Adam(both, lr=0.05, weight_decay=0.3)", p -> new Adam(p, 0.05).weightDecay(0.3)),
        entry("Adam(both, lr=0.05, maximize=True)", p -> new Adam(p, 0.05).maximize(true)),
        entry("Adam(both, lr=0.05, amsgrad=True)", p -> new Adam(p, 0.05).amsgrad(true)),
        entry(
            "Adam(both, lr=0.05, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1, amsgrad=True,"
                + " maximize=True)",
            p ->
                new Adam(p, 0.05)
                    .betas(0.8, 0.95)
                    .eps(1e-6)
                    .weightDecay(0.1)
                    .amsgrad(true)
                    .maximize(true)),
        entry("Adam(own, lr=0.1, betas=(0.7, 0.99))", p -> new Adam(p, 0.1).betas(0.7, 0.99)),
        entry("AdamW(both, lr=0.1)", p -> new AdamW(p, 0.1)),
        entry("AdamW(both, lr=0.1, weight_decay=0.0)", p -> new AdamW(p, 0.1).weightDecay(0)),
        entry("AdamW(both, lr=0.05, maximize=True)", p -> new AdamW(p, 0.05).maximize(true)),
        entry(
            "AdamW(both, lr=0.05, betas=(0.7, 0.9), eps=1e-6, weight_decay=0.2, amsgrad=True,"
                + " maximize=True)",
            p ->
                new AdamW(p, 0.05)
                    .betas(0.7, 0.9)
                    .eps(1e-6)
                    .weightDecay(0.2)
                    .amsgrad(true)
                    .maximize(true)),
        entry("AdamW(own, lr=0.1)", p -> new AdamW(p, 0.1)));
  }

  private static Map<String, Function<List<Tensor>, Optimizer>> others() {
    return Map.ofEntries(
        entry("RMSprop(both, lr=0.05)", p -> new RMSprop(p, 0.05)),
        entry("RMSprop(both, lr=0.05, alpha=0.0)", p -> new RMSprop(p, 0.05).alpha(0)),
        entry("RMSprop(both, lr=0.05, centered=True)", p -> new RMSprop(p, 0.05).centered(true)),
        entry("RMSprop(both, lr=0.02, momentum=0.6)", p -> new RMSprop(p, 0.02).momentum(0.6)),
        entry(
            "RMSprop(both, lr=0.05, weight_decay=0.2, maximize=True)",
            p -> new RMSprop(p, 0.05).weightDecay(0.2).maximize(true)),
        entry(
            "RMSprop(both, lr=0.02, alpha=0.9, eps=1e-5, weight_decay=0.05, momentum=0.6,"
                + " centered=True)",
            p ->
                new RMSprop(p, 0.02)
                    .alpha(0.9)
                    .eps(1e-5)
                    .weightDecay(0.05)
                    .momentum(0.6)
                    .centered(true)),
        entry("RMSprop(own, lr=0.05, momentum=0.3)", p -> new RMSprop(p, 0.05).momentum(0.3)),
        entry("Adagrad(both, lr=0.2)", p -> new Adagrad(p, 0.2)),
        entry("Adagrad(both, lr=0.2, lr_decay=0.1)", p -> new Adagrad(p, 0.2).lrDecay(0.1)),
        entry("Adagrad(both, lr=0.2, maximize=True)", p -> new Adagrad(p, 0.2).maximize(true)),
        entry(
            "Adagrad(both, lr=0.2, lr_decay=0.1, weight_decay=0.05, initial_accumulator_value=0.3,"
                + " eps=1e-6)",
            p ->
                new Adagrad(p, 0.2)
                    .lrDecay(0.1)
                    .weightDecay(0.05)
                    .initialAccumulator(0.3)
                    .eps(1e-6)),
        entry("Adagrad(own, lr=0.2)", p -> new Adagrad(p, 0.2)));
  }

  private static Stream<Arguments> cases() {
    return OPTIMIZERS.keySet().stream()
        .flatMap(words ->
            Stream.of(DType.FLOAT32, DType.FLOAT64).map(dtype -> Arguments.of(words, dtype)));
  }

  @Test
  void everyCaseHasItsOptimizer() {
    List<String> words = new ArrayList<>(OPTIMIZERS.keySet());
    words.add("start");
    assertThat(CASES.keySet()).containsExactlyInAnyOrderElementsOf(words);
  }

  /** The two parameters and their optimizer. */
  private static final class Descent {
    private final String words;
    private final Map<String, Tensor> parameters = new LinkedHashMap<>();
    private Optimizer optimizer;

    Descent(String words, DType dtype) {
      this.words = words;
      for (String name : List.of("first", "second")) {
        parameters.put(name, START.get(name).to(dtype).requiresGrad(true));
      }
      this.optimizer = optimizer();
    }

    private Optimizer optimizer() {
      List<Tensor> all = List.copyOf(parameters.values());
      Function<List<Tensor>, Optimizer> make = Objects.requireNonNull(OPTIMIZERS.get(words));
      if (words.contains("(both,")) {
        return make.apply(all);
      }
      Optimizer made = make.apply(all.subList(0, 1));
      made.addGroup(all.subList(1, 2)).set("lr", 0.01).set("weightDecay", 0.5);
      return made;
    }

    /** A gradient is a pull to the origin and what the script says; some steps have none. */
    void step(int step) {
      parameters.forEach((name, parameter) -> {
        String wave = step + "." + name;
        parameter.clearGrad();
        if (START.has(wave)) {
          Tensor pull = parameter.detach().mul(0.3);
          parameter.grad(START.get(wave).to(parameter.dtype()).add(pull));
        }
      });
      optimizer.step();
    }

    /** Goes on with an optimizer that knows nothing but the state of this one. */
    void resume() {
      StateDict state = optimizer.stateDict();
      optimizer = optimizer();
      optimizer.groups().forEach(group -> group.lr(0.7));
      optimizer.loadStateDict(state);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void parametersArePyTorchs(String words, DType dtype) {
    PyTorchCase answers = Objects.requireNonNull(CASES.get(words));
    Descent descent = new Descent(words, dtype);
    for (int step = 1; step <= STEPS; step++) {
      descent.step(step - 1);
      if (KEPT.contains(step)) {
        String prefix = dtype + "." + step + ".";
        descent.parameters.forEach((name, parameter) ->
            answers.assertClose(prefix + name, parameter, dtype == DType.FLOAT32 ? 1e-6 : 1e-11));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aSavedStateGoesOnWithTheSameBits(String words, DType dtype) {
    Descent whole = new Descent(words, dtype);
    Descent resumed = new Descent(words, dtype);
    for (int step = 0; step < STEPS; step++) {
      whole.step(step);
      resumed.step(step);
      if (step < 3 || step == 10) {
        resumed.resume();
      }
    }
    whole.parameters.forEach((name, parameter) ->
        assertThat(Objects.requireNonNull(resumed.parameters.get(name)).toDoubleArray())
            .containsExactly(parameter.toDoubleArray()));
  }
}
