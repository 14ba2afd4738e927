package dev.ladera.data;

import dev.ladera.LaderaException;
import java.util.List;

/** A file that no mirror could give; each mirror's reason is told. */
public final class DownloadException extends LaderaException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final List<String> reasons;

  DownloadException(String operation, String file, List<String> reasons, String advice) {
    super(
        operation,
        file
            + " could not be fetched; "
            + advice
            + String.join("", reasons.stream().map(reason -> "\n  " + reason).toList()));
    this.file = file;
    this.reasons = List.copyOf(reasons);
  }

  /** The file's name. */
  public String file() {
    return file;
  }

  /** The address tried and what went wrong, one a mirror, in the order tried. */
  public List<String> reasons() {
    return reasons;
  }
}
