package dev.ladera.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Shape;
import dev.ladera.StateDict;
import dev.ladera.Tensor;
import dev.ladera.testkit.conformance.PyTorchCase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every schedule against PyTorch, by the words that PyTorch makes it with: the rates and momenta of
 * two groups at each step, and the parameters in the end.
 */
final class SchedulesTest {
  private static final int STEPS = 24;
  private static final double TOLERANCE = 1e-11;
  private static final Map<String, PyTorchCase> CASES =
      PyTorchCase.read(SchedulesTest.class, "schedules.txt");
  private static final IntToDoubleFunction INVERSE = epoch -> 1.0 / (1 + epoch);
  private static final IntToDoubleFunction POWER = epoch -> Math.pow(0.9, epoch);

  private static final Map<String, Function<Optimizer, List<Scheduler>>> SCHEDULES =
      new LinkedHashMap<>();
  private static final Map<String, Function<Optimizer, ReduceLROnPlateau>> PLATEAUS =
      Map.of(
          "ReduceLROnPlateau(optimizer, patience=2)",
          o -> new ReduceLROnPlateau(o).patience(2),
          "ReduceLROnPlateau(optimizer, factor=0.5, patience=0, eps=0.05)",
          o -> new ReduceLROnPlateau(o).factor(0.5).patience(0).eps(0.05),
          "ReduceLROnPlateau(optimizer, factor=0.5, patience=1, threshold=0.05,"
              + " threshold_mode='abs', cooldown=2, min_lr=0.1)",
          o ->
              new ReduceLROnPlateau(o)
                  .factor(0.5)
                  .patience(1)
                  .threshold(0.05, false)
                  .cooldown(2)
                  .least(0.1),
          "ReduceLROnPlateau(optimizer, factor=0.5, patience=1, threshold=0.02,"
              + " min_lr=[0.1, 0.003])",
          o ->
              new ReduceLROnPlateau(o)
                  .factor(0.5)
                  .patience(1)
                  .threshold(0.02, true)
                  .least(List.of(0.1, 0.003)),
          "ReduceLROnPlateau(optimizer, mode='max', factor=0.3, patience=3)",
          o -> new ReduceLROnPlateau(o).largerIsBetter().factor(0.3).patience(3),
          "ReduceLROnPlateau(optimizer, mode='max', patience=1, threshold=0.1,"
              + " threshold_mode='abs')",
          o -> new ReduceLROnPlateau(o).largerIsBetter().patience(1).threshold(0.1, false),
          "ReduceLROnPlateau(optimizer, factor=0.0, patience=4, min_lr=0.001)",
          o -> new ReduceLROnPlateau(o).factor(0).patience(4).least(0.001));

  static {
    stairsAndRamps();
    waves();
    cycles();
    several();
  }

  private static void alone(String words, Function<Optimizer, Scheduler> make) {
    SCHEDULES.put(words, o -> List.of(make.apply(o)));
  }

  private static void stairsAndRamps() {
    alone("StepLR(optimizer, 3, gamma=0.5)", o -> new StepLR(o, 3, 0.5));
    alone("StepLR(optimizer, 1)", o -> new StepLR(o, 1, 0.1));
    alone(
        "MultiStepLR(optimizer, [2, 7, 7, 11], gamma=0.3)",
        o -> new MultiStepLR(o, List.of(2, 7, 7, 11), 0.3));
    alone("MultiStepLR(optimizer, [0, 5], gamma=0.3)", o -> new MultiStepLR(o, List.of(0, 5), 0.3));
    alone("ExponentialLR(optimizer, 0.9)", o -> new ExponentialLR(o, 0.9));
    alone("LinearLR(optimizer, 0.25, 1.0, total_iters=6)", o -> new LinearLR(o, 0.25, 1, 6));
    alone("LinearLR(optimizer, 1.0, 0.0, total_iters=5)", o -> new LinearLR(o, 1, 0, 5));
    alone("LinearLR(optimizer, 0.5, 0.75, total_iters=1)", o -> new LinearLR(o, 0.5, 0.75, 1));
    alone("LinearLR(optimizer)", o -> new LinearLR(o, 1.0 / 3, 1, 5));
    alone("LinearLR(optimizer, 0.25, 1.0, total_iters=10)", o -> new LinearLR(o, 0.25, 1, 10));
    alone("LambdaLR(optimizer, lambda epoch: 1 / (1 + epoch))", o -> new LambdaLR(o, INVERSE));
    alone("LambdaLR(optimizer, lambda epoch: 0.9 ** epoch)", o -> new LambdaLR(o, POWER));
    alone(
        "LambdaLR(optimizer, [lambda epoch: 0.9 ** epoch, lambda epoch: 1 / (1 + epoch)])",
        o -> new LambdaLR(o, List.of(POWER, INVERSE)));
  }

