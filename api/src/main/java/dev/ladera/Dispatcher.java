package dev.ladera;

import dev.ladera.op.Composite;
import dev.ladera.op.Operator;
import dev.ladera.op.Primitive;
import dev.ladera.op.Signature;
import dev.ladera.op.TensorType;
import dev.ladera.op.View;
import dev.ladera.spi.AutogradEngine;
import dev.ladera.spi.Kernel;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The one way that every operation goes: infer, view or prepare, allocate, run, record. See {@code
 * docs/architecture.md}.
 */
public final class Dispatcher {
  private Dispatcher() {}

  /**
   * Runs an operator on the device of its inputs, and answers its first output.
   *
   * @throws LaderaException if the inputs do not fit, or the operator has no output
   */
  public static Tensor call(Operator operator, Tensor... inputs) {
    Tensor[] outputs = callAll(operator, inputs);
    if (outputs.length == 0) {
      throw new ArgumentException(operator.name(), "outputs", "are none; run it by callAll");
    }
    return outputs[0];
  }

  /** Runs an operator without inputs on a device. */
  public static Tensor create(Primitive operator, Device device) {
    return run(operator, device, new Tensor[0], new TensorType[0], operator.infer())[0];
  }

  /** Runs an operator of any number of outputs on the device of its inputs. */
  public static Tensor[] callAll(Operator operator, Tensor... inputs) {
    if (inputs.length == 0) {
      throw new ArgumentException(
          operator.name(), "inputs", "must not be empty, as it runs on the device of its inputs");
    }
    Device device = inputs[0].device();
    boolean tracked = false;
    for (int i = 0; i < inputs.length; i++) {
      if (inputs[i].isReleased()) {
        throw new ReleasedException(operator.name(), "input " + i, inputs[i].shape());
      }
      Device other = inputs[i].device();
      if (other != device) {
        device = together(operator, device, i, other);
      }
      tracked |= inputs[i].requiresGrad();
    }
    boolean recording = tracked && Gradients.areRecorded();
    if (operator instanceof View view) {
      Tensor result = inputs[0].withLayout(view.apply(inputs[0].layout()));
      Tensor[] outputs = {result};
      if (recording) {
        Gradients.engine().record(operator, inputs, outputs);
      }
      return outputs;
    }
    TensorType[] types = new TensorType[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      types[i] = inputs[i].type();
    }
    TensorType[] results = infer(operator, types);
    if (operator.mutates() > 0) {
      return mutate(operator, device, inputs, types, recording);
    }
    Tensor[] outputs;
    if (operator instanceof Composite composite) {
      AutogradEngine engine = recording ? Gradients.engine() : null;
      if (engine != null && engine.differentiatesBody(composite)) {
        device.kernels().claimName(composite);
        return checked(composite, decompose(composite, inputs), results);
      }
      Kernel kernel = device.kernels().get(operator, Signature.of(types));
      outputs =
          kernel == null
              ? decomposed(composite, inputs, results)
              : run(operator, kernel, device, inputs, results);
    } else {
      outputs = run(operator, device, inputs, types, results);
    }
    if (recording) {
      Gradients.engine().record(operator, inputs, outputs);
    }
    return outputs;
  }

  private static TensorType[] infer(Operator operator, TensorType[] inputs) {
    try {
      return Objects.requireNonNull(operator.infer(inputs), "it answered null");
    } catch (LaderaException refusal) {
      throw refusal;
    } catch (RuntimeException e) {
      throw new BackendException(
          operator.name(), "infer failed for " + List.of(inputs) + ": " + e, e);
    }
  }

  private static Tensor[] decompose(Composite composite, Tensor[] inputs) {
    try {
      return Objects.requireNonNull(composite.decompose(inputs), "it answered null");
    } catch (LaderaException refusal) {
      throw refusal;
    } catch (RuntimeException e) {
      throw new BackendException(composite.name(), "decompose failed: " + e, e);
    }
  }

