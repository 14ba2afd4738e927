package dev.ladera;

/**
 * Bytes that tensors take on a device.
 *
 * @param live bytes of storages in use; on devices whose storages the garbage collector owns, also
 *     of those that it has not collected yet
 * @param peak the most that {@code live} has been
 * @param allocated the sum of all that was ever allocated
 */
public record MemoryUse(long live, long peak, long allocated) {}
