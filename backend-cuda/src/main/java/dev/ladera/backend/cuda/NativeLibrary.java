package dev.ladera.backend.cuda;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.Optional;

/**
 * A loaded library.
 *
 * @param kind which one
 * @param path where it was found: a file, or a bare name that the system's loader knew
 * @param symbols its functions
 */
record NativeLibrary(CudaLibrary kind, String path, SymbolLookup symbols) {

  /**
   * A function of it.
   *
   * @throws MissingLibraryException if this version of the library has none of the name
   */
  NativeFunction function(String name) {
    return find(name)
        .orElseThrow(() ->
            new MissingLibraryException(
                kind, path + " has no " + name + ": it is too old", kind.remedy()));
  }

  /** A function that not all supported versions have. */
  Optional<NativeFunction> find(String name) {
    Optional<MemorySegment> symbol = symbols.find(name);
    return symbol.map(address -> new NativeFunction(name, address));
  }
}
