package dev.ladera.backend.cuda;

/** What a device can be asked for, with the codes of {@code CUdevice_attribute}. */
enum DeviceAttribute {
  MULTIPROCESSORS(16),
  COMPUTE_CAPABILITY_MAJOR(75),
  COMPUTE_CAPABILITY_MINOR(76),
  MEMORY_POOLS(115);

  private final int code;

  DeviceAttribute(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
