// Protobuf's text format: tokens with line numbers, and escaped strings. Numbers are in detail/text_number.hpp.
//
//   name: "text"   other: [1.5, 2]   # comment
//
// The format is read as far as flat messages need it, without nested messages and extensions. The only message in this
// form is that of checkpoint_state.hpp.
#pragma once

#include "../core/detail/fail.hpp"
#include "detail/text_number.hpp"
#include "detail/utf8.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE::format {

// Appends the text in double quotes. Quotes of both kinds, the backslash and control characters are escaped; other
// UTF-8 is appended unchanged, as TensorFlow's Python writes it.
inline void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n')
      out += "\\n";
    else if (c == '\t')
      out += "\\t";
    else if (c == '\r')
      out += "\\r";
    else if (c == '"' || c == '\'' || c == '\\')
      (out += '\\') += c;
    else if (byte < 0x20 || byte == 0x7f)
      for (out += '\\'; const int shift : {6, 3, 0}) out += static_cast<char>('0' + ((byte >> shift) & 7));
    else
      out += c;
  }
  out += '"';
}

// Reads the tokens of a text, one at a time. The text may hold anything. Every member that goes to the next token
// throws Error with ErrorCode::data_loss, with `subject` and the line in its sentence, where the text has no token.
// Neither text nor subject is copied. A TextTokenizer belongs to one thread.
class TextTokenizer {
 public:
  // The kinds of token; a symbol is one character, such as "{".
  enum class Kind { end, identifier, number, string, symbol };

  // Reads the first token of `text`; `subject` names the text in Errors. Throws Error with ErrorCode::data_loss for
  // text that is no token.
  explicit TextTokenizer(std::string_view text, std::string_view subject) : text_(text), subject_(subject) { next(); }

  // Returns the kind of the present token; Kind::end behind the last one.
  [[nodiscard]] Kind kind() const noexcept { return kind_; }
  // Returns the token as it stands in the text; a string has its quotes.
  [[nodiscard]] std::string_view token() const noexcept { return token_; }
  // Returns the line of the token, counted from 1.
  [[nodiscard]] std::size_t line() const noexcept { return line_; }
  [[nodiscard]] bool at_end() const noexcept { return kind_ == Kind::end; }

  // Goes to the next token.
  void next() {
    skip_space();
    begin_ = position_;
    kind_ = Kind::end;
    if (position_ < text_.size()) {
      const char c = text_[position_];
      const char after = position_ + 1 < text_.size() ? text_[position_ + 1] : '\0';
      if (detail::is_letter(c)) {
        kind_ = Kind::identifier;
        take([](char x) { return detail::is_letter(x) || detail::is_digit(x); });
      } else if (detail::is_digit(c) || c == '+' || c == '-' || (c == '.' && detail::is_digit(after))) {
        kind_ = Kind::number;
        take([](char x) { return detail::is_letter(x) || detail::is_digit(x) || x == '.' || x == '+' || x == '-'; });
      } else if (c == '"' || c == '\'') {
        kind_ = Kind::string;
        take_string(c);
      } else {
        kind_ = Kind::symbol;
        ++position_;
      }
    }
    token_ = text_.substr(begin_, position_ - begin_);
  }

  // Goes to the next token when the present one is this symbol; returns false and does nothing otherwise.
  bool try_consume(char symbol) {
    if (kind_ != Kind::symbol || token_[0] != symbol) return false;
    next();
    return true;
  }
  // Goes to the next token. Throws Error with ErrorCode::data_loss unless the present one is this symbol.
  void consume(char symbol) {
    if (!try_consume(symbol)) fail({"expected '", std::string_view(&symbol, 1), "', found ", described()});
  }
  // Returns the present identifier and goes to the next token. Throws Error with ErrorCode::data_loss for any other
  // token.
  [[nodiscard]] std::string_view consume_identifier() {
    if (kind_ != Kind::identifier) fail({"expected the name of a field, found ", described()});
    const std::string_view name = token_;
    next();
    return name;
  }
  // Returns the unescaped text of the present string and goes to the next token; several strings in a row are joined.
  // Throws Error with ErrorCode::data_loss for any other token, and for a text that is not UTF-8, as protobuf demands.
  [[nodiscard]] std::string consume_string() {
    if (kind_ != Kind::string) fail({"expected a text in quotes, found ", described()});
    std::string value;
    for (; kind_ == Kind::string; next()) unescape(token_.substr(1, token_.size() - 2), value);
    if (!detail::is_valid_utf8(value)) fail("a text is not UTF-8");
    return value;
  }
  // Returns the present number and goes to the next token. Throws Error with ErrorCode::data_loss for any other token.
  [[nodiscard]] double consume_double() {
    const bool word = kind_ == Kind::number || kind_ == Kind::identifier;
    const std::optional<double> value = word ? detail::parse_double(token_) : std::nullopt;
    if (!value) fail({"expected a number, found ", described()});
    next();
    return *value;
  }

