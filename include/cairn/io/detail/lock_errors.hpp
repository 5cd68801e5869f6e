// The sentences of a lock that cannot be taken.
#pragma once

#include "../../core/detail/fail.hpp"

#include <algorithm>
#include <string>

namespace CAIRN_NAMESPACE::io::detail {

// Throws the Error for a lock that somebody holds. Its sentence names the owner by the first line of the file, as far
// as that can be printed.
[[noreturn]] CAIRN_COLD inline void fail_held(const std::string& path, std::string owner) {
  owner.resize(std::min(owner.find('\n'), owner.size()));
  for (char& c : owner)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  while (owner.ends_with(' ')) owner.pop_back();
  if (owner.empty()) owner = "an owner that has not said who it is yet";
  core::detail::fail(ErrorCode::failed_precondition,
                     {"the lock \"", path, "\" is held by ", owner, "; wait for its end, or choose another folder"},
                     {.file = path, .expected = "no owner", .found = owner});
}

[[noreturn]] inline void fail_no_lock_file(const std::string& path) {
  core::detail::fail(
      ErrorCode::failed_precondition,
      {"the lock \"", path,
       "\" is a link, a pipe or a device, and not the plain file that only a lock's owner writes; remove it"},
      {.file = path});
}

}  // namespace CAIRN_NAMESPACE::io::detail
