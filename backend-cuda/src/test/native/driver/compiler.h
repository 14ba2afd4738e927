// The compiler of kernels: CUDA C in, the bytes of a shared library out, by way of g++ and a cache.
#pragma once

#include <string>
#include <vector>

namespace fake::compiler {

struct Header {
  std::string name;
  std::string text;
};

struct Request {
  std::string name;  // of the source, for messages
  std::string source;
  std::vector<Header> headers;
  std::vector<std::string> options;  // for g++: macros and folders
  int architecture = 0;
};

struct Result {
  bool success = false;
  std::string log;
  std::string bytes;
  std::string ptx;
};

Result compile(const Request& request);

// The library that a PTX of ours names, or nothing.
std::string ofPtx(const char* ptx);

// Which version of the headers in ../device this library has: no other version's modules can be loaded.
const std::string& build();

void setCompiler(const std::string& path);
void setCache(const std::string& folder);

// A path in the cache's folder that nobody else uses.
std::string uniquePath(const char* kind);

void writeFile(const std::string& path, const std::string& bytes);

}  // namespace fake::compiler
