// The headers of ../device, inside of the library: it needs no files but itself.
#include "embedded.h"

#define EMBED(symbol, file)             \
  asm(".section .rodata\n"              \
      ".globl " #symbol "\n"            \
      ".hidden " #symbol "\n" #symbol   \
      ":\n"                             \
      ".incbin \"" file "\"\n"          \
      ".byte 0\n"                       \
      ".text\n");                       \
  extern "C" __attribute__((visibility("hidden"))) const char symbol[]

EMBED(fake_text_abi, "abi.h");
EMBED(fake_text_atomics, "atomics.h");
EMBED(fake_text_math, "math.h");
EMBED(fake_text_simt, "simt.h");
EMBED(fake_text_vectors, "vectors.h");

namespace fake {

const std::vector<compiler::Header>& deviceHeaders() {
  static const auto& headers = *new std::vector<compiler::Header>{{"abi.h", fake_text_abi},
                                                                  {"atomics.h", fake_text_atomics},
                                                                  {"math.h", fake_text_math},
                                                                  {"simt.h", fake_text_simt},
                                                                  {"vectors.h", fake_text_vectors}};
  return headers;
}

}  // namespace fake
