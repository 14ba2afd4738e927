package dev.ladera.spi;

/**
 * What a provider found.
 *
 * @param available whether at least one device can be opened
 * @param devices how many devices there are
 * @param reason what was found, or why nothing was
 * @param remedy what to do to have it; empty where it is available
 */
public record Probe(boolean available, int devices, String reason, String remedy) {
  /** A probe that found devices. */
  public static Probe found(int devices, String description) {
    return new Probe(true, devices, description, "");
  }

  /** A probe that found nothing, with what to do about it. */
  public static Probe missing(String reason, String remedy) {
    return new Probe(false, 0, reason, remedy);
  }
}
