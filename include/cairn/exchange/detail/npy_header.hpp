// The header of an npy file, NumPy's format for one array:
//
//   93 'N' 'U' 'M' 'P' 'Y' | version u8 u8 | n as u16 (version 1) or u32 (2, 3), little-endian | n bytes of text | data
//   {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }      spaces, and \n at the end
//
// NumPy has no dtypes for some of TensorFlow's. They stand as the package ml_dtypes writes them, as bytes without a
// meaning: bfloat16 is '<V2', which no other dtype is; those of one byte (float8, int4, …) are '|V1'. In Python
// array.view(ml_dtypes.bfloat16) gives them their meaning. Quantized numbers stand as integers. In an npz file notes
// say what was meant (exchange/tensor_file.hpp).
#pragma once

#include "../../core/dtype.hpp"
#include "../../core/error.hpp"
#include "../../core/shape.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::exchange::detail {

inline constexpr std::string_view npy_magic = "\x93NUMPY";
// Magic, version and the larger of the two lengths.
inline constexpr std::size_t npy_prefix_bytes = 12;
// An array of 64 dimensions needs 2 KiB.
inline constexpr std::uint64_t max_npy_header_bytes = 65'536;

// How elements are stored.
struct NpyElement {
  enum class Kind { numbers, bytes, text, unknown };
  Kind kind = Kind::numbers;
  DType dtype = DT_INVALID;     // of numbers; DT_STRING for the next two
  std::uint64_t item_size = 0;  // of 'S7' 7, of 'U7' 28
  bool is_big_endian = std::endian::native == std::endian::big;
};

struct NpyHeader {
  NpyElement element;
  Shape shape;
  bool fortran_order = false;
  std::uint64_t size = 0;  // of all that stands before the data

  [[nodiscard]] std::uint64_t data_bytes() const noexcept {
    return static_cast<std::uint64_t>(shape.checked_num_elements().value_or(0)) * element.item_size;
  }
};

// 'f4' without its byte order; "V1" and "V2" for what NumPy does not have.
struct NpyDType {
  DType dtype;
  std::string_view code;
};
inline constexpr std::array<NpyDType, 30> npy_dtypes{{{DT_FLOAT, "f4"},
                                                      {DT_DOUBLE, "f8"},
                                                      {DT_HALF, "f2"},
                                                      {DT_COMPLEX64, "c8"},
                                                      {DT_COMPLEX128, "c16"},
                                                      {DT_INT64, "i8"},
                                                      {DT_INT32, "i4"},
                                                      {DT_INT16, "i2"},
                                                      {DT_INT8, "i1"},
                                                      {DT_UINT64, "u8"},
                                                      {DT_UINT32, "u4"},
                                                      {DT_UINT16, "u2"},
                                                      {DT_UINT8, "u1"},
                                                      {DT_BOOL, "b1"},
                                                      {DT_BFLOAT16, "V2"},
                                                      {DT_FLOAT8_E5M2, "V1"},
                                                      {DT_FLOAT8_E4M3FN, "V1"},
                                                      {DT_FLOAT8_E4M3FNUZ, "V1"},
                                                      {DT_FLOAT8_E4M3B11FNUZ, "V1"},
                                                      {DT_FLOAT8_E5M2FNUZ, "V1"},
                                                      {DT_INT4, "V1"},
                                                      {DT_UINT4, "V1"},
                                                      {DT_INT2, "V1"},
                                                      {DT_UINT2, "V1"},
                                                      {DT_FLOAT4_E2M1FN, "V1"},
                                                      {DT_QINT8, "i1"},
                                                      {DT_QUINT8, "u1"},
                                                      {DT_QINT16, "i2"},
                                                      {DT_QUINT16, "u2"},
                                                      {DT_QINT32, "i4"}}};

// "" for what has no numbers.
[[nodiscard]] constexpr std::string_view npy_code(DType dtype) noexcept {
  for (const NpyDType& each : npy_dtypes)
    if (each.dtype == dtype) return each.code;
  return "";
}
// The dtype that a code means by itself.
[[nodiscard]] constexpr std::optional<DType> npy_dtype(std::string_view code) noexcept {
  if (code == "V1") return std::nullopt;
  if (code == "f1") return DT_FLOAT8_E5M2;  // as ml_dtypes writes it; NumPy does not read that
  for (const NpyDType& each : npy_dtypes)
    if (each.code == code) return each.dtype;
  return std::nullopt;
}