  private static void waves() {
    alone("CosineAnnealingLR(optimizer, 8)", o -> new CosineAnnealingLR(o, 8, 0));
    alone("CosineAnnealingLR(optimizer, 8, eta_min=0.01)", o -> new CosineAnnealingLR(o, 8, 0.01));
    alone("CosineAnnealingLR(optimizer, 5, eta_min=0.1)", o -> new CosineAnnealingLR(o, 5, 0.1));
    alone("CosineAnnealingLR(optimizer, 1)", o -> new CosineAnnealingLR(o, 1, 0));
    alone("CosineAnnealingLR(optimizer, 100)", o -> new CosineAnnealingLR(o, 100, 0));
    alone(
        "CosineAnnealingLR(optimizer, 16, eta_min=0.001)",
        o -> new CosineAnnealingLR(o, 16, 0.001));
  }

  private static OneCycleLR.Options cycle(double rise, boolean threePhases) {
    return new OneCycleLR.Options(
        rise, OneCycleLR.Anneal.COSINE, 25, 1e4, threePhases, true, 0.85, 0.95);
  }

  private static void cycles() {
    OneCycleLR.Anneal linear = OneCycleLR.Anneal.LINEAR;
    alone("OneCycleLR(optimizer, 1.5, total_steps=24)", o -> new OneCycleLR(o, 1.5, 24));
    alone("OneCycleLR(optimizer, 1.5, total_steps=23)", o -> new OneCycleLR(o, 1.5, 23));
    alone(
        "OneCycleLR(optimizer, [1.5, 0.2], total_steps=24)",
        o -> new OneCycleLR(o, List.of(1.5, 0.2), 24, OneCycleLR.Options.standard()));
    alone(
        "OneCycleLR(optimizer, 1.5, epochs=6, steps_per_epoch=4, pct_start=0.0)",
        o -> new OneCycleLR(o, 1.5, 24, cycle(0, false)));
    alone(
        "OneCycleLR(optimizer, 1.5, total_steps=24, pct_start=1.0)",
        o -> new OneCycleLR(o, 1.5, 24, cycle(1, false)));
    alone(
        "OneCycleLR(optimizer, 1.5, total_steps=24, anneal_strategy='linear',"
            + " cycle_momentum=False)",
        o ->
            new OneCycleLR(
                o,
                1.5,
                24,
                new OneCycleLR.Options(0.3, linear, 25, 1e4, false, false, 0.85, 0.95)));
    alone(
        "OneCycleLR(optimizer, 1.5, total_steps=24, pct_start=0.25, anneal_strategy='linear',"
            + " base_momentum=0.8, max_momentum=0.9, div_factor=10.0, final_div_factor=100.0,"
            + " three_phase=True)",
        o ->
            new OneCycleLR(
                o, 1.5, 24, new OneCycleLR.Options(0.25, linear, 10, 100, true, true, 0.8, 0.9)));
    alone(
        "OneCycleLR(optimizer, 1.5, total_steps=24, pct_start=0.4, three_phase=True)",
        o -> new OneCycleLR(o, 1.5, 24, cycle(0.4, true)));
    alone("OneCycleLR(adam, 0.1, total_steps=24)", o -> new OneCycleLR(o, 0.1, 24));
  }

