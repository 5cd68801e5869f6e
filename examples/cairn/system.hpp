// What the tool asks the system: terminals, and the words of its command line.
#pragma once

#include <cstddef>
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

// Does some work in a process of its own, and returns false when that was ended by the system, or has taken thirty
// seconds of the processor's time. What the work throws, prints or changes is lost. On Windows it is not done, and true returned.
bool is_survived(const std::function<void()>& work);

}  // namespace tool