// The text, as far as it is needed: a Python dictionary of a string, a bool and a tuple of numbers.
class NpyHeaderReader {
 public:
  NpyHeaderReader(std::string_view text, std::string file) : text_(text), file_(std::move(file)) {}

  // Throws Error: data_loss for a damaged header, unimplemented for elements that a checkpoint cannot hold.
  [[nodiscard]] NpyHeader read() {
    NpyHeader header;
    bool has_descr = false, has_order = false, has_shape = false;
    expect('{');
    while (!take('}')) {
      const std::string name = string();
      expect(':');
      if (name == "descr" && !has_descr) {
        has_descr = true;
        header.element = element();
      } else if (name == "fortran_order" && !has_order) {
        has_order = true;
        header.fortran_order = boolean();
      } else if (name == "shape" && !has_shape) {
        has_shape = true;
        header.shape = shape();
      } else {
        throw wrong("has a member \"" + name + "\" twice, or that nobody knows");
      }
      if (take(',')) continue;
      expect('}');
      break;
    }
    skip_space();
    if (at_ != text_.size()) throw wrong("goes on behind its end");
    if (!has_descr || !has_order || !has_shape) throw wrong("does not say descr, fortran_order and shape");
    const auto count = header.shape.checked_num_elements();
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (!count ||
        (header.element.item_size != 0 && static_cast<std::uint64_t>(*count) > most / header.element.item_size))
      throw wrong("has a shape of more than 2^63 - 1 bytes");
    return header;
  }

 private:
  [[nodiscard]] Error wrong(const std::string& problem) const {
    return Error(ErrorCode::data_loss,
                 "the npy header of \"" + file_ + "\" " + problem + "; the file is damaged, or of another format")
        .in_file(file_);
  }
  [[nodiscard]] Error refusal(const std::string& what, const std::string& way_out) const {
    return Error(ErrorCode::unimplemented,
                 "the array in \"" + file_ + "\" holds " + what + ", which no checkpoint holds; " + way_out)
        .in_file(file_);
  }

  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }
  [[nodiscard]] bool take(char c) {
    skip_space();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!take(c)) throw wrong(std::string("should have a '") + c + "' at byte " + std::to_string(at_));
  }
  [[nodiscard]] std::string string() {
    const char quote = take('"') ? '"' : '\'';
    if (quote == '\'') expect('\'');
    const std::size_t end = text_.find(quote, at_);
    const std::string_view text = text_.substr(at_, end == text_.npos ? 0 : end - at_);
    if (end == text_.npos || text.find('\\') != text.npos) throw wrong("has a string without an end");
    at_ = end + 1;
    return std::string(text);
  }
  [[nodiscard]] bool boolean() {
    skip_space();
    for (const std::string_view word : {"True", "False"})
      if (text_.substr(at_).starts_with(word)) {
        at_ += word.size();
        return word == "True";
      }
    throw wrong("should have True or False for fortran_order");
  }
  [[nodiscard]] Shape shape() {
    Shape shape;
    expect('(');
    while (!take(')')) {
      shape.push_back(static_cast<std::int64_t>(count(std::numeric_limits<std::int64_t>::max())));
      static_cast<void>(take('L'));  // Python 2
      if (take(',')) continue;
      expect(')');
      break;
    }
    return shape;
  }
  [[nodiscard]] std::uint64_t count(std::uint64_t most) {
    skip_space();
    const std::size_t begin = at_;
    std::uint64_t value = 0;
    for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_) {
      const auto digit = static_cast<std::uint64_t>(text_[at_] - '0');
      if (value > (most - digit) / 10) throw wrong("has a number above " + std::to_string(most));
      value = value * 10 + digit;
    }
    if (at_ == begin) throw wrong("should have a number at byte " + std::to_string(at_));
    return value;
  }

  [[nodiscard]] NpyElement element() {
    skip_space();
    if (at_ < text_.size() && text_[at_] == '[')
      throw refusal("structures of several fields", "save each field as an array of its own");
    const std::string descr = string();
    std::string_view code = descr;
    NpyElement element;
    if (code.starts_with('<') || code.starts_with('>') || code.starts_with('|') || code.starts_with('=')) {
      if (code[0] == '<' || code[0] == '>') element.is_big_endian = code[0] == '>';
      code.remove_prefix(1);
    }
    if (code == "O") throw refusal("Python objects", "save them as numbers, or as strings of dtype 'S' or 'U'");
    if (code.starts_with('S') || code.starts_with('U') || code.starts_with('a')) return strings(code, element);
    if (const auto dtype = npy_dtype(code)) {
      element.dtype = *dtype;
      element.item_size = size_of(*dtype);
    } else if (code == "V1") {
      element.kind = NpyElement::Kind::unknown;
      element.item_size = 1;
    } else {
      throw refusal("elements of the dtype '" + descr + "'", "convert them in NumPy first, with array.astype");
    }
    return element;
  }
  [[nodiscard]] NpyElement strings(std::string_view code, NpyElement element) {
    constexpr std::uint64_t most = std::uint64_t{1} << 40;
    element.kind = code[0] == 'U' ? NpyElement::Kind::text : NpyElement::Kind::bytes;
    element.dtype = DT_STRING;
    std::uint64_t length = 0;
    if (code.size() < 2) throw wrong("has a dtype of strings without a length");
    for (const char c : code.substr(1)) {
      if (c < '0' || c > '9' || length > most) throw wrong("has a dtype of strings without a length");
      length = length * 10 + static_cast<std::uint64_t>(c - '0');
    }
    element.item_size = element.kind == NpyElement::Kind::text ? length * 4 : length;
    return element;
  }

  std::string_view text_;
  std::string file_;
  std::size_t at_ = 0;
};