  private static void several() {
    SCHEDULES.put(
        "LinearLR(optimizer, 0.25, 1.0, total_iters=4) then ExponentialLR(optimizer, 0.9)",
        o -> List.of(new LinearLR(o, 0.25, 1, 4), new ExponentialLR(o, 0.9)));
    SCHEDULES.put(
        "ExponentialLR(optimizer, 0.9) then MultiStepLR(optimizer, [3, 8], gamma=0.1)",
        o -> List.of(new ExponentialLR(o, 0.9), new MultiStepLR(o, List.of(3, 8), 0.1)));
    SCHEDULES.put(
        "LinearLR(optimizer, 0.1, 1.0, total_iters=5) then CosineAnnealingLR(optimizer, 10,"
            + " eta_min=0.001)",
        o -> List.of(new LinearLR(o, 0.1, 1, 5), new CosineAnnealingLR(o, 10, 0.001)));
    SCHEDULES.put(
        "CosineAnnealingLR(optimizer, 10, eta_min=0.001) then StepLR(optimizer, 4, gamma=0.5)",
        o -> List.of(new CosineAnnealingLR(o, 10, 0.001), new StepLR(o, 4, 0.5)));
    SCHEDULES.put(
        "StepLR(optimizer, 5, gamma=0.5) then LambdaLR(optimizer, lambda epoch: 0.9 ** epoch)",
        o -> List.of(new StepLR(o, 5, 0.5), new LambdaLR(o, POWER)));
  }

  /** Two parameters, each in a group, and what moves their rates. */
  private static final class Descent {
    private final String words;
    private final boolean isAdam;
    private final Tensor first = parameter(0.5, -1.25, 2.0);
    private final Tensor second = parameter(1.5, -0.75);
    private Optimizer optimizer;
    private List<Scheduler> schedules = List.of();

    Descent(String name) {
      words = name.replace(", halved", "");
      isAdam = words.contains("(adam");
      optimizer = restart();
    }

    private static Tensor parameter(double... values) {
      return Tensor.of(values, values.length).requiresGrad(true);
    }

    private Optimizer restart() {
      Optimizer made =
          isAdam ? new Adam(List.of(first), 0.5) : new SGD(List.of(first), 0.5).momentum(0.9);
      made.addGroup(List.of(second)).set("lr", 0.04);
      Function<Optimizer, List<Scheduler>> make = SCHEDULES.get(words);
      schedules = make == null ? List.of() : make.apply(made);
      return made;
    }

    void step() {
      for (Tensor parameter : List.of(first, second)) {
        parameter.grad(parameter.detach().mul(0.3).add(0.1));
      }
      optimizer.step();
    }

    /** Goes on with an optimizer and schedules that know nothing but the states of these. */
    void resume() {
      StateDict state = optimizer.stateDict();
      List<StateDict> states = schedules.stream().map(Scheduler::stateDict).toList();
      optimizer = restart();
      optimizer.loadStateDict(state);
      for (int i = 0; i < states.size(); i++) {
        schedules.get(i).loadStateDict(states.get(i));
      }
    }

    List<Double> options(String option) {
      return optimizer.groups().stream().map(group -> group.get(option)).toList();
    }
  }

  private static PyTorchCase answers(String name) {
    return Objects.requireNonNull(CASES.get(name));
  }

  private static Stream<String> schedules() {
    return CASES.keySet().stream().filter(name -> !name.startsWith("ReduceLROnPlateau"));
  }

  private static Stream<String> plateaus() {
    return CASES.keySet().stream().filter(name -> name.startsWith("ReduceLROnPlateau"));
  }

  @Test
  void everyCaseHasItsSchedule() {
    assertThat(SCHEDULES.keySet())
        .containsExactlyInAnyOrderElementsOf(
            schedules().map(name -> name.replace(", halved", "")).distinct().toList());
    assertThat(PLATEAUS.keySet()).containsExactlyInAnyOrderElementsOf(plateaus().toList());
  }

