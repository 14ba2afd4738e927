package dev.ladera.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ladera.DType;
import dev.ladera.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Twenty steps of every optimizer and schedule, against PyTorch's numbers. */
class PyTorchTest {
  private static final int STEPS = 20;
  private static final double[] VALUES = {
    5, 4, 4.5, 4.2, 4.1, 3.9, 3.95, 3.9, 3.91, 3.9, 3.9, 3.9, 3.9, 3.8, 3.8, 3.8, 3.8, 3.8, 3.8, 3.8
  };

  private static Map<String, double[]> expected() {
    Map<String, double[]> lines = new HashMap<>();
    try (InputStream stream = PyTorchTest.class.getResourceAsStream("pytorch.txt")) {
      assertThat(stream).isNotNull();
      for (String line : new String(stream.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        if (!line.startsWith("#")) {
          String[] words = line.split(" ");
          lines.put(
              words[0] + " " + words[1],
              Arrays.stream(words).skip(2).mapToDouble(Double::parseDouble).toArray());
        }
      }
    } catch (IOException broken) {
      throw new AssertionError(broken);
    }
    return lines;
  }

  private static Map<String, Function<List<Tensor>, Optimizer>> optimizers() {
    Map<String, Function<List<Tensor>, Optimizer>> all = new HashMap<>();
    all.put("sgd", p -> new SGD(p, 0.1));
    all.put("sgdMomentum", p -> new SGD(p, 0.05).momentum(0.9).dampening(0.3).weightDecay(0.01));
    all.put("sgdNesterov", p -> new SGD(p, 0.05).momentum(0.8).nesterov(true).weightDecay(0.1));
    all.put("sgdMaximize", p -> new SGD(p, 0.02).momentum(0.5).maximize(true));
    all.put("adam", p -> new Adam(p, 0.1));
    all.put(
        "adamAmsgrad",
        p -> new Adam(p, 0.05).betas(0.8, 0.95).eps(1e-6).weightDecay(0.1).amsgrad(true));
    all.put("adamMaximize", p -> new Adam(p, 0.05).maximize(true));
    all.put("adamW", p -> new AdamW(p, 0.1));
    all.put("adamWAmsgrad", p -> new AdamW(p, 0.05).betas(0.7, 0.9).weightDecay(0.2).amsgrad(true));
    all.put("rmsprop", p -> new RMSprop(p, 0.05));
    all.put(
        "rmspropCentered",
        p ->
            new RMSprop(p, 0.02)
                .alpha(0.9)
                .eps(1e-5)
                .weightDecay(0.05)
                .momentum(0.6)
                .centered(true));
    all.put("adagrad", p -> new Adagrad(p, 0.2));
    all.put(
        "adagradDecay",
        p -> new Adagrad(p, 0.2).lrDecay(0.1).weightDecay(0.05).initialAccumulator(0.3).eps(1e-6));
    return all;
  }

  static Tensor parameter(DType dtype) {
    return Tensor.of(new double[] {0.5, -1.25, 2.0, 0.0, -0.3, 1.5}).to(dtype).requiresGrad(true);
  }

  /** The gradient of a step: a wave, and a pull to the origin. */
  static void gradient(Tensor parameter, int step) {
    double[] wave = new double[6];
    for (int i = 0; i < wave.length; i++) {
      wave[i] = Math.sin(0.7 * i + 1.3 * step);
    }
    parameter.grad(Tensor.of(wave).to(parameter.dtype()).add(parameter.detach().mul(0.3)));
  }

  @TestFactory
  Stream<DynamicTest> parametersAfterTwentySteps() {
    Map<String, double[]> expected = expected();
    List<DynamicTest> tests = new ArrayList<>();
    optimizers()
        .forEach((name, make) -> {
          for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
            tests.add(
                DynamicTest.dynamicTest(
                    name + " " + dtype,
                    () -> {
                      Tensor parameter = parameter(dtype);
                      Optimizer optimizer = make.apply(List.of(parameter));
                      for (int step = 0; step < STEPS; step++) {
                        gradient(parameter, step);
                        optimizer.step();
                      }
                      double[] wanted = expected.get(name + " " + dtype);
                      assertThat(wanted).isNotNull();
                      assertThat(parameter.toDoubleArray())
                          .containsExactly(wanted, within(dtype == DType.FLOAT32 ? 2e-6 : 1e-13));
                    }));
          }
        });
    assertThat(tests).hasSize(26);
    return tests.stream();
  }

