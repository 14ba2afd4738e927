package dev.ladera.spi;

/**
 * Found by {@link java.util.ServiceLoader}: says whether a kind of device is here, and opens it.
 */
public interface BackendProvider {

  /** The kind of device, such as {@code cpu} or {@code cuda}: the first part of a device's name. */
  String type();

  /**
   * Which device is best when several are here: the highest available. The pure-Java CPU backend
   * has 100, accelerators more, the reference backend 0.
   */
  int priority();

  /** Looks for the device; never throws. */
  Probe probe();

  /**
   * Opens a device.
   *
   * @param index which device of this kind, from 0
   * @throws dev.ladera.DeviceException if there is no such device, with the probe's reason
   */
  Backend open(int index);
}