  private static void compare(String name, boolean resumes) {
    Descent descent = new Descent(name);
    List<Double> rates = new ArrayList<>();
    List<Double> momenta = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      if (name.endsWith(", halved") && step == 5) {
        descent.optimizer.groups().forEach(group -> group.lr(group.lr() / 2));
      }
      rates.addAll(descent.options("lr"));
      momenta.addAll(descent.options(descent.isAdam ? "beta1" : "momentum"));
      descent.step();
      if (step < STEPS - 1) {
        descent.schedules.forEach(Scheduler::step);
      }
      if (resumes && step % 7 == 3) {
        descent.resume();
      }
    }
    assertClose(name, "rates", rates);
    if (answers(name).has("momenta")) {
      assertClose(name, "momenta", momenta);
    }
    answers(name).assertClose("after.0", descent.first, TOLERANCE);
    answers(name).assertClose("after.1", descent.second, TOLERANCE);
  }

  private static void assertClose(String name, String what, List<Double> found) {
    double[] values = found.stream().mapToDouble(Double::doubleValue).toArray();
    Tensor tensor = Tensor.ofArray(values, Shape.of(STEPS, 2), Device.standard());
    answers(name).assertClose(what, tensor, TOLERANCE);
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void ratesAndMomentaArePyTorchs(String name) {
    compare(name, false);
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void savedStatesGoOnAlike(String name) {
    compare(name, true);
  }

  @ParameterizedTest
  @MethodSource("plateaus")
  void ratesOnAPlateauArePyTorchs(String name) {
    Function<Optimizer, ReduceLROnPlateau> make = Objects.requireNonNull(PLATEAUS.get(name));
    Descent descent = new Descent(name);
    ReduceLROnPlateau schedule = make.apply(descent.optimizer);
    double[] values = answers(name).get("values").toDoubleArray();
    List<Double> rates = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      rates.addAll(descent.options("lr"));
      descent.step();
      schedule.step(values[step]);
      if (step % 7 == 3) {
        StateDict state = schedule.stateDict();
        descent.resume();
        schedule = make.apply(descent.optimizer);
        schedule.loadStateDict(state);
      }
    }
    assertClose(name, "rates", rates);
    answers(name).assertClose("after.0", descent.first, TOLERANCE);
  }

  @Test
  void aCycleEndsAStepAfterItsLast() {
    OneCycleLR schedule = new OneCycleLR(new Descent("").optimizer, 1.5, 2);
    schedule.step();
    // As PyTorch: a loop that steps the schedule after each of the cycle's steps must not fail.
    schedule.step();
    assertThatThrownBy(schedule::step)
        .isInstanceOf(ArgumentException.class)
        .hasMessage("OneCycleLR: step 3 is past the end of a cycle of 2 steps");
  }

  @Test
  void aCycleOfMomentumNeedsSome() {
    Tensor parameter = Tensor.zeros(Shape.of(2), DType.FLOAT32, Device.standard());
    Adagrad optimizer = new Adagrad(List.of(parameter.requiresGrad(true)), 0.1);
    assertThatThrownBy(() -> new OneCycleLR(optimizer, 1.5, 2))
        .isInstanceOf(ArgumentException.class)
        .hasMessageContaining("cyclesMomentum must be false for Adagrad, which has no momentum");
    new OneCycleLR(
        optimizer,
        1.5,
        10,
        new OneCycleLR.Options(0.3, OneCycleLR.Anneal.COSINE, 25, 1e4, false, false, 0.85, 0.95));
    assertThat(optimizer.lr()).isCloseTo(1.5 / 25, within(TOLERANCE));
  }

  @Test
  void listsHaveOneEntryAGroup() {
    Optimizer optimizer = new Descent("").optimizer;
    assertThatThrownBy(() -> new LambdaLR(optimizer, List.of(POWER)))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("LambdaLR: factors must be one for each of 2 groups, not 1");
    OneCycleLR.Options options = OneCycleLR.Options.standard();
    assertThatThrownBy(() -> new OneCycleLR(optimizer, List.of(1.0, 2.0, 3.0), 5, options))
        .hasMessage("OneCycleLR: largest must be one for each of 2 groups, not 3");
    assertThatThrownBy(() -> new ReduceLROnPlateau(optimizer).least(List.of()))
        .hasMessage("ReduceLROnPlateau: least must be one for each of 2 groups, not 0");
  }
}
