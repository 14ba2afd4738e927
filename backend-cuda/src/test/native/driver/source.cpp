// A few patterns in CUDA C. Kernels keep to a convention, extern "C" __global__ void name(...), so that patterns
// are enough and no parser is needed.
#include "source.h"

#include <cstdlib>
#include <regex>

namespace fake::source {

std::string withoutComments(const std::string& text) {
  std::string result = text;
  enum class In { code, line, block, string, character } in = In::code;
  for (size_t i = 0; i < text.size(); i++) {
    char c = text[i];
    char next = i + 1 < text.size() ? text[i + 1] : '\0';
    switch (in) {
      case In::code:
        if (c == '/' && (next == '/' || next == '*')) {
          in = next == '/' ? In::line : In::block;
          result[i] = result[i + 1] = ' ';
          i++;
        } else if (c == '"') {
          in = In::string;
        } else if (c == '\'') {
          in = In::character;
        }
        break;
      case In::line:
        if (c == '\n') {
          in = In::code;
        } else {
          result[i] = ' ';
        }
        break;
      case In::block:
        if (c == '*' && next == '/') {
          in = In::code;
          result[i] = result[i + 1] = ' ';
          i++;
        } else if (c != '\n') {
          result[i] = ' ';
        }
        break;
      case In::string:
      case In::character:
        if (c == '\\') {
          i++;
        } else if (c == (in == In::string ? '"' : '\'')) {
          in = In::code;
        }
        break;
    }
  }
  return result;
}

std::string withDynamicShared(const std::string& text) {
  static const std::regex pattern(
      R"(extern\s+__shared__\s+(?:(?:__align__|alignas)\s*\(\s*\d+\s*\)\s*)?([\w\s]*\w)\s+)"
      R"((?:(?:__align__|alignas)\s*\(\s*\d+\s*\)\s*)?(\w+)\s*\[\s*\]\s*;)");
  return std::regex_replace(text, pattern, "$1* const $2 = ($1*)simt::dynamicShared;");
}

bool cooperative(const std::string& text) {
  static const std::regex pattern(R"(__sync|__shfl_|__ballot_|__any_|__all_|__activemask|__trap|\bassert\b)");
  return std::regex_search(text, pattern);
}

std::vector<Kernel> kernels(const std::string& text) {
  static const std::regex pattern(
      R"re(extern\s+"C"\s+__global__\s+void\s+(?:__launch_bounds__\s*\(\s*(\w+)[^)]*\)\s*)?(\w+)\s*\()re");
  std::vector<Kernel> found;
  for (std::sregex_iterator match(text.begin(), text.end(), pattern), end; match != end; ++match) {
    // A bound that is a macro or constant is not known here, and then not checked.
    found.push_back({(*match)[2].str(), std::atoi((*match)[1].str().c_str())});
  }
  return found;
}

}  // namespace fake::source