// The header for elements with a code, '<f4' or '|S7', with magic and version; its size is a multiple of 64.
[[nodiscard]] inline std::string encode_npy_header(const std::string& descr, const Shape& shape) {
  std::string text = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (";
  for (std::size_t axis = 0; axis < shape.rank(); ++axis) text += (axis == 0 ? "" : ", ") + std::to_string(shape[axis]);
  text += shape.rank() == 1 ? ",), }" : "), }";
  constexpr std::size_t alignment = 64, most_in_version_1 = 65'535;
  const bool is_long = text.size() + alignment > most_in_version_1;
  const std::size_t prefix = npy_magic.size() + 2 + (is_long ? 4 : 2);
  text.append((alignment - (prefix + text.size() + 1) % alignment) % alignment, ' ');
  text += '\n';
  std::string header(npy_magic);
  header += is_long ? '\2' : '\1';
  header += '\0';
  for (std::size_t i = 0; i < (is_long ? 4u : 2u); ++i) header += static_cast<char>(text.size() >> (8 * i) & 255);
  return header + text;
}
[[nodiscard]] inline std::string npy_descr(DType dtype) {
  const std::string_view code = npy_code(dtype);
  if (code.empty()) return "";
  const char* const order = std::endian::native == std::endian::big ? ">" : "<";
  return (size_of(dtype) == 1 ? "|" : order) + std::string(code);
}

// Returns the number of bytes before the data, from the first npy_prefix_bytes of a file. Throws Error with
// ErrorCode::data_loss for a file that is no npy file; ErrorCode::out_of_range for a header larger than any array
// needs.
[[nodiscard]] inline std::uint64_t npy_header_bytes(std::string_view beginning, const std::string& file) {
  const bool is_npy = beginning.size() >= npy_prefix_bytes && beginning.starts_with(npy_magic);
  const int version = is_npy ? beginning[npy_magic.size()] : 0;
  if (version < 1 || version > 3)
    throw Error(ErrorCode::data_loss, "\"" + file +
                                          "\" does not begin as an npy array of version 1, 2 or 3; it is "
                                          "something else, or damaged")
        .in_file(file);
  const std::size_t begin = npy_magic.size() + 2, width = version == 1 ? 2 : 4;
  std::uint64_t bytes = 0;
  for (std::size_t i = width; i-- > 0;) bytes = bytes << 8 | static_cast<unsigned char>(beginning[begin + i]);
  if (bytes > max_npy_header_bytes)
    throw Error(ErrorCode::out_of_range, "the npy header of \"" + file + "\" has " + std::to_string(bytes) +
                                             " bytes, more than any array needs; the file is damaged")
        .in_file(file);
  return begin + width + bytes;
}

// Decodes the bytes that npy_header_bytes counts.
[[nodiscard]] inline NpyHeader decode_npy_header(std::string_view bytes, const std::string& file) {
  const std::uint64_t size = npy_header_bytes(bytes, file);
  if (bytes.size() < size)
    throw Error(ErrorCode::data_loss, "\"" + file + "\" ends within its npy header; it was cut").in_file(file);
  const std::size_t begin = npy_magic.size() + 2 + (bytes[npy_magic.size()] == 1 ? 2 : 4);
  NpyHeader header = NpyHeaderReader(bytes.substr(begin, static_cast<std::size_t>(size) - begin), file).read();
  header.size = size;
  return header;
}

}  // namespace CAIRN_NAMESPACE::exchange::detail
