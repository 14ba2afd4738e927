package dev.ladera.backend.cuda;

/** What the driver's error codes mean (CUresult in cuda.h). */
final class DriverErrors {
  private DriverErrors() {}

  /** A code's name and, where there is something to be done, what; empty for rare ones. */
  static String meaning(int code) {
    return switch (code) {
      case 1 -> "CUDA_ERROR_INVALID_VALUE";
      case 2 -> "CUDA_ERROR_OUT_OF_MEMORY";
      case 3 -> "CUDA_ERROR_NOT_INITIALIZED";
      case 34 -> "CUDA_ERROR_STUB_LIBRARY: this is no driver, but what programs are linked with";
      case 100 -> "CUDA_ERROR_NO_DEVICE";
      case 101 -> "CUDA_ERROR_INVALID_DEVICE";
      case 200 -> "CUDA_ERROR_INVALID_IMAGE";
      case 201 -> "CUDA_ERROR_INVALID_CONTEXT";
      case 209 -> "CUDA_ERROR_NO_BINARY_FOR_GPU";
      case 214 -> "CUDA_ERROR_ECC_UNCORRECTABLE";
      case 218 -> "CUDA_ERROR_INVALID_PTX";
      case 400 -> "CUDA_ERROR_INVALID_HANDLE";
      case 500 -> "CUDA_ERROR_NOT_FOUND";
      case 700 -> "CUDA_ERROR_ILLEGAL_ADDRESS";
      case 701 -> "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES";
      case 702 -> "CUDA_ERROR_LAUNCH_TIMEOUT";
      case 710 -> "CUDA_ERROR_ASSERT";
      case 714 -> "CUDA_ERROR_HARDWARE_STACK_ERROR";
      case 715 -> "CUDA_ERROR_ILLEGAL_INSTRUCTION";
      case 716 -> "CUDA_ERROR_MISALIGNED_ADDRESS";
      case 717 -> "CUDA_ERROR_INVALID_ADDRESS_SPACE";
      case 718 -> "CUDA_ERROR_INVALID_PC";
      case 719 -> "CUDA_ERROR_LAUNCH_FAILED";
      case 802 -> "CUDA_ERROR_SYSTEM_NOT_READY";
      case 803 ->
          "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH: driver and kernel module have different versions";
      case 900 -> "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED";
      case 901 -> "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED";
      case 999 -> "CUDA_ERROR_UNKNOWN";
      default -> "";
    };
  }

  /** Whether the context answers nothing but errors from now on. */
  static boolean losesDevice(int code) {
    return switch (code) {
      case 214, 700, 702, 710, 714, 715, 716, 717, 718, 719, 999 -> true;
      default -> false;
    };
  }
}
