// The data of an npy file as a checkpoint has it, and back: row by row, in the machine's byte order, strings without padding.
#pragma once

#include "../../bundle/detail/numbers.hpp"
#include "../../core/error.hpp"
#include "../../format/detail/utf8.hpp"
#include "../../io/file_system.hpp"
#include "../tensor_file.hpp"
#include "byte_order.hpp"
#include "npy_header.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::exchange::detail {

// Gives all bytes of an npy file, header and data, in pieces.
using NpyStream = std::function<void(const TensorFile::Use&)>;

// From the order of Fortran, in which the first index runs fastest, to that of C.
[[nodiscard]] inline std::vector<std::byte> transposed(const std::vector<std::byte>& from, const Shape& shape,
                                                       std::size_t item) {
  std::vector<std::byte> to(from.size());
  std::vector<std::size_t> index(shape.rank()), stride(shape.rank());
  std::size_t count = 1;
  for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
    stride[axis] = count;
    count *= static_cast<std::size_t>(shape[axis]);
  }
  std::size_t at = 0;
  for (std::size_t i = 0; i < count; ++i) {
    std::memcpy(to.data() + i * item, from.data() + at * item, item);
    for (std::size_t axis = shape.rank(); axis-- > 0;) {
      at += stride[axis];
      if (++index[axis] < static_cast<std::size_t>(shape[axis])) break;
      at -= stride[axis] * index[axis];
      index[axis] = 0;
    }
  }
  return to;
}

// Gives the data behind the header.
inline void npy_data_pieces(const NpyHeader& header, const NpyStream& stream, const TensorFile::Use& use) {
  std::uint64_t to_skip = header.size;
  stream([&](std::span<const std::byte> piece) {
    const auto skipped = static_cast<std::size_t>(std::min<std::uint64_t>(to_skip, piece.size()));
    to_skip -= skipped;
    if (piece.size() > skipped) use(piece.subspan(skipped));
  });
}
// All of it, row by row.
[[nodiscard]] inline std::vector<std::byte> npy_rows(const NpyHeader& header, const NpyStream& stream) {
  std::vector<std::byte> data;
  data.reserve(static_cast<std::size_t>(header.data_bytes()));
  npy_data_pieces(header, stream,
                  [&](std::span<const std::byte> piece) { data.insert(data.end(), piece.begin(), piece.end()); });
  if (!header.fortran_order || header.shape.rank() < 2 || data.empty()) return data;
  return transposed(data, header.shape, static_cast<std::size_t>(header.element.item_size));
}

inline void npy_numbers(const NpyHeader& header, const NpyStream& stream, const TensorFile::Use& use) {
  const std::size_t unit = swap_unit_of(header.element.dtype);
  if (header.fortran_order && header.shape.rank() > 1) {
    std::vector<std::byte> rows = npy_rows(header, stream);
    bundle::detail::swap_numbers(rows, unit, header.element.is_big_endian);
    return use(rows);
  }
  in_byte_order(
      header.element.is_big_endian, unit, [&](const TensorFile::Use& take) { npy_data_pieces(header, stream, take); },
      use);
}

// Elements without the NULs that fill them up; text as UTF-8. Throws Error (data_loss) for what is no text.
[[nodiscard]] inline std::vector<std::string> npy_strings(const NpyHeader& header, const NpyStream& stream,
                                                          const std::string& file) {
  std::vector<std::byte> rows = npy_rows(header, stream);
  const auto item = static_cast<std::size_t>(header.element.item_size);
  const auto count = static_cast<std::size_t>(header.shape.num_elements());
  const bool is_text = header.element.kind == NpyElement::Kind::text;
  if (is_text) bundle::detail::swap_numbers(rows, 4, header.element.is_big_endian);
  std::vector<std::string> strings(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::byte* const begin = rows.data() + i * item;
    if (!is_text) {
      strings[i].assign(reinterpret_cast<const char*>(begin), item);
      strings[i].erase(strings[i].find_last_not_of('\0') + 1);
      continue;
    }
    std::vector<std::uint32_t> points(item / 4);
    if (item != 0) std::memcpy(points.data(), begin, item);
    while (!points.empty() && points.back() == 0) points.pop_back();
    for (const std::uint32_t point : points) {
      if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
        throw Error(ErrorCode::data_loss, "element " + std::to_string(i) + " of the array in \"" + file +
                                              "\" is no text: " + std::to_string(point) + " is no code point")
            .in_file(file);
      format::detail::append_utf8(strings[i], point);
    }
  }
  return strings;
}

// The array as a tensor. `stored_bytes` is the size of the whole npy file. `noted` is the dtype that was meant where
// NumPy has none, or DT_INVALID. Throws Error: data_loss where sizes disagree; unimplemented for bytes without a
// meaning.
[[nodiscard]] inline TensorFile::Tensor npy_tensor(std::string name, NpyHeader header, std::uint64_t stored_bytes,
                                                   DType noted, NpyStream stream, const std::string& file) {
  const auto refuse = [&](ErrorCode code, const std::string& problem) {
    return Error(code, "the array \"" + name + "\" in \"" + file + "\" " + problem).in_file(file).at_key(name);
  };
  if (header.element.item_size == 0 && header.shape.num_elements() != 0)
    throw refuse(ErrorCode::data_loss, "has elements of no size; the file is damaged");
  if (stored_bytes < header.size || stored_bytes - header.size != header.data_bytes())
    throw refuse(ErrorCode::data_loss, "should have " + std::to_string(header.data_bytes()) +
                                           " bytes of data, and has " +
                                           std::to_string(stored_bytes - std::min(stored_bytes, header.size)) +
                                           "; the file was cut or is damaged");
  TensorFile::Tensor tensor{.name = name, .dtype = header.element.dtype, .shape = header.shape};
  if (tensor.dtype == DT_STRING) {
    tensor.strings = [header = std::move(header), stream = std::move(stream), file] {
      return npy_strings(header, stream, file);
    };
    return tensor;
  }
  const std::string stored(header.element.kind == NpyElement::Kind::unknown ? "V1" : npy_code(header.element.dtype));
  if (noted != DT_INVALID && npy_code(noted) == stored) {
    tensor.dtype = header.element.dtype = noted;
  } else if (header.element.kind == NpyElement::Kind::unknown) {
    throw refuse(ErrorCode::unimplemented,
                 "has elements of one byte whose meaning NumPy does not save ('V1': float8, int4 and others of "
                 "ml_dtypes); save it as safetensors, or as uint8 with array.view");
  }
  tensor.pieces = [header = std::move(header), stream = std::move(stream)](const TensorFile::Use& use) {
    npy_numbers(header, stream, use);
  };
  return tensor;
}

// Hands header and data of an array of dtype 'S' to append(bytes).
template <class Append>
void write_npy(const Shape& shape, std::span<const std::string> strings, const Append& append) {
  std::size_t longest = 1;
  for (const std::string& string : strings) longest = std::max(longest, string.size());
  const std::string header = encode_npy_header("|S" + std::to_string(longest), shape);
  append(std::as_bytes(std::span(header)));
  std::string padded;
  for (const std::string& string : strings) {
    padded.assign(string).resize(longest, '\0');
    append(std::as_bytes(std::span(padded)));
  }
}

}  // namespace CAIRN_NAMESPACE::exchange::detail
