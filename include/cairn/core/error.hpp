// Error: the one exception of the library. It reports failures outside of the program's code: a damaged file, a missing
// key, a full disk, another shape.
//
//   throw Error(ErrorCode::data_loss, "the shard ends before the tensor does; the file was cut")
//       .in_file(path).at_key(name);
//
// A mistake in the program's code is no Error where the compiler or an assert can find it.
#pragma once

#include "../version.hpp"

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE {

// The kinds of error, with the names and numbers of TensorFlow (tsl/protobuf/error_codes.proto). Each line tells the
// cause and, after the arrow, the cure.
enum class ErrorCode {
  cancelled = 1,            // the program asked for a stop (StopRequest). -> call again; nothing has changed
  invalid_argument = 3,     // an argument or option is wrong, or a shape differs. -> change the call
  not_found = 5,            // no such file, key or checkpoint. -> take a name that exists
  already_exists = 6,       // the name is taken: a key was added twice. -> take another name
  permission_denied = 7,    // the system does not allow it. -> look who owns the file and its folder
  resource_exhausted = 8,   // the disk, a quota or the memory is full. -> make room and call again; nothing was lost
  failed_precondition = 9,  // the order of calls or the directory's state forbids it. -> do what the sentence asks
  out_of_range = 11,        // an index, offset or value is beyond its bounds. -> stay within the bounds
  unimplemented = 12,       // legal, but cairn cannot do it. -> do without it, or ask for it
  internal = 13,            // a mistake in cairn. -> please report it
  unavailable = 14,         // the system could not do it now: EIO. -> look into the system's log, call again
  data_loss = 15,           // a file's bytes are not those that were written. -> restore an older checkpoint, or a copy
};

// The enumerator's name, such as "not_found"; "unknown" for a number that is no enumerator of ErrorCode.
[[nodiscard]] constexpr std::string_view to_string(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::cancelled:
      return "cancelled";
    case ErrorCode::invalid_argument:
      return "invalid_argument";
    case ErrorCode::not_found:
      return "not_found";
    case ErrorCode::already_exists:
      return "already_exists";
    case ErrorCode::permission_denied:
      return "permission_denied";
    case ErrorCode::resource_exhausted:
      return "resource_exhausted";
    case ErrorCode::failed_precondition:
      return "failed_precondition";
    case ErrorCode::out_of_range:
      return "out_of_range";
    case ErrorCode::unimplemented:
      return "unimplemented";
    case ErrorCode::internal:
      return "internal";
    case ErrorCode::unavailable:
      return "unavailable";
    case ErrorCode::data_loss:
      return "data_loss";
  }
  return "unknown";
}

// Prints the enumerator's name: `std::cerr << error.code() << ": " << error.what()`, where what() is the sentence alone.
template <class Stream>
  requires requires(Stream& out, std::string_view text) { out << text; }
Stream& operator<<(Stream& out, ErrorCode code) {
  out << to_string(code);
  return out;
}

// The exception that every function of the library throws for a failure. what() is a complete sentence: what failed, in
// which file and at which key, what was expected, what was found, and the way out. The functions below give a program
// the parts of that sentence. A part that does not apply is empty, and offset() is nullopt then.
class Error : public std::runtime_error {
 public:
  // The type of code().
  using Code = ErrorCode;

  // Makes an error without parts; `sentence` is what what() returns.
  Error(ErrorCode code, const std::string& sentence) : std::runtime_error(sentence), code_(code) {}

  // Texts are empty, and offset() is nullopt, where a part does not apply. The references are valid while the Error
  // lives.
  [[nodiscard]] ErrorCode code() const noexcept { return code_; }
  [[nodiscard]] const std::string& file() const noexcept { return file_; }
  [[nodiscard]] const std::string& key() const noexcept { return key_; }
  [[nodiscard]] std::optional<std::uint64_t> offset() const noexcept { return offset_; }
  [[nodiscard]] const std::string& expected() const noexcept { return expected_; }
  [[nodiscard]] const std::string& found() const noexcept { return found_; }

  // These functions set the parts, for code that throws. Each returns the error, so that calls can be chained in a
  // throw expression. No setter changes what(), because the sentence already says it. Offsets are bytes from the file's
  // start.
  Error& in_file(std::string path) & { return file_ = std::move(path), *this; }
  Error& at_key(std::string key) & { return key_ = std::move(key), *this; }
  Error& at_offset(std::uint64_t offset) & { return offset_ = offset, *this; }
  Error& expecting(std::string expected, std::string found) & {
    return expected_ = std::move(expected), found_ = std::move(found), *this;
  }
  Error&& in_file(std::string path) && { return std::move(in_file(std::move(path))); }
  Error&& at_key(std::string key) && { return std::move(at_key(std::move(key))); }
  Error&& at_offset(std::uint64_t offset) && { return std::move(at_offset(offset)); }
  Error&& expecting(std::string expected, std::string found) && {
    return std::move(expecting(std::move(expected), std::move(found)));
  }

 private:
  ErrorCode code_;
  std::string file_;
  std::string key_;
  std::optional<std::uint64_t> offset_;
  std::string expected_;
  std::string found_;
};

}  // namespace CAIRN_NAMESPACE
