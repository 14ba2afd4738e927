package dev.ladera.backend.cuda;

/** A library that was not found, cannot be loaded, or is too old; becomes a probe's answer. */
final class MissingLibraryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final CudaLibrary library;
  private final String reason;
  private final String remedy;

  MissingLibraryException(CudaLibrary library, String reason, String remedy) {
    super(reason + "; " + remedy);
    this.library = library;
    this.reason = reason;
    this.remedy = remedy;
  }

  CudaLibrary library() {
    return library;
  }

  String reason() {
    return reason;
  }

  String remedy() {
    return remedy;
  }
}
