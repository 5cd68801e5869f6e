// What the tool asks the system: terminals, and the words of its command line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tool {

// Returns the words behind the program's name; on Windows in UTF-8, and output is written as it is from then on, without
// the '\r' that Windows would add to each line.
std::vector<std::string> words_of(int argc, char** argv);

// Returns how many characters fit into a line of the terminal that `stream` is; nullopt where it is none.
std::optional<std::size_t> width_of(std::FILE* stream);

// While it lives, the process gets at most so many bytes of memory beside what it has. On Windows it does nothing.
class MemoryLimit {
 public:
  explicit MemoryLimit(std::uint64_t bytes);
  MemoryLimit(const MemoryLimit&) = delete;
  MemoryLimit& operator=(const MemoryLimit&) = delete;
  ~MemoryLimit();

 private:
  std::uint64_t before_ = 0;
  bool is_set_ = false;
};

// What became of work in a process of its own: it was survived, it threw, or the process was ended by the system, as after
// thirty seconds of the processor's time.
enum class Outcome { survived, thrown, ended };

// Does some work in a process of its own. What the work throws, prints or changes is lost. On Windows it is not done, and
// `survived` returned.
[[nodiscard]] Outcome try_apart(const std::function<void()>& work);

}  // namespace tool
