package dev.ladera.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.Device;
import dev.ladera.Shape;
import dev.ladera.spi.Backend;
import dev.ladera.testkit.ReferenceBackend;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

@ResourceLock(Resources.SYSTEM_OUT)
class MainTest {
  private record Answer(int code, String out, String err) {}

  private static Answer run(String... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream caughtOut = new ByteArrayOutputStream();
    ByteArrayOutputStream caughtErr = new ByteArrayOutputStream();
    System.setOut(new PrintStream(caughtOut, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(caughtErr, true, StandardCharsets.UTF_8));
    try {
      int code = Main.run(arguments);
      return new Answer(
          code,
          caughtOut.toString(StandardCharsets.UTF_8),
          caughtErr.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  @Test
  void descendEndsWhereTheLectureDoes(@TempDir Path folder) {
    Path picture = folder.resolve("walk.svg");
    Answer answer = run("descend", "--plot", picture.toString());
    assertThat(answer.code()).isZero();
    assertThat(answer.out().lines().toList())
        .hasSize(22)
        .startsWith("    2  108.072  -8.032")
        .contains(
            "after 60 iterations at (4.5975878496509196e-11, -1.4766065195031211e-37),"
                + " value 2.1137814035257766e-21");
    assertThat(picture).content().contains("60 steps");
  }

  @Test
  void descendSaysThatItGotLost() {
    assertThat(run("descend", "--rate", "1.2").out()).contains("the rate is too high");
    assertThat(run("descend", "--steps", "3").out()).contains("not there after 3 iterations");
  }

  @Test
  void graphListsEveryNodeWithItsGradient() {
    Answer answer = run("graph");
    assertThat(answer.code()).isZero();
    assertThat(answer.out()).contains("hidden.weight").contains("tanh").doesNotContain(" - ");
  }

  @Test
  void trainLearnsTheDigits(@TempDir Path folder) {
    Answer answer = run("train", "--epochs", "4", "--out", folder.toString());
    assertThat(answer.code()).as(answer.err()).isZero();
    String last = answer.out().lines().toList().getLast();
    assertThat(last).matches("test accuracy: 0\\.\\d{4}");
    assertThat(Double.parseDouble(last.substring("test accuracy: ".length()))).isGreaterThan(0.9);
    assertThat(folder.resolve("metrics.csv")).content().hasLineCount(5);
    assertThat(folder.resolve("loss.svg")).exists();
    Answer again =
        run(
            "train",
            "--epochs",
            "4",
            "--resume",
            folder.resolve("checkpoint.safetensors").toString());
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.err()).contains("which the checkpoint has already; give more");
  }

  @Test
  void doctorNamesEveryBackendWithItsReason() {
    Answer answer = run("doctor");
    assertThat(answer.code()).isZero();
    assertThat(answer.out()).contains("cpu        available").containsPattern("cuda +(not )?avail");
  }

  @Test
  void operatorsRunOnADeviceAndTheirGradientsAreRight() {
    Answer answer = run("operators");
    assertThat(answer.code()).as(answer.err()).isZero();
    assertThat(answer.out())
        .contains("mish, a lambda, by one fused kernel")
        .contains("squareRoot, a function with a gradient of its own, by its body")
        .contains("[[0.5000, 1., 1.5000],")
        .contains("rmsNorm, a class, by its kernel")
        .containsPattern("(?s)(12 elements compared, 0 differ.*){3}");
    Answer elsewhere = run("operators", "--device", "reference");
    assertThat(elsewhere.out())
        .startsWith("x on reference:0")
        .contains("rmsNorm, a class, by its decomposition")
        .containsPattern("(?s)(12 elements compared, 0 differ.*){3}");
  }

  @Test
  void doctorOpensTheDeviceThatIsNamedOrSaysHowToHaveIt() {
    Answer cpu = run("doctor", "--device", "cpu");
    assertThat(cpu.code()).isZero();
    assertThat(cpu.out()).contains("cpu        opened: pure Java");
    Answer nd4j = run("doctor", "--device", "nd4j");
    assertThat(nd4j.code()).isEqualTo(1);
    assertThat(nd4j.out()).contains("cpu        available");
    assertThat(nd4j.err()).contains("add a dependency on dev.ladera:ladera-backend-nd4j");
  }

  @Test
  void checkSaysWhetherEachModelWouldRunAndTrainsNothing(@TempDir Path folder) {
    for (String data : new String[] {"digits", "mnist"}) {
      for (String model : new String[] {"mlp", "lenet"}) {
        Path out = folder.resolve("out");
        Answer answer =
            run("train", data, "--model", model, "--check", "--device", "cpu", "--out", "" + out);
        assertThat(answer.code()).as(answer.err()).isZero();
        assertThat(answer.out())
            .startsWith("cpu: runs; gradients too")
            .containsPattern("matmul +float32, float32 +own kernel")
            .containsPattern("nllLoss +float32, int64 +own kernel");
        assertThat(out).doesNotExist();
      }
    }
  }

  @Test
  void checkEndsWithCodeOneWhereTheModelWouldNotRun() {
    Backend whole = new ReferenceBackend();
    Backend withoutKernels =
        (Backend)
            Proxy.newProxyInstance(
                Backend.class.getClassLoader(),
                new Class<?>[] {Backend.class},
                (_, method, arguments) ->
                    method.getName().equals("prepare") ? null : method.invoke(whole, arguments));
    StringWriter text = new StringWriter();
    Shape image = Shape.of(1, 8, 8);
    int code =
        TrainCommand.check(
            Networks.LENET.make(image, 10),
            Device.of("empty", withoutKernels),
            image,
            4,
            new PrintWriter(text));
    assertThat(code).isEqualTo(1);
    assertThat(text.toString())
        .startsWith("empty:0: would not run")
        .contains("error in 0: conv2d of float32, float32");
  }

  @Test
  void compareShowsThreeWays(@TempDir Path folder) {
    Answer answer = run("compare", "--epochs", "1", "--starts", "20", "--out", folder.toString());
    assertThat(answer.code()).as(answer.err()).isZero();
    assertThat(answer.out()).contains("full batch").contains("mini-batches").contains("single");
    assertThat(folder.resolve("loss-by-time.svg")).exists();
  }

  @Test
  void errorsAreOneLineUnlessAStackTraceIsWanted() {
    Answer answer = run("train", "--device", "abacus");
    assertThat(answer.code()).isEqualTo(1);
    assertThat(answer.err().lines()).hasSize(1).first().asString().startsWith("ladera: device:");
    assertThat(run("--stacktrace", "train", "--device", "abacus").err()).contains("\tat ");
    assertThat(run("train", "--device", "abacus", "--stacktrace").err()).contains("\tat ");
  }

  @Test
  void wrongUseIsExplainedWithCodeTwo() {
    Answer answer = run("trian");
    assertThat(answer.code()).isEqualTo(2);
    assertThat(answer.err()).contains("train").contains("Try 'ladera --help'");
    assertThat(run("descend", "--rate", "fast").code()).isEqualTo(2);
    assertThat(run("help", "train").out()).contains("Usage: ladera train");
  }
}