  // Throws Error with ErrorCode::data_loss and the sentence "<subject> is damaged at line <line>: <problem>".
  [[noreturn]] void fail(std::string_view problem) const { fail(std::initializer_list<core::detail::Words>{problem}); }
  [[noreturn]] void fail(std::initializer_list<core::detail::Words> problem) const {
    core::detail::fail(ErrorCode::data_loss,
                       {subject_, " is damaged at line ", line_, ": ", core::detail::sentence_of(problem)},
                       {.offset = begin_});
  }

 private:
  // Returns the present token in words, shortened, because a text may have tokens of any size.
  [[nodiscard]] std::string described() const {
    if (kind_ == Kind::end) return "the end of the text";
    std::string words;
    std::size_t size = std::min<std::size_t>(token_.size(), 40);
    while (size < token_.size() && size > 30 && (static_cast<unsigned char>(token_[size]) & 0xc0) == 0x80) --size;
    append_quoted(words, token_.substr(0, size));
    return detail::is_valid_utf8(words) ? words : "bytes that are not UTF-8";
  }

  template <class Predicate>
  void take(const Predicate& belongs) {
    while (position_ < text_.size() && belongs(text_[position_])) ++position_;
  }

  void skip_space() {
    for (bool comment = false; position_ < text_.size(); ++position_) {
      const char c = text_[position_];
      if (c == '\n') {
        ++line_;
        comment = false;
      } else if (c == '#') {
        comment = true;
      } else if (!comment && c != ' ' && c != '\t' && c != '\r' && c != '\f' && c != '\v') {
        return;
      }
    }
  }

  void take_string(char quote) {
    for (++position_; position_ < text_.size() && text_[position_] != '\n'; ++position_) {
      if (text_[position_] == quote) {
        ++position_;
        return;
      }
      if (text_[position_] == '\\' && ++position_ >= text_.size()) break;
    }
    fail("a text begins with a quote and has no end on its line");
  }

  void unescape(std::string_view body, std::string& out) const {
    for (std::size_t i = 0; i < body.size();) {
      if (body[i] != '\\') {
        out += body[i++];
        continue;
      }
      ++i;  // a character follows: the tokenizer has made sure
      static constexpr std::string_view letters = "abfnrtv\\'\"?";
      static constexpr std::string_view meanings = "\a\b\f\n\r\t\v\\'\"?";
      if (const std::size_t which = letters.find(body[i]); which != std::string_view::npos) {
        out += meanings[which];
        ++i;
      } else if (body[i] == 'x' || body[i] == 'X') {
        ++i;
        out += static_cast<char>(static_cast<unsigned char>(digits(body, i, 16, 1, 2)));
      } else if (body[i] == 'u' || body[i] == 'U') {
        detail::append_utf8(out, code_point(body, i));
      } else if (body[i] >= '0' && body[i] <= '7') {
        const std::uint32_t byte = digits(body, i, 8, 1, 3);
        if (byte > 0xff) fail("an escape in a text is more than a byte can hold");
        out += static_cast<char>(static_cast<unsigned char>(byte));
      } else {
        fail("a text has an escape that does not exist; a backslash itself is written twice");
      }
    }
  }

  // Between `least` and `most` digits at `i`, which goes behind them.
  [[nodiscard]] std::uint32_t digits(std::string_view body, std::size_t& i, std::uint32_t base, int least,
                                     int most) const {
    std::uint32_t value = 0;
    int count = 0;
    for (; count < most && i < body.size(); ++count, ++i) {
      const int digit = detail::hex_value(body[i]);
      if (digit < 0 || static_cast<std::uint32_t>(digit) >= base) break;
      value = value * base + static_cast<std::uint32_t>(digit);
    }
    if (count < least) fail("an escape in a text has too few digits");
    return value;
  }

  // \uXXXX or \UXXXXXXXX at `i` (behind the backslash); two surrogates in a row are one character.
  [[nodiscard]] std::uint32_t code_point(std::string_view body, std::size_t& i) const {
    const int length = body[i++] == 'u' ? 4 : 8;
    std::uint32_t value = digits(body, i, 16, length, length);
    if (value >= 0xd800 && value < 0xdc00 && body.substr(i, 2) == "\\u") {
      i += 2;
      const std::uint32_t low = digits(body, i, 16, 4, 4);
      if (low < 0xdc00 || low > 0xdfff) fail("an escape in a text is half of a pair");
      value = 0x10000 + ((value - 0xd800) << 10) + (low - 0xdc00);
    }
    if (value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) fail("an escape in a text is no character");
    return value;
  }

  std::string_view text_;
  std::string_view subject_;
  std::string_view token_;
  Kind kind_ = Kind::end;
  std::size_t position_ = 0;
  std::size_t begin_ = 0;
  std::size_t line_ = 1;
};

}  // namespace CAIRN_NAMESPACE::format
