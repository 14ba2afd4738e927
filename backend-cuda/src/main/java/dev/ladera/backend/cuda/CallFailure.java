package dev.ladera.backend.cuda;

/**
 * A call into a library that answered an error. Does not leave the backend: whoever knows what was
 * being done makes a {@link CudaException} of it.
 */
final class CallFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String call;
  private final int code;

  CallFailure(String call, int code, String meaning) {
    super(call + " answered " + code + (meaning.isEmpty() ? "" : " (" + meaning + ")"));
    this.call = call;
    this.code = code;
  }

  String call() {
    return call;
  }

  int code() {
    return code;
  }
}
