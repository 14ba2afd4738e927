// Compilation of kernels. What was compiled is kept in a folder under a name that tells everything it depends
// on, so that the hundreds of kernels of a test suite are compiled once.
#include "compiler.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <sstream>

#include "core.h"
#include "embedded.h"
#include "source.h"

extern char** environ;

namespace fake::compiler {

namespace {

namespace fs = std::filesystem;

constexpr const char* ptxMark = "// library of the fake NVRTC: ";

struct Places {
  std::mutex mutex;
  std::string compiler = "g++";
  std::string cache;
};

Places& places() {
  static Places& places = *new Places;
  return places;
}

std::string defaultCache() {
  if (const char* folder = std::getenv("FAKE_CUDA_CACHE")) {
    return folder;
  }
  return (fs::temp_directory_path() / format("fake-cuda-%u", getuid())).string();
}

std::string cacheFolder() {
  std::lock_guard lock(places().mutex);
  if (places().cache.empty()) {
    places().cache = defaultCache();
  }
  fs::create_directories(places().cache);
  return places().cache;
}

std::string compilerPath() {
  std::lock_guard lock(places().mutex);
  return places().compiler;
}

// FNV-1a in two lanes of 64 bits. The lengths keep ("ab", "c") apart from ("a", "bc").
class Hash {
 public:
  void add(const std::string& text) {
    addBytes(text);
    addBytes("#" + std::to_string(text.size()) + "#");
  }
  std::string text() const {
    return format("%016llx%016llx", static_cast<unsigned long long>(first_),
                  static_cast<unsigned long long>(second_));
  }

 private:
  void addBytes(const std::string& text) {
    constexpr uint64_t prime = 0x100000001b3;
    for (unsigned char c : text) {
      first_ = (first_ ^ c) * prime;
      second_ = (second_ ^ static_cast<unsigned char>(c + 0x5b)) * prime;
    }
  }
  uint64_t first_ = 0xcbf29ce484222325;
  uint64_t second_ = 0x84222325cbf29ce4;
};

std::string readFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream content;
  content << file.rdbuf();
  return file ? content.str() : "";
}

// Written under another name first, so that no other process ever sees half of it.
void publish(const std::string& path, const std::string& bytes) {
  std::string aside = uniquePath("aside");
  writeFile(aside, bytes);
  fs::rename(aside, path);
}

std::string headerFolder() {
  std::string folder = cacheFolder() + "/device-" + build();
  if (!fs::exists(folder)) {
    fs::create_directories(folder);
    for (const Header& header : deviceHeaders()) {
      publish(folder + "/" + header.name, header.text);
    }
  }
  return folder;
}

std::string allText(const Request& request) {
  std::string text = request.source;
  for (const Header& header : request.headers) {
    text += "\n" + header.text;
  }
  return source::withoutComments(text);
}

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') {
      result += '\\';
    }
    result += c;
  }
  return result + "\"";
}

// In a nameless namespace, so that nothing of a kernel meets a name of the C library, and so that the compiler
// may leave out what is not used.
std::string unit(const Request& request) {
  std::string text = allText(request);
  std::string kernels;
  for (const source::Kernel& kernel : source::kernels(text)) {
    kernels += "SIMT_KERNEL(" + kernel.name + ", " + std::to_string(kernel.maxThreads) + "), ";
  }
  return "#include \"simt.h\"\nnamespace {\n#line 1 " + quoted(request.name) + "\n" +
         source::withDynamicShared(request.source) + "\n}\n#line 1 \"registration of kernels\"\n" +
         "SIMT_MODULE(\"" + build() + "\", " + std::to_string(request.architecture) + ", " +
         (source::cooperative(text) ? "true" : "false") + ", " + kernels + ")\n";
}

std::vector<std::string> command(const Request& request, const std::string& folder) {
  std::vector<std::string> words = {compilerPath(), "-O1", "-shared", "-fPIC", "-std=c++20",
                                    "-ffp-contract=off", "-fvisibility=hidden", "-w",
                                    "-fno-diagnostics-show-caret", "-fmax-errors=20",
                                    "-DLADERA_HOST", "-I" + headerFolder(), "-I" + folder};
  words.insert(words.end(), request.options.begin(), request.options.end());
  words.insert(words.end(), {folder + "/unit.cpp", "-o", folder + "/unit.so", "-lm"});
  return words;
}

