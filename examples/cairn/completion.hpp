// What the shell offers to write next.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tool {

// Of a command's arguments, for Arguments::parse(): PATH is a checkpoint, DIR a folder, FILE and NEW any file, KEY a
// name in the checkpoint `path`. What is offered begins with `word`. Never throws.
[[nodiscard]] std::vector<std::string> completions(std::string_view what, std::string_view word,
                                                   const std::string& path);

}  // namespace tool
