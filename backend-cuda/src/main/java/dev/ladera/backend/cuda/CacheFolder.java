package dev.ladera.backend.cuda;

import java.nio.file.Path;

/** Where what was compiled is kept: {@code -Dladera.cuda.cache}, else the user's cache. */
final class CacheFolder {
  private static final String PROPERTY = "ladera.cuda.cache";

  private CacheFolder() {}

  static Path ofProcess() {
    String named = System.getProperty(PROPERTY);
    if (named != null) {
      return Path.of(named);
    }
    String cache = System.getenv("XDG_CACHE_HOME");
    Path root =
        cache == null || cache.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(cache);
    return root.resolve("ladera").resolve("cuda");
  }
}
