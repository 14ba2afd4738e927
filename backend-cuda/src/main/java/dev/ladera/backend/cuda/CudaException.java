package dev.ladera.backend.cuda;

import dev.ladera.BackendException;

/** A call into one of NVIDIA's libraries that failed: which call, with which code, and for whom. */
public final class CudaException extends BackendException {
  private static final long serialVersionUID = 1L;

  private final String call;
  private final int code;

  CudaException(String operation, String detail, CallFailure failure) {
    super(operation, failure.getMessage() + detail, failure);
    this.call = failure.call();
    this.code = failure.code();
  }

  /** The function that was called, such as {@code cuLaunchKernel}. */
  public String call() {
    return call;
  }

  /** What it answered. */
  public int code() {
    return code;
  }
}
