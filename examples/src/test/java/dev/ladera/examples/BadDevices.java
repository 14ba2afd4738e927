package dev.ladera.examples;

import dev.ladera.Device;
import dev.ladera.DeviceException;
import dev.ladera.Tensor;
import dev.ladera.nn.Linear;
import dev.ladera.nn.MSELoss;
import dev.ladera.testkit.ReferenceBackend;
import java.util.List;

/** Devices that are not there, and tensors on two of them. */
final class BadDevices {
  private BadDevices() {}

  static List<BadInput> table() {
    Device other = Device.of("reference", new ReferenceBackend());
    Tensor here = Tensor.zeros(2, 2);
    Tensor there = Tensor.zeros(2, 2).to(other);
    return List.of(
        new BadInput(
            "a device without a name",
            DeviceException.class,
            "device: no backend for '' is on the class path; there are cpu, cuda, reference",
            () -> Device.of("")),
        new BadInput(
            "a device whose artifact is missing",
            DeviceException.class,
            "device: no backend for 'nd4j' is on the class path; there are cpu, cuda, reference; add a dependency on dev.ladera:ladera-backend-nd4j",
            () -> Device.of("nd4j")),
        new BadInput(
            "a device of a negative number",
            DeviceException.class,
            "device: 'cpu:-1' is no device name; write a kind and a number, such as cuda:0",
            () -> Device.of("cpu:-1")),
        new BadInput(
            "a device name that ends early",
            DeviceException.class,
            "device: 'cpu:' is no device name; write a kind and a number, such as cuda:0",
            () -> Device.of("cpu:")),
        new BadInput(
            "a device name of three parts",
            DeviceException.class,
            "device: 'cuda:0:1' is no device name; write a kind and a number, such as cuda:0",
            () -> Device.of("cuda:0:1")),
        new BadInput(
            "a product over two devices",
            DeviceException.class,
            "matmul: input 0 is on cpu and input 1 on reference:0; move one of them with to(Device)",
            () -> here.matmul(there)),
        new BadInput(
            "concat over two devices",
            DeviceException.class,
            "concat: input 0 is on cpu and input 1 on reference:0; move one of them with to(Device)",
            () -> Tensor.concat(0, here, there)),
        new BadInput(
            "gather over two devices",
            DeviceException.class,
            "gather: input 0 is on cpu and input 1 on reference:0; move one of them with to(Device)",
            () -> here.gather(0, Tensor.of(new long[] {0, 0}, 1, 2).to(other))),
        new BadInput(
            "assign over two devices",
            DeviceException.class,
            "assign: input 0 is on cpu and input 1 on reference:0; move one of them with to(Device)",
            () -> here.assign(there)),
        new BadInput(
            "a loss over two devices",
            DeviceException.class,
            "mseLoss: input 0 is on cpu and input 1 on reference:0; move one of them with to(Device)",
            () -> new MSELoss().forward(here, there)),
        new BadInput(
            "an input on another device than the network",
            DeviceException.class,
            "linear: input 0 is on reference:0 and input 1 on cpu; move one of them with to(Device)",
            () -> new Linear(2, 3).forward(there)),
        new BadInput(
            "a gradient on another device",
            DeviceException.class,
            "grad: gradient is on reference:0 and the tensor on cpu; use to(Device)",
            () -> Tensor.zeros(2, 2).requiresGrad(true).grad(there)),
        new BadInput(
            "a first gradient on another device",
            DeviceException.class,
            "backward: gradient 0 is on reference:0 and its output on cpu; use to(Device)",
            () -> Tensor.zeros(2, 2).requiresGrad(true).mul(2).backward(there)));
  }
}