  private static SGD descent() {
    return new SGD(List.of(parameter(DType.FLOAT64)), 0.5).momentum(0.9);
  }

  private static DynamicTest schedule(
      String name, Function<Optimizer, Scheduler> make, Optimizer optimizer) {
    return DynamicTest.dynamicTest(
        name,
        () -> {
          Scheduler scheduler = make.apply(optimizer);
          double[] rates = new double[STEPS];
          double[] momenta = new double[STEPS];
          ParameterGroup group = optimizer.groups().getFirst();
          for (int step = 0; step < STEPS; step++) {
            rates[step] = group.lr();
            momenta[step] = group.get(group.has("beta1") ? "beta1" : "momentum");
            if (step < STEPS - 1) {
              scheduler.step();
            }
          }
          double[] wanted = expected().get("lr." + name + " float64");
          assertThat(wanted).isNotNull();
          assertThat(rates).containsExactly(wanted, within(1e-12));
          double[] wantedMomenta = expected().get("momentum." + name + " float64");
          if (wantedMomenta != null) {
            assertThat(momenta).containsExactly(wantedMomenta, within(1e-12));
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> ratesOfTwentySteps() {
    OneCycleLR.Options three =
        new OneCycleLR.Options(0.25, OneCycleLR.Anneal.LINEAR, 10, 100, true, true, 0.8, 0.9);
    return Stream.of(
        schedule("step", o -> new StepLR(o, 3, 0.5), descent()),
        schedule("multiStep", o -> new MultiStepLR(o, List.of(2, 7, 7, 11), 0.3), descent()),
        schedule("exponential", o -> new ExponentialLR(o, 0.9), descent()),
        schedule("cosine", o -> new CosineAnnealingLR(o, 8, 0.01), descent()),
        schedule("lambda", o -> new LambdaLR(o, epoch -> 1.0 / (1 + epoch)), descent()),
        schedule("linear", o -> new LinearLR(o, 0.25, 1, 6), descent()),
        schedule("oneCycle", o -> new OneCycleLR(o, 1.5, STEPS), descent()),
        schedule("oneCycleThree", o -> new OneCycleLR(o, 1.5, STEPS, three), descent()),
        schedule(
            "oneCycleAdam",
            o -> new OneCycleLR(o, 0.1, STEPS),
            new Adam(List.of(parameter(DType.FLOAT64)), 0.5)));
  }

  private static DynamicTest plateau(String name, Function<Optimizer, ReduceLROnPlateau> make) {
    return DynamicTest.dynamicTest(
        name,
        () -> {
          SGD optimizer = descent();
          ReduceLROnPlateau scheduler = make.apply(optimizer);
          double[] rates = new double[STEPS];
          for (int step = 0; step < STEPS; step++) {
            scheduler.step(VALUES[step]);
            rates[step] = optimizer.lr();
          }
          double[] wanted = expected().get("lr." + name + " float64");
          assertThat(wanted).isNotNull();
          assertThat(rates).containsExactly(wanted, within(1e-12));
        });
  }

  @TestFactory
  Stream<DynamicTest> ratesOnAPlateau() {
    return Stream.of(
        plateau("plateau", o -> new ReduceLROnPlateau(o).factor(0.5).patience(2)),
        plateau(
            "plateauCool",
            o ->
                new ReduceLROnPlateau(o)
                    .factor(0.5)
                    .patience(1)
                    .cooldown(2)
                    .least(0.1)
                    .threshold(0.05, false)),
        plateau(
            "plateauMax", o -> new ReduceLROnPlateau(o).largerIsBetter().factor(0.3).patience(3)));
  }
}
