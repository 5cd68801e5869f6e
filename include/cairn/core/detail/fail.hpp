// fail: throws an Error whose sentence is made of texts and numbers. A function that may throw has one call for it and
// nothing else: no std::string is built and destroyed there, and the function with the work in it is made once.
//
//   fail(ErrorCode::data_loss, {"\"", path, "\" ends at byte ", size, "; the file was cut"}, {.file = path, .offset = size});
#pragma once

#include "../error.hpp"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE::core::detail {

// A text or a number of a sentence. The text must live until the sentence is made.
class Words {
 public:
  Words(std::string_view text) noexcept : text_(text) {}                // NOLINT(google-explicit-constructor)
  Words(const std::string& text) noexcept : text_(text) {}              // NOLINT(google-explicit-constructor)
  Words(const char* text) noexcept : text_(text) {}                     // NOLINT(google-explicit-constructor)
  Words(long long number) noexcept : Words(Kind::is_signed, number) {}  // NOLINT(google-explicit-constructor)
  Words(long number) noexcept : Words(Kind::is_signed, number) {}       // NOLINT(google-explicit-constructor)
  Words(int number) noexcept : Words(Kind::is_signed, number) {}        // NOLINT(google-explicit-constructor)
  Words(unsigned long long number) noexcept                             // NOLINT(google-explicit-constructor)
      : Words(Kind::is_unsigned, static_cast<long long>(number)) {}
  Words(unsigned long number) noexcept  // NOLINT(google-explicit-constructor)
      : Words(Kind::is_unsigned, static_cast<long long>(number)) {}
  Words(unsigned number) noexcept : Words(Kind::is_unsigned, number) {}  // NOLINT(google-explicit-constructor)

  void append_to(std::string& sentence) const {
    if (kind_ == Kind::text)
      sentence += text_;
    else
      sentence +=
          kind_ == Kind::is_signed ? std::to_string(number_) : std::to_string(static_cast<unsigned long long>(number_));
  }

 private:
  enum class Kind : unsigned char { text, is_signed, is_unsigned };

  Words(Kind kind, long long number) noexcept : number_(number), kind_(kind) {}

  std::string_view text_;
  long long number_ = 0;
  Kind kind_ = Kind::text;
};

// The parts of an Error beside its code and sentence; each is left out where it does not apply.
struct ErrorDetails {
  std::string_view file = {};
  std::string_view key = {};
  std::optional<std::uint64_t> offset = {};
  std::string_view expected = {};
  std::string_view found = {};
};

[[nodiscard]] CAIRN_COLD CAIRN_NOINLINE inline std::string sentence_of(std::initializer_list<Words> words) {
  std::string sentence;
  for (const Words& each : words) each.append_to(sentence);
  return sentence;
}

// Throws an Error with that code and sentence.
[[noreturn]] CAIRN_COLD CAIRN_NOINLINE inline void fail(ErrorCode code, std::initializer_list<Words> words,
                                                        const ErrorDetails& details = {}) {
  Error error(code, sentence_of(words));
  error.in_file(std::string(details.file)).at_key(std::string(details.key));
  error.expecting(std::string(details.expected), std::string(details.found));
  if (details.offset) error.at_offset(*details.offset);
  throw error;
}

}  // namespace CAIRN_NAMESPACE::core::detail
