// What a killed process leaves in a manager's directory, and who may sweep it up.
#pragma once

#include "../core/error.hpp"
#include "../io/file_system.hpp"
#include "../io/path.hpp"
#include "../io/publish.hpp"
#include "numbering.hpp"
#include "state_file.hpp"

#include <cerrno>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include <signal.h>
#include <sys/types.h>

namespace cairn::detail {

// True for a process number that no process of this machine has. Another machine's process that works on the same
// directory may look so; its temporary file is then missing at its rename, which it reports, and nothing else is lost.
[[nodiscard]] inline bool is_gone(pid_t process) noexcept { return ::kill(process, 0) != 0 && errno == ESRCH; }

// The process in a name that io::temporary_path made.
[[nodiscard]] inline std::optional<pid_t> process_of_temporary(std::string_view name) {
  const std::string_view tail = name.substr(name.rfind(io::temporary_mark) + io::temporary_mark.size());
  pid_t process = 0;
  const auto [end, error] = std::from_chars(tail.data(), tail.data() + tail.size(), process);
  return error == std::errc() && process > 0 ? std::optional(process) : std::nullopt;
}

// Removes the temporary files that processes which are gone left of this manager's own files: of its checkpoints, by
// name and number, and of the state file. Never anything else.
inline void remove_leftovers(io::FileSystem& files, const std::string& directory, std::string_view checkpoint_name) {
  for (const std::string& name : files.list_directory(directory)) {
    if (!io::is_temporary(name)) continue;
    const std::string_view final_name = std::string_view(name).substr(0, name.rfind(io::temporary_mark));
    if (final_name != state_file_name && !number_of_file(final_name, checkpoint_name)) continue;
    const auto process = process_of_temporary(name);
    if (!process || !is_gone(*process)) continue;
    try {
      files.remove(io::join_path(directory, name));
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_found) throw;
    }
  }
}

}  // namespace cairn::detail
