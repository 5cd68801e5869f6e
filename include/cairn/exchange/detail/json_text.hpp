// JSON, read token by token by who knows what must come next, and written. Strict: no comments, no trailing commas, no
// number that is not a count, UTF-8 only. Nothing is built in memory but the strings that are asked for.
//
//   {"w": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}
//
//   JsonReader json(text, "model.safetensors");
//   json.for_each_member([&](std::string name) { ... json.string() ... json.count() ... });
#pragma once

#include "../../core/error.hpp"
#include "../../format/detail/utf8.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::exchange::detail {

// Every member throws Error (data_loss), with the place in the text, when something else stands there.
class JsonReader {
 public:
  // `file` and `where` ("header") are for messages. `text` must outlive the reader.
  JsonReader(std::string_view text, std::string file, std::string where = "header")
      : text_(text), file_(std::move(file)), where_(std::move(where)) {
    if (!format::detail::is_valid_utf8(text)) throw wrong("is not UTF-8");
  }

  // Calls member(std::string name) for each; it must read the value.
  template <class Member>
  void for_each_member(Member member) {
    expect('{');
    if (take('}')) return;
    do {
      std::string name = string();
      expect(':');
      member(std::move(name));
    } while (take(','));
    expect('}');
  }
  // Calls element() for each; it must read the value.
  template <class ReadElement>
  void for_each_element(ReadElement element) {
    expect('[');
    if (take(']')) return;
    do element();
    while (take(','));
    expect(']');
  }

  [[nodiscard]] std::string string() {
    expect('"');
    std::string result;
    for (;;) {
      if (at_ == text_.size()) throw wrong("ends within a string");
      const char c = text_[at_++];
      if (c == '"') return result;
      if (static_cast<unsigned char>(c) < 0x20) throw wrong("has a control character in a string");
      if (c != '\\')
        result += c;
      else
        append_escaped(result);
    }
  }

  // A number from 0 to 2^63 - 1.
  [[nodiscard]] std::int64_t count() {
    skip_space();
    constexpr std::int64_t max = std::numeric_limits<std::int64_t>::max();
    const std::size_t begin = at_;
    std::int64_t value = 0;
    for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_) {
      const std::int64_t digit = text_[at_] - '0';
      if (value > (max - digit) / 10) throw wrong("has a number above 2^63 - 1");
      value = value * 10 + digit;
    }
    const bool has_leading_zero = at_ - begin > 1 && text_[begin] == '0';
    const bool goes_on = at_ < text_.size() && (text_[at_] == '.' || text_[at_] == 'e' || text_[at_] == 'E');
    if (at_ == begin || has_leading_zero || goes_on) throw wrong("should have a whole number that is not negative");
    return value;
  }

  // Returns the letter that stands next, behind space; '\0' at the end.
  [[nodiscard]] char next() noexcept {
    skip_space();
    return at_ == text_.size() ? '\0' : text_[at_];
  }
  // Passes over a value of any kind.
  void skip(int depth = 0) {
    constexpr int max_depth = 64;
    if (depth > max_depth) throw wrong("has lists in each other more than " + std::to_string(max_depth) + " deep");
    const char first = next();
    if (first == '{') return for_each_member([&](const std::string&) { skip(depth + 1); });
    if (first == '[') return for_each_element([&] { skip(depth + 1); });
    if (first == '"') return static_cast<void>(string());
    const std::size_t end = std::min(text_.find_first_of(",]} \n\r\t", at_), text_.size());  // a number, true, null
    if (end == at_) throw wrong("should have a value");
    at_ = end;
  }

  // Nothing but space may follow.
  void end() {
    skip_space();
    if (at_ != text_.size()) throw wrong("goes on behind its end");
  }

  [[nodiscard]] Error wrong(const std::string& problem) const {
    return Error(ErrorCode::data_loss, "the " + where_ + " of \"" + file_ + "\" " + problem + ", at byte " +
                                           std::to_string(at_) + " of it; the file is damaged, or of another format")
        .in_file(file_);
  }

 private:
  void skip_space() noexcept {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t'))
      ++at_;
  }
  [[nodiscard]] bool take(char c) {
    skip_space();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!take(c)) throw wrong(std::string("should have a '") + c + "'");
  }

  [[nodiscard]] std::uint32_t four_hex_digits() {
    if (text_.size() - at_ < 4) throw wrong("ends within a string");
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i) {
      const char c = text_[at_++];
      const int digit = c >= '0' && c <= '9'   ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
      if (digit < 0) throw wrong("has no four hexadecimal digits behind a \\u");
      value = value << 4 | static_cast<std::uint32_t>(digit);
    }
    return value;
  }
  void append_escaped(std::string& result) {
    if (at_ == text_.size()) throw wrong("ends within a string");
    const char c = text_[at_++];
    constexpr std::string_view letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
    if (const std::size_t known = letters.find(c); known != letters.npos) {
      result += meanings[known];
      return;
    }
    if (c != 'u') throw wrong("has an escape that JSON does not know");
    std::uint32_t code = four_hex_digits();
    if (code >= 0xd800 && code < 0xdc00) {
      if (text_.substr(at_, 2) != "\\u") throw wrong("has half of a surrogate pair");
      at_ += 2;
      const std::uint32_t low = four_hex_digits();
      if (low < 0xdc00 || low > 0xdfff) throw wrong("has half of a surrogate pair");
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    } else if (code >= 0xdc00 && code <= 0xdfff) {
      throw wrong("has half of a surrogate pair");
    }
    format::detail::append_utf8(result, code);
  }

  std::string_view text_;
  std::string file_, where_;
  std::size_t at_ = 0;
};

// Appends a string with its quotes. `text` must be UTF-8.
inline void append_json(std::string& out, std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  out += '"';
  std::size_t begin = 0;  // of what is not appended yet
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto number = static_cast<unsigned char>(text[i]);
    if (number >= 0x20 && number != '"' && number != '\\') continue;
    out += text.substr(begin, i - begin);
    begin = i + 1;
    const char escaped[]{'\\', 'u', '0', '0', hex[number >> 4], hex[number & 15]};
    if (number < 0x20)
      out.append(escaped, sizeof escaped);
    else
      (out += '\\') += text[i];
  }
  (out += text.substr(begin)) += '"';
}

}  // namespace CAIRN_NAMESPACE::exchange::detail
