package dev.ladera.backend.cuda;

import dev.ladera.BackendException;
import java.util.List;

/** A device that has no room, although what was out of reach has been given back. */
public final class OutOfMemoryException extends BackendException {
  private static final long serialVersionUID = 1L;

  private final long asked;
  private final long live;
  private final List<String> holders;

  OutOfMemoryException(String device, long asked, long live, long free, List<String> holders) {
    super(
        "allocate",
        device
            + " has no room for "
            + asked
            + " bytes: "
            + live
            + " are in use by tensors, "
            + free
            + " are free; the largest are "
            + holders
            + "; use a smaller batch, or keep fewer tensors; -Dladera.cuda.trace=true says where"
            + " each was made");
    this.asked = asked;
    this.live = live;
    this.holders = List.copyOf(holders);
  }

  /** How many bytes were asked for. */
  public long asked() {
    return asked;
  }

  /** How many bytes tensors held then. */
  public long live() {
    return live;
  }

  /** The largest tensors then, the largest first. */
  public List<String> holders() {
    return holders;
  }
}
