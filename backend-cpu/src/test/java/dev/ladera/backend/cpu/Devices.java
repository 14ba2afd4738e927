package dev.ladera.backend.cpu;

import dev.ladera.Device;
import java.util.ArrayList;
import java.util.List;

/** The ways in which the backend can be run; all must give the same bits. */
final class Devices {
  private static final Device SCALAR =
      Device.of(
          "cpu",
          new CpuBackend(
              1, VectorSupport.none("a test asks for plain loops"), KernelSet.Warmth.AT_ONCE));
  private static final List<Device> VECTOR = vectors();

  private static final List<Device> NARROWER = narrowed();

  private Devices() {}

  private static List<Device> vectors() {
    List<Device> devices = new ArrayList<>();
    for (int threads = 1; threads <= 3; threads++) {
      devices.add(
          Device.of(
              "cpu", new CpuBackend(threads, VectorSupport.detect(), KernelSet.Warmth.AT_ONCE)));
    }
    return List.copyOf(devices);
  }

  private static List<Device> narrowed() {
    VectorSupport widest = VectorSupport.detect();
    List<Device> devices = new ArrayList<>();
    for (int bits = 128; bits < widest.bits(); bits *= 2) {
      devices.add(
          Device.of("cpu", new CpuBackend(2, widest.narrowedTo(bits), KernelSet.Warmth.AT_ONCE)));
    }
    return List.copyOf(devices);
  }

  /** Vector loops on two threads, at each width below the machine's. */
  static List<Device> narrower() {
    return NARROWER;
  }

  /** Plain loops on one thread. */
  static Device scalar() {
    return SCALAR;
  }

  /** Vector loops from the first call, on 1, 2 and 3 threads. */
  static List<Device> vector() {
    return VECTOR;
  }
}
