package dev.ladera.backend.cuda;

import dev.ladera.BackendException;

/** Something that cannot be done while work is recorded into a {@link CudaGraph}. */
public final class CaptureException extends BackendException {
  private static final long serialVersionUID = 1L;

  CaptureException(String operation, String reason) {
    super(operation, reason);
  }
}
