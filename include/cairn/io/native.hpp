// native(): the files of the machine, as its system gives them: posix(), or windows() on Windows.
#pragma once

#include "posix.hpp"
#include "windows.hpp"

namespace CAIRN_NAMESPACE::io {

// Returns the file system of the machine, which every call uses that is given no other. Any thread may call it.
[[nodiscard]] inline FileSystem& native() {
#if defined(_WIN32)
  return windows();
#else
  return posix();
#endif
}

}  // namespace CAIRN_NAMESPACE::io
