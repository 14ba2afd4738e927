package dev.ladera.examples;

import dev.ladera.Device;
import dev.ladera.spi.Probe;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what this machine has, and what each backend found. */
@Command(
    name = "doctor",
    description = {
      "Shows machine, JVM and vector width, and what every backend found here.",
      "",
      "The device nd4j is looked for where it is named, because its libraries are large.",
      ""
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Try:", "  ladera doctor", "  ladera doctor --device nd4j"})
final class DoctorCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Option(
      names = "--device",
      description = "Also open this device; exit code 1 if it is not there.")
  private @Nullable String device;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    Runtime runtime = Runtime.getRuntime();
    line(
        out,
        "machine",
        "%s %s, %s, %d processors",
        System.getProperty("os.name"),
        System.getProperty("os.version"),
        System.getProperty("os.arch"),
        runtime.availableProcessors());
    line(
        out,
        "java",
        "%s (%s), heap of at most %,d MiB",
        Runtime.version(),
        System.getProperty("java.vendor"),
        runtime.maxMemory() >> 20);
    boolean vectors = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    line(
        out,
        "vectors",
        vectors
            ? "module jdk.incubator.vector is there"
            : "module jdk.incubator.vector is missing; start java with --add-modules"
                + " jdk.incubator.vector");
    for (Map.Entry<String, Probe> entry : Device.probes().entrySet()) {
      Probe probe = entry.getValue();
      line(
          out,
          entry.getKey(),
          "%s: %s",
          probe.available() ? "available, " + devices(probe.devices()) : "not available",
          probe.reason());
      if (!probe.remedy().isEmpty()) {
        line(out, "", "remedy: %s", probe.remedy());
      }
    }
    line(out, "standard", "%s", Device.standard());
    line(out, "best", "%s", Device.best());
    out.flush();
    if (device != null) {
      line(out, device, "opened: %s", Device.of(device).backend().description());
      out.flush();
    }
  }

  private static String devices(int count) {
    return count == 1 ? "1 device" : count + " devices";
  }

  private static void line(PrintWriter out, String what, String pattern, Object... values) {
    out.printf("%-10s %s%n", what, String.format(Locale.ROOT, pattern, values));
  }
}
