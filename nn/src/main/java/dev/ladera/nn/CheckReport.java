package dev.ladera.nn;

import dev.ladera.Device;
import dev.ladera.Tensor;
import dev.ladera.op.TensorType;
import java.util.List;
import java.util.function.Function;

/**
 * What stands in the way of training a module on a device, found before anything is trained: {@link
 * Module#check}. The forward and, where this thread records gradients, the backward computation are
 * gone through on the device's own backend, in the module's own mode, but without memory and
 * arithmetic: inputs of any size will do, and every value is zero. So what depends on values is not
 * seen, such as an index outside its axis, nor whether the memory suffices.
 *
 * <p>Parameters, buffers, gradients, modes, hooks and this thread's generator are afterwards as
 * they were. Fields of its own that a {@code forward} sets are not put back.
 *
 * <p>The module may be on another device; it is looked at as if {@code to(device)} had been called.
 * Tensors that it holds in plain fields stay where they are, as they would.
 *
 * @param device the device's name
 * @param findings what was found, in the order of the computation. It ends at the first exception,
 *     but goes on without a kernel that is missing, which is told once, for the module that asked
 *     for it first
 * @param operators the operators that the device was asked for, the first first
 * @param backward whether the gradients were gone through too: not if the forward computation
 *     failed, or nothing is recorded
 */
public record CheckReport(
    String device, List<Finding> findings, List<Met> operators, boolean backward) {

  /** How bad a finding is. */
  public enum Severity {
    /** The computation would fail. */
    ERROR,
    /** It would run, but hardly as it was meant. */
    WARNING
  }

  /**
   * Something that stands in the way.
   *
   * @param severity how bad it is
   * @param path the dotted name of the module that was running; empty for the root. Seen are the
   *     runs that {@linkplain Module#registerForwardHook hooks} see; others count to the module
   *     around them
   * @param operator the operator or the operation
   * @param inputs the types it was about; of a kernel without shapes, because it serves them all
   * @param reason why it fails
   * @param remedy what to do
   */
  public record Finding(
      Severity severity,
      String path,
      String operator,
      String inputs,
      String reason,
      String remedy) {}

  /** How a backend answers an operator. */
  public enum Answer {
    /** By a kernel of its own. */
    OWN_KERNEL("own kernel"),
    /** By none: the operator runs by the operators that it is made of. */
    DECOMPOSITION("decomposition"),
    /** Not at all. */
    NONE("nothing");

    private final String text;

    Answer(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * An operator that a kernel was asked for. Views need none, and a composite that is
   * differentiated through its parts is met as those.
   *
   * @param operator its name
   * @param inputs the element types of its inputs
   * @param answer how the backend answers it
   */
  public record Met(String operator, String inputs, Answer answer) {}

  /** Keeps copies of the lists. */
  public CheckReport {
    findings = List.copyOf(findings);
    operators = List.copyOf(operators);
  }

  /**
   * Checks a module of several inputs, or one together with its loss:
   *
   * <pre>{@code
   * CheckReport.of(net, device, List.of(images, classes),
   *     inputs -> lossFn.forward(net.forward(inputs.get(0)), inputs.get(1)));
   * }</pre>
   *
   * @param inputs the types of the inputs
   * @param step the computation, which is given the inputs and answers what gradients start from
   */
  public static CheckReport of(
      Module module, Device device, List<TensorType> inputs, Function<List<Tensor>, Tensor> step) {
    return new DryRun(module, device, inputs).report(step);
  }

  /** Whether it would run: no finding is an error. */
  public boolean runs() {
    return count(Severity.ERROR) == 0;
  }

  private long count(Severity severity) {
    return findings.stream().filter(finding -> finding.severity() == severity).count();
  }

  /** The verdict, the findings, and a table of the operators, in plain text. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(device).append(runs() ? ": runs" : ": would not run");
    if (!findings.isEmpty()) {
      text.append(" (").append(counted(count(Severity.ERROR), "error"));
      text.append(", ").append(counted(count(Severity.WARNING), "warning")).append(')');
    }
    text.append(backward ? "; gradients too" : "; gradients were not looked at").append("\n\n");
    for (Finding finding : findings) {
      text.append(finding.severity() == Severity.ERROR ? "error in " : "warning in ")
          .append(finding.path().isEmpty() ? "(module)" : finding.path())
          .append(": ")
          .append(finding.operator())
          .append(finding.inputs().isEmpty() ? "" : " of " + finding.inputs())
          .append("\n  why: ")
          .append(finding.reason().replace("\n", "\n    "))
          .append("\n  do:  ")
          .append(finding.remedy())
          .append("\n\n");
    }
    TextTable table = new TextTable(false, "Operator", "Inputs", "Answered by");
    for (Met met : operators) {
      table.add(met.operator(), met.inputs(), met.answer().toString());
    }
    return text.append(table).toString().stripTrailing();
  }

  private static String counted(long count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }
}