  /** The device for inputs of two: a stand-in goes before the one that it stands in for. */
  private static Device together(Operator operator, Device device, int input, Device other) {
    if (other.standsInFor(device)) {
      return other;
    }
    if (device.standsInFor(other)) {
      return device;
    }
    throw new DeviceException(
        operator.name(),
        "input 0 is on "
            + device
            + " and input "
            + input
            + " on "
            + other
            + "; move one of them with to(Device)");
  }

  /**
   * Runs a decomposition unrecorded. What it answers becomes tensors of this call alone, as it may
   * be an input, or a tensor that others hold.
   */
  private static Tensor[] decomposed(Composite composite, Tensor[] inputs, TensorType[] expected) {
    Tensor[] answered = Gradients.noGrad(() -> decompose(composite, inputs));
    Tensor[] outputs = checked(composite, answered, expected).clone();
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = outputs[i].detach();
    }
    return outputs;
  }

  private static Tensor[] checked(Composite composite, Tensor[] outputs, TensorType[] expected) {
    boolean same = outputs.length == expected.length;
    for (int i = 0; same && i < outputs.length; i++) {
      same = outputs[i] != null && outputs[i].type().equals(expected[i]);
    }
    if (!same) {
      throw new BackendException(
          composite.name(),
          "decompose answered "
              + Arrays.stream(outputs).map(output -> output == null ? null : output.type()).toList()
              + " where infer said "
              + Arrays.asList(expected));
    }
    return outputs;
  }

  private static Tensor[] run(
      Operator operator, Device device, Tensor[] inputs, TensorType[] types, TensorType[] results) {
    Kernel kernel = device.kernels().get(operator, Signature.of(types));
    if (kernel == null) {
      throw new BackendException(
          operator.name(), "the backend of " + device + " answered no kernel for a primitive");
    }
    return run(operator, kernel, device, inputs, results);
  }

  private static Tensor[] run(
      Operator operator, Kernel kernel, Device device, Tensor[] inputs, TensorType[] results) {
    Tensor[] outputs = new Tensor[results.length];
    boolean empty = true;
    for (int i = 0; i < results.length; i++) {
      TensorType result = results[i];
      outputs[i] =
          new Tensor(
              MemoryScope.allocate(device, result.dtype(), result.shape().elements()),
              Layout.contiguous(result.shape()),
              device);
      empty &= result.shape().elements() == 0;
    }
    if (!empty) {
      kernel.run(operator, inputs, outputs);
    }
    return outputs;
  }

  /** Runs an operator that overwrites its leading inputs. */
  private static Tensor[] mutate(
      Operator operator, Device device, Tensor[] inputs, TensorType[] types, boolean recording) {
    if (recording) {
      throw new GradientException(
          operator.name(),
          "a tensor that requires a gradient cannot be overwritten, nor be written elsewhere, while"
              + " gradients are recorded; do it in Gradients.noGrad, or detach() the value");
    }
    int targets = operator.mutates();
    Tensor[] safe = inputs.clone();
    for (int t = 0; t < targets; t++) {
      if (inputs[t].layout().overlapsItself()) {
        throw new ShapeException(
            operator.name(),
            "the target is an expanded view, whose elements share storage; copy it with contiguous()",
            inputs[t].shape());
      }
      // An input that is another view of what is overwritten would be read half new.
      for (int i = 0; i < inputs.length; i++) {
        if (i != t
            && inputs[i].storage() == inputs[t].storage()
            && !inputs[i].layout().equals(inputs[t].layout())) {
          if (i < targets) {
            throw new ArgumentException(operator.name(), "targets", "overlap each other");
          }
          safe[i] = inputs[i].copy();
        }
      }
    }
    if (inputs[0].shape().elements() > 0) {
      Kernel kernel = device.kernels().get(operator, Signature.of(types));
      if (kernel != null) {
        kernel.run(operator, safe, new Tensor[0]);
        for (int t = 0; t < targets; t++) {
          inputs[t].storage().overwritten();
        }
      } else if (operator instanceof Composite composite) {
        Gradients.noGrad(() -> decompose(composite, safe));
      } else {
        throw new BackendException(
            operator.name(), "the backend of " + device + " answered no kernel for a primitive");
      }
    }
    return new Tensor[0];
  }
}
