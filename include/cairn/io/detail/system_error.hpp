// From the system's errno to an Error: its code, its sentence, and the way out.
#pragma once

#include "../../core/detail/fail.hpp"

#include <cerrno>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <system_error>

namespace CAIRN_NAMESPACE::io::detail {

struct SystemReason {
  ErrorCode code;
  const char* way_out;
};

[[nodiscard]] inline SystemReason reason_of(int number) {
  switch (number) {
    case ENOENT:
      return {ErrorCode::not_found, "check the path and that its folder exists"};
    case EEXIST:
      return {ErrorCode::already_exists, "choose another name, or remove what has this one"};
    case EACCES:
    case EPERM:
      return {ErrorCode::permission_denied, "check who owns the file and its folder, and their permissions"};
    case EROFS:
      return {ErrorCode::permission_denied, "the file system is mounted for reading only; choose another folder"};
    case ENOSPC:
#if defined(EDQUOT)
    case EDQUOT:
#endif
      return {ErrorCode::resource_exhausted, "free some space, or choose another disk"};
    case EFBIG:
      return {ErrorCode::resource_exhausted, "the file system or a limit of the process allows no file of this size"};
    case EMFILE:
    case ENFILE:
      return {ErrorCode::resource_exhausted, "too many files are open; close some, or raise the limit (ulimit -n)"};
    case ENOMEM:
      return {ErrorCode::resource_exhausted, "the machine is out of memory"};
    case ENOTDIR:
      return {ErrorCode::failed_precondition, "a part of the path that should be a folder is a file"};
    case EISDIR:
      return {ErrorCode::failed_precondition, "a folder is where a file should be"};
    case ENOTEMPTY:
    case EBUSY:
    case ETXTBSY:
      return {ErrorCode::failed_precondition, "something else is using it"};
    case EXDEV:
      return {ErrorCode::failed_precondition, "both names must be on one file system"};
    case ELOOP:
      return {ErrorCode::failed_precondition, "its symbolic links go in a circle"};
    case ENAMETOOLONG:
      return {ErrorCode::invalid_argument, "choose a shorter name"};
    case EINVAL:
      return {ErrorCode::invalid_argument, "the file system does not accept this name or operation"};
    default:
      return {ErrorCode::unavailable, "the disk or the system failed; look into its log before trying again"};
  }
}

// Throws the Error of a call that tried to `action` the `path` and set errno to `number`.
[[noreturn]] CAIRN_COLD inline void fail_system(std::initializer_list<core::detail::Words> action,
                                                const std::string& path, int number) {
  const SystemReason reason = reason_of(number);
  core::detail::fail(reason.code,
                     {"cannot ", core::detail::sentence_of(action), " \"", path,
                      "\": ", std::generic_category().message(number), "; ", reason.way_out},
                     {.file = path});
}

// Returns the path as the system takes it, up to its first NUL. Throws Error with ErrorCode::invalid_argument when the
// path has a NUL: the system would open, or remove, another file than the one that was meant.
[[nodiscard]] CAIRN_COLD inline const char* system_path(const std::string& path) {
  if (const std::size_t end = path.find('\0'); end != std::string::npos)
    core::detail::fail(ErrorCode::invalid_argument,
                       {"the path that begins with \"", path.substr(0, end),
                        "\" goes on behind a NUL byte, which no name of a file can have"},
                       {.file = path.substr(0, end)});
  return path.c_str();
}

[[noreturn]] CAIRN_COLD inline void fail_ended(const std::string& path, std::uint64_t offset, std::uint64_t missing) {
  core::detail::fail(ErrorCode::data_loss,
                     {"\"", path, "\" ends at byte ", offset, ", where ", missing,
                      " more bytes were expected; the file was cut or is still being written"},
                     {.file = path,
                      .offset = offset,
                      .expected = core::detail::sentence_of({missing, " more bytes"}),
                      .found = "end of file"});
}

}  // namespace CAIRN_NAMESPACE::io::detail
