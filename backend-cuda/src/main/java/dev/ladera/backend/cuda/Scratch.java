package dev.ladera.backend.cuda;

/**
 * Memory for a kernel's own use. It may be closed as soon as the kernel was launched, for what is
 * launched later finds it free only when the kernel is done.
 *
 * @param memory where it is from
 * @param address where it begins
 */
record Scratch(DeviceMemory memory, long address) implements AutoCloseable {
  @Override
  public void close() {
    memory.release(address);
  }
}
