// A path, from the UTF-8 of cairn to what Windows takes.
//
//   "run/ckpt-1"   ->  C:\work\run\ckpt-1            as seen from the folder that the program is in
//   300 letters    ->  \\?\C:\work\...               beyond the 260 that Windows takes otherwise
//   "run/con.txt"  ->  Error                         a device, not a file
//
// Windows would take some names for others: of "a." and "a " it makes "a", and "a:b" is a second content of the file a.
// Such names are refused, so that no file is another one than was meant.
#pragma once

#include "../../core/detail/fail.hpp"
#include "../../core/detail/windows_api.hpp"
#include "../path.hpp"
#include "system_error.hpp"

#include <cstddef>
#include <string>
#include <string_view>

#if defined(_WIN32)

namespace CAIRN_NAMESPACE::io::detail {

// Throws Error with ErrorCode::invalid_argument for a text that is not UTF-8.
[[nodiscard]] inline std::wstring wide(const std::string& text) {
  constexpr unsigned int utf8 = 65001;
  constexpr unsigned long refuse_invalid = 8;
  const int size = static_cast<int>(text.size());
  std::wstring wide(text.size(), L'\0');
  const int made = size == 0 ? 0 : ::MultiByteToWideChar(utf8, refuse_invalid, text.data(), size, wide.data(), size);
  if (made == 0 && size != 0)
    core::detail::fail(ErrorCode::invalid_argument,
                       {"the path \"", text, "\" is not UTF-8, in which cairn takes paths on Windows"}, {.file = text});
  wide.resize(static_cast<std::size_t>(made));
  return wide;
}
[[nodiscard]] inline std::string utf8_of(std::wstring_view text) {
  constexpr unsigned int utf8 = 65001;
  const int size = static_cast<int>(text.size());
  std::string narrow(3 * text.size(), '\0');
  const int made = size == 0 ? 0
                             : ::WideCharToMultiByte(utf8, 0, text.data(), size, narrow.data(),
                                                     static_cast<int>(narrow.size()), nullptr, nullptr);
  narrow.resize(static_cast<std::size_t>(made));
  return narrow;
}

// Returns true for the name of a device, with or without an extension: in every folder it stands for the device.
[[nodiscard]] inline bool is_device_name(std::string_view name) {
  name = name.substr(0, name.find('.'));
  while (name.ends_with(' ')) name.remove_suffix(1);
  std::string upper(name);
  for (char& c : upper)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  for (const std::string_view device : {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"})
    if (upper == device) return true;
  const bool is_numbered = upper.size() == 4 && (upper.starts_with("COM") || upper.starts_with("LPT"));
  return is_numbered && upper[3] >= '0' && upper[3] <= '9';
}

// Throws Error with ErrorCode::invalid_argument for a path with a name that Windows does not allow, or would take for
// another one.
inline void require_windows_names(const std::string& path) {
  const auto refuse = [&](std::string_view name, std::initializer_list<core::detail::Words> reason) {
    core::detail::fail(ErrorCode::invalid_argument,
                       {"the path \"", path, "\" has the name \"", name, "\", ", core::detail::sentence_of(reason),
                        "; choose another name"},
                       {.file = path});
  };
  for (const std::string_view name : names_of_path(path)) {
    if (name.empty() || name == "." || name == ".." || root_size(name) != 0) continue;
    for (const char c : name)
      if (static_cast<unsigned char>(c) < 0x20 || std::string_view("<>:\"|?*").find(c) != std::string_view::npos)
        refuse(name, {"and Windows allows no '", std::string_view(&c, 1), "' in a name"});
    if (name.ends_with('.') || name.ends_with(' '))
      refuse(name, {"of which Windows would leave out the dot or space at the end"});
    if (is_device_name(name)) refuse(name, {"which stands for a device on Windows"});
    if (name.size() > 255 && wide(std::string(name)).size() > 255)
      refuse(name, {"which is longer than the 255 letters that Windows allows in a name"});
  }
}

// Returns the absolute path for Windows. Throws Error with ErrorCode::invalid_argument for a name that Windows does not
// allow, or would take for another one.
[[nodiscard]] inline std::wstring windows_path(const std::string& path) {
  std::wstring given = wide(system_path(path));
  for (wchar_t& c : given)
    if (c == L'/') c = L'\\';
  if (given.starts_with(L"\\\\?\\") || given.starts_with(L"\\\\.\\")) return given;
  require_windows_names(path);
  std::wstring full(given.size() + 300, L'\0');
  unsigned long size = ::GetFullPathNameW(given.c_str(), static_cast<unsigned long>(full.size()), full.data(), nullptr);
  if (size > full.size()) {
    full.resize(size);
    size = ::GetFullPathNameW(given.c_str(), static_cast<unsigned long>(full.size()), full.data(), nullptr);
  }
  full.resize(size);
  if (full.empty()) return given;         // the call to come says why
  constexpr std::size_t max_plain = 240;  // 260, with room for what a folder needs
  if (full.size() < max_plain) return full;
  return full.starts_with(L"\\\\") ? L"\\\\?\\UNC" + full.substr(1) : L"\\\\?\\" + full;
}

[[nodiscard]] inline int errno_of(unsigned long error) {
  switch (error) {
    case 2:   // ERROR_FILE_NOT_FOUND
    case 3:   // ERROR_PATH_NOT_FOUND
    case 15:  // ERROR_INVALID_DRIVE
    case 53:  // ERROR_BAD_NETPATH
    case 67:  // ERROR_BAD_NET_NAME
      return ENOENT;
    case 80:   // ERROR_FILE_EXISTS
    case 183:  // ERROR_ALREADY_EXISTS
      return EEXIST;
    case 5:     // ERROR_ACCESS_DENIED
    case 1314:  // ERROR_PRIVILEGE_NOT_HELD
      return EACCES;
    case 19:  // ERROR_WRITE_PROTECT
      return EROFS;
    case 39:    // ERROR_HANDLE_DISK_FULL
    case 112:   // ERROR_DISK_FULL
    case 1295:  // ERROR_DISK_QUOTA_EXCEEDED
      return ENOSPC;
    case 223:  // ERROR_FILE_TOO_LARGE
      return EFBIG;
    case 4:  // ERROR_TOO_MANY_OPEN_FILES
      return EMFILE;
    case 8:     // ERROR_NOT_ENOUGH_MEMORY
    case 14:    // ERROR_OUTOFMEMORY
    case 1450:  // ERROR_NO_SYSTEM_RESOURCES
    case 1455:  // ERROR_COMMITMENT_LIMIT
      return ENOMEM;
    case 267:  // ERROR_DIRECTORY
      return ENOTDIR;
    case 32:    // ERROR_SHARING_VIOLATION
    case 33:    // ERROR_LOCK_VIOLATION
    case 170:   // ERROR_BUSY
    case 303:   // ERROR_DELETE_PENDING
    case 1224:  // ERROR_USER_MAPPED_FILE
      return EBUSY;
    case 145:  // ERROR_DIR_NOT_EMPTY
      return ENOTEMPTY;
    case 17:  // ERROR_NOT_SAME_DEVICE
      return EXDEV;
    case 111:  // ERROR_BUFFER_OVERFLOW
    case 206:  // ERROR_FILENAME_EXCED_RANGE
      return ENAMETOOLONG;
    case 87:   // ERROR_INVALID_PARAMETER
    case 123:  // ERROR_INVALID_NAME
    case 161:  // ERROR_BAD_PATHNAME
      return EINVAL;
    case 1921:  // ERROR_CANT_RESOLVE_FILENAME
      return ELOOP;
    default:
      return EIO;
  }
}

// The attributes of what the path leads to; nullopt where it leads to nothing, or may not be looked at.
[[nodiscard]] inline std::optional<unsigned long> attributes_of(const std::wstring& path) {
  constexpr unsigned long none = 0xffffffff;
  const unsigned long attributes = ::GetFileAttributesW(path.c_str());
  return attributes == none ? std::nullopt : std::optional(attributes);
}
[[nodiscard]] inline bool is_folder(unsigned long attributes) noexcept { return (attributes & 0x10) != 0; }

// Throws the Error of a call of Windows that tried to `action` the `path` and failed with `error`. Windows says "access
// denied" of a folder that is used as a file, and "not found" of a file that is used as a folder.
[[noreturn]] CAIRN_COLD inline void fail_windows(std::initializer_list<core::detail::Words> action,
                                                 const std::string& path, unsigned long error) {
  int number = errno_of(error);
  if (number == EACCES)
    if (const auto there = attributes_of(windows_path(path)); there && is_folder(*there)) number = EISDIR;
  if (number == ENOENT)
    for (std::string above = parent_directory(path), last = path; above != last;
         last = above, above = parent_directory(above))
      if (const auto there = attributes_of(windows_path(above)); there && !is_folder(*there)) number = ENOTDIR;
  const SystemReason reason = reason_of(number);
  core::detail::fail(reason.code,
                     {"cannot ", core::detail::sentence_of(action), " \"", path,
                      "\": ", std::generic_category().message(number), " (Windows says ", error, "); ", reason.way_out},
                     {.file = path});
}

// Calls `call` again for a quarter of a second while it says that somebody else is at the file: virus scanners and
// indexers open what is new for a moment. Returns its last result; GetLastError() is of that call.
template <class Call>
[[nodiscard]] bool patiently(const Call& call) {
  constexpr unsigned long access_denied = 5, sharing_violation = 32, lock_violation = 33;
  for (unsigned long wait = 1;; wait *= 2) {
    if (call()) return true;
    const unsigned long error = ::GetLastError();
    const bool may_pass = error == access_denied || error == sharing_violation || error == lock_violation;
    if (!may_pass || wait > 128) return false;
    ::Sleep(wait);
  }
}

}  // namespace CAIRN_NAMESPACE::io::detail

#endif