// Runs a command with its output in a file. Answers the exit status, or -1 if it could not be started.
int runCommand(const std::vector<std::string>& words, const std::string& output) {
  std::vector<char*> arguments;
  for (const std::string& word : words) {
    arguments.push_back(const_cast<char*>(word.c_str()));
  }
  arguments.push_back(nullptr);
  // Messages in plain ASCII, whatever the user's language.
  std::vector<char*> environment = {const_cast<char*>("LC_ALL=C")};
  for (char** entry = environ; *entry != nullptr; entry++) {
    if (std::strncmp(*entry, "LC_ALL=", 7) != 0) {
      environment.push_back(*entry);
    }
  }
  environment.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  pid_t child = 0;
  int failed = posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(),
                            environment.data());
  posix_spawn_file_actions_destroy(&actions);
  int status = 0;
  if (failed != 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status)) {
    return -1;
  }
  return WEXITSTATUS(status);
}

void writeUnit(const Request& request, const std::string& folder, const std::string& text) {
  fs::create_directories(folder);
  for (const Header& header : request.headers) {
    fs::path path = fs::path(folder) / header.name;
    fs::create_directories(path.parent_path());
    writeFile(path.string(), source::withDynamicShared(header.text));
  }
  writeFile(folder + "/unit.cpp", text);
}

std::string keyOf(const Request& request, const std::string& text) {
  Hash hash;
  hash.add(build());
  hash.add(compilerPath());
  hash.add(__VERSION__);
  hash.add(text);
  for (const Header& header : request.headers) {
    hash.add(header.name);
    hash.add(header.text);
  }
  for (const std::string& option : request.options) {
    hash.add(option);
  }
  return hash.text();
}

std::string libraryPath(const std::string& key) { return cacheFolder() + "/" + key + ".so"; }

}  // namespace

const std::string& build() {
  static const std::string& build = *[] {
    Hash hash;
    for (const Header& header : deviceHeaders()) {
      hash.add(header.text);
    }
    return new std::string(hash.text());
  }();
  return build;
}

std::string uniquePath(const char* kind) {
  static std::atomic<unsigned> next{0};
  return cacheFolder() + format("/%s-%d-%u", kind, getpid(), next++);
}

void writeFile(const std::string& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) {
    throw Failure{CUDA_ERROR_UNKNOWN, "cannot write " + path};
  }
}

Result compile(const Request& request) {
  std::string text = unit(request);
  std::string key = keyOf(request, text);
  std::string library = libraryPath(key);
  Result result;
  if (!fs::exists(library)) {
    std::string folder = uniquePath("unit");
    writeUnit(request, folder, text);
    {
      std::lock_guard lock(core().mutex);
      core().compilations++;
    }
    int status = runCommand(command(request, folder), folder + "/log");
    result.log = status == -1 ? compilerPath() + " could not be started" : readFile(folder + "/log");
    if (status == 0) {
      fs::rename(folder + "/unit.so", library);
    }
    fs::remove_all(folder);
    if (status != 0) {
      return result;
    }
  }
  result.bytes = readFile(library);
  result.ptx = ptxMark + key + "\n.target sm_" + std::to_string(request.architecture) + "\n";
  result.success = true;
  return result;
}

std::string ofPtx(const char* ptx) {
  size_t mark = std::strlen(ptxMark);
  if (std::strncmp(ptx, ptxMark, mark) != 0) {
    return "";
  }
  std::string key(ptx + mark, strcspn(ptx + mark, "\n"));
  bool clean = key.find_first_not_of("0123456789abcdef") == std::string::npos;
  return clean ? readFile(libraryPath(key)) : "";
}

void setCompiler(const std::string& path) {
  std::lock_guard lock(places().mutex);
  places().compiler = path;
}

void setCache(const std::string& folder) {
  std::lock_guard lock(places().mutex);
  places().cache = folder;
}

}  // namespace fake::compiler

extern "C" {

void fake_set_compiler(const char* path) { fake::compiler::setCompiler(path); }
void fake_set_cache(const char* folder) { fake::compiler::setCache(folder); }

}  // extern "C"
