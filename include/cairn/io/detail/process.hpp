// This process, and others of the machine.
#pragma once

#include "windows_handle.hpp"

#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#if !defined(_WIN32)
#include <signal.h>
#include <unistd.h>
#endif

namespace CAIRN_NAMESPACE::io::detail {

#if defined(_WIN32)

using ProcessNumber = unsigned long;

[[nodiscard]] inline ProcessNumber process_number() noexcept { return ::GetCurrentProcessId(); }

// True for a number that no process of this machine has.
[[nodiscard]] inline bool is_gone(ProcessNumber process) noexcept {
  constexpr unsigned long synchronize = 0x00100000, no_such_process = 87, still_there = 258;
  void* const handle = ::OpenProcess(synchronize, 0, process);
  if (handle == nullptr) return ::GetLastError() == no_such_process;
  const bool is_there = ::WaitForSingleObject(handle, 0) == still_there;
  ::CloseHandle(handle);
  return !is_there;
}

[[nodiscard]] inline std::string host_name() {
  wchar_t name[256];
  unsigned long size = 256;
  return ::GetComputerNameW(static_cast<wchar_t*>(name), &size) == 0 ? "?"
                                                                     : utf8_of({static_cast<wchar_t*>(name), size});
}

// Returns a path that is the same for every path that leads to this folder; empty where there is none.
[[nodiscard]] inline std::string real_path(const std::string& folder) {
  const Handle opened = Handle::open(folder, 0, Disposition::open_existing, folders_too);
  if (!opened.is_open()) return {};
  std::wstring path(32768, L'\0');
  const unsigned long size =
      ::GetFinalPathNameByHandleW(opened.get(), path.data(), static_cast<unsigned long>(path.size()), 0);
  path.resize(size < path.size() ? size : 0);
  return utf8_of(path);
}

#else

using ProcessNumber = ::pid_t;

[[nodiscard]] inline ProcessNumber process_number() noexcept { return ::getpid(); }

// True for a number that no process of this machine has.
[[nodiscard]] inline bool is_gone(ProcessNumber process) noexcept { return ::kill(process, 0) != 0 && errno == ESRCH; }

[[nodiscard]] inline std::string host_name() {
  char name[256] = {};
  return ::gethostname(static_cast<char*>(name), sizeof name - 1) == 0 ? static_cast<char*>(name) : "?";
}

// Returns a path that is the same for every path that leads to this folder; empty where there is none.
[[nodiscard]] inline std::string real_path(const std::string& folder) {
  char path[PATH_MAX];
  return ::realpath(folder.c_str(), static_cast<char*>(path)) == nullptr ? "" : static_cast<char*>(path);
}

#endif

}  // namespace CAIRN_NAMESPACE::io::detail
