#include "output.hpp"

#include "interrupt.hpp"
#include "system.hpp"

#include <cairn/core/error.hpp>

#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace tool {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

// The code point that begins the text, and how many bytes it takes; nullopt where that is no UTF-8.
struct CodePoint {
  std::uint32_t value;
  std::size_t size;
};
[[nodiscard]] std::optional<CodePoint> first_code_point(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
  const std::uint32_t first = byte(0);
  if (first < 0x80) return CodePoint{first, 1};
  const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < size) return std::nullopt;
  std::uint32_t value = first & (0xffu >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0u) != 0x80u) return std::nullopt;
    value = value << 6 | (byte(i) & 0x3fu);
  }
  constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  if (value < least[size] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) return std::nullopt;
  return CodePoint{value, size};
}

void append_hex(std::string& text, std::uint32_t value, int digits) {
  for (int i = digits - 1; i >= 0; --i) text += hex_digits[value >> (4 * i) & 15u];
}

// What a terminal would not show as a character of its own: controls, marks of direction, separators of lines.
[[nodiscard]] bool is_invisible(std::uint32_t point) {
  return (point >= 0x80 && point < 0xa0) || (point >= 0x200b && point <= 0x200f) ||
         (point >= 0x2028 && point <= 0x202e) || (point >= 0x2060 && point <= 0x206f) || point == 0xfeff;
}

[[nodiscard]] bool has_colours() {
  static const bool has = [] {
    const char* const no_color = std::getenv("NO_COLOR");
    const char* const term = std::getenv("TERM");
    return width_of(stdout) && (no_color == nullptr || *no_color == '\0') && term != nullptr &&
           std::strcmp(term, "dumb") != 0;
  }();
  return has;
}
[[nodiscard]] std::string coloured(const char* code, std::string_view text) {
  if (!has_colours()) return std::string(text);
  return std::string("\x1b[") + code + "m" + std::string(text) + "\x1b[0m";
}

}  // namespace

void print(std::string_view text) {
  throw_if_interrupted();
  std::fwrite(text.data(), 1, text.size(), stdout);
}

void finish_output() {
  errno = 0;
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return;
  const int why = errno;
  throw cairn::Error(cairn::ErrorCode::unavailable,
                     "the output cannot be written" + (why != 0 ? ": " + std::string(std::strerror(why)) : ""));
}

void complain(std::string_view command, std::string_view sentence) {
  std::fflush(stdout);
  const std::string line =
      "cairn" + (command.empty() ? "" : " " + std::string(command)) + ": " + shown(sentence) + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

// How many characters at the beginning are plain ones: nearly all texts are nothing else.
static std::size_t plain_size(std::string_view text) {
  std::size_t size = 0;
  // Eight at a time: the highest bit of a byte is set where it is below 0x20, 0x7f or above.
  constexpr std::uint64_t ones = 0x0101010101010101u;
  for (std::uint64_t word = 0; text.size() - size >= sizeof word; size += sizeof word) {
    std::memcpy(&word, text.data() + size, sizeof word);
    if (((word | (word - ones * 0x20) | (word + ones)) & (ones * 0x80)) != 0) break;
  }
  while (size < text.size() && text[size] >= 0x20 && text[size] < 0x7f) ++size;
  return size;
}

std::string shown(std::string_view text) {
  const std::size_t plain = plain_size(text);
  std::string safe(text.substr(0, plain));
  text.remove_prefix(plain);
  while (!text.empty()) {
    const auto point = first_code_point(text);
    const std::size_t size = point ? point->size : 1;
    if (!point || point->value < 0x20 || point->value == 0x7f) {
      const char c = text[0];
      if (c == '\n' || c == '\t' || c == '\r') {
        (safe += '\\') += c == '\n' ? 'n' : c == '\t' ? 't' : 'r';
      } else {
        append_hex(safe += "\\x", static_cast<unsigned char>(c), 2);
      }
    } else if (is_invisible(point->value)) {
      append_hex(safe += "\\u", point->value, 4);
    } else {
      safe += text.substr(0, size);
    }
    text.remove_prefix(size);
  }
  return safe;
}

std::size_t shown_columns(std::string_view text) {
  return plain_size(text) == text.size() ? text.size() : columns(shown(text));
}

std::size_t columns(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xc0u) != 0x80u ? 1u : 0u;
  return count;
}

std::string bold(std::string_view text) { return coloured("1", text); }
std::string dim(std::string_view text) { return coloured("2", text); }
std::string red(std::string_view text) { return coloured("31", text); }
std::string green(std::string_view text) { return coloured("32", text); }

std::string shown_key(std::string_view key) {
  const std::size_t end = has_colours() ? key.find("/.ATTRIBUTES/") : key.npos;
  if (end == key.npos) return shown(key);
  return shown(key.substr(0, end)) + dim(shown(key.substr(end)));
}

void append_shown_key(std::string& text, std::string_view key) {
  if (!has_colours() && plain_size(key) == key.size())
    text += key;
  else
    text += shown_key(key);
}

std::string with_commas(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

std::string count_of(std::uint64_t number, std::string_view what) {
  return with_commas(number) + " " + std::string(what) + (number == 1 ? "" : "s");
}

std::string bytes_in_words(std::uint64_t bytes) {
  if (bytes < 1024) return count_of(bytes, "byte");
  constexpr std::array<const char*, 6> units{"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  double value = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  for (; value >= 1023.95 && unit + 1 < units.size(); ++unit) value /= 1024;
  char text[32];
  std::snprintf(text, sizeof text, "%.1f %s", value, units[unit]);
  return text;
}

void Json::separate() {
  if (is_after_key_) {
    is_after_key_ = false;
    return;
  }
  if (!is_first_) text_ += depth_ == 1 ? ",\n " : ", ";
  is_first_ = false;
}
Json& Json::begin(char bracket) {
  separate();
  text_ += bracket;
  ++depth_;
  is_first_ = true;
  return *this;
}
Json& Json::end(char bracket) {
  text_ += bracket;
  --depth_;
  is_first_ = false;
  return *this;
}
Json& Json::key(std::string_view name) {
  value(name);
  text_ += ": ";
  is_after_key_ = true;
  return *this;
}
Json& Json::value(std::string_view text) {
  separate();
  text_ += '"';
  while (!text.empty()) {
    const auto point = first_code_point(text);
    const std::size_t size = point ? point->size : 1;
    if (!point) {
      append_hex(text_ += "\\u", 0xdc00u + static_cast<unsigned char>(text[0]), 4);
    } else if (text[0] == '"' || text[0] == '\\') {
      (text_ += '\\') += text[0];
    } else if (text[0] == '\n') {
      text_ += "\\n";
    } else if (point->value < 0x20 || point->value == 0x7f || is_invisible(point->value)) {
      append_hex(text_ += "\\u", point->value, 4);
    } else {
      text_ += text.substr(0, size);
    }
    text.remove_prefix(size);
  }
  text_ += '"';
  return *this;
}
template <class Number>
Json& Json::number(Number number) {
  if (std::isnan(number)) return value("NaN");
  if (std::isinf(number)) return value(number > 0 ? "Infinity" : "-Infinity");
  char digits[32];
  std::string text(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
  if (text.find_first_of(".e") == text.npos) text += ".0";  // a number with a fraction, to whoever reads it
  return raw(text);
}
Json& Json::value(double value) { return number(value); }
Json& Json::value(float value) { return number(value); }
Json& Json::raw(std::string_view text) {
  separate();
  text_ += text;
  return *this;
}

}  // namespace tool
