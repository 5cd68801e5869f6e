// The bytes of a string tensor in a data file, and their checksum, which is not the checksum of those bytes alone.
//
//   varint64 length[0] ... length[n-1] | u32 masked L | bytes of element 0 ... n-1
//
//   L            crc32c of the lengths, each taken as a u32 (as a u64 when it needs more) - not of the varints
//   entry's crc  crc32c of the same u32 lengths, then the 4 bytes of masked L, then the elements' bytes; masked
//
// The source is WriteStringTensor in TensorFlow's tensorflow/core/util/tensor_bundle/tensor_bundle.cc. The numbers
// under the checksums have the byte order of the machine that wrote the file. A tensor without elements still has the 4
// bytes. Old versions of TensorFlow wrote the lengths as varint32; below 4 GiB those are the same bytes and checksums.
//
// A variant tensor has for each element: varint64 length | serialized VariantTensorDataProto | u32 masked running crc.
// The running crc covers each length as a u64, the bytes, and each masked crc. The bytes are copied, never decoded.
#pragma once

#include "../../core/detail/function_ref.hpp"
#include "../../format/crc32c.hpp"
#include "../../format/varint.hpp"
#include "stored_bytes.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace CAIRN_NAMESPACE::bundle::detail {

// The crc of numbers as they lie in the memory of a machine of the given byte order.
class NumberCrc {
 public:
  explicit NumberCrc(bool big_endian) : swapped_(big_endian != (std::endian::native == std::endian::big)) {}

  template <class Unsigned>
  void add(Unsigned number) {
    std::byte bytes[sizeof number];
    std::memcpy(bytes, &number, sizeof number);
    if (swapped_)
      for (std::size_t i = 0; i < sizeof number / 2; ++i) std::swap(bytes[i], bytes[sizeof number - 1 - i]);
    crc_ = format::extend_crc32c(crc_, {bytes, sizeof number});
  }
  void add_length(std::uint64_t length) {
    if (length <= std::numeric_limits<std::uint32_t>::max())
      add(static_cast<std::uint32_t>(length));
    else
      add(length);
  }
  void add_bytes(std::span<const std::byte> bytes) { crc_ = format::extend_crc32c(crc_, bytes); }
  // Takes the next bytes of a tensor and passes over them.
  void pass(StoredBytes& stored, std::uint64_t size) { crc_ = stored.pass(size, crc_); }
  [[nodiscard]] std::uint32_t masked() const { return format::mask_crc(crc_); }

 private:
  bool swapped_;
  std::uint32_t crc_ = 0;
};

[[nodiscard]] inline std::uint32_t in_byte_order(std::uint32_t number, bool big_endian) {
  if (big_endian == (std::endian::native == std::endian::big)) return number;
  return (number >> 24) | ((number >> 8) & 0xff00u) | ((number << 8) & 0xff0000u) | (number << 24);
}

using AppendBytes = core::detail::FunctionRef<void(std::span<const std::byte>)>;

// Checks that the bytes can hold `count` elements, before memory is taken for these. Throws Error with
// ErrorCode::data_loss when there are fewer bytes than the shortest elements would take.
inline void require_strings_fit(const StoredBytes& stored, std::uint64_t count) {
  constexpr std::uint64_t checksum_bytes = sizeof(std::uint32_t);
  if (stored.remaining() < checksum_bytes || count > stored.remaining() - checksum_bytes)
    stored.fail({count, " strings cannot be in ", stored.remaining(), " bytes"});
}

// Reads `count` lengths and their checksum, and demands that they account for every byte of the tensor. Each of
// `elements`, where it is not null, gets its length, once it is known that so much is left. Throws ErrorCode::data_loss.
inline void read_string_lengths(StoredBytes& stored, std::uint64_t count, bool big_endian, NumberCrc& crc,
                                std::string* elements = nullptr) {
  require_strings_fit(stored, count);
  std::uint64_t total = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t length = stored.read_varint64();
    if (length > stored.remaining() - std::min(stored.remaining(), total))
      stored.fail({"a string of ", length, " bytes is longer than what is left"});
    total += length;
    crc.add_length(length);
    if (elements != nullptr) elements[i].resize(static_cast<std::size_t>(length));
  }
  std::uint32_t checksum = 0;
  stored.read(std::as_writable_bytes(std::span(&checksum, 1)));
  if (in_byte_order(checksum, big_endian) != crc.masked())
    stored.fail({"the checksum of the strings' lengths is wrong"});
  crc.add_bytes(std::as_bytes(std::span(&checksum, 1)));
  if (total != stored.remaining())
    stored.fail({"its strings have ", total, " bytes together, and ", stored.remaining(), " are there"});
}

// Returns the number of bytes that the elements take in a data file.
[[nodiscard]] inline std::uint64_t encoded_size(std::span<const std::string> elements) {
  std::uint64_t size = sizeof(std::uint32_t);
  for (const std::string& element : elements) {
    const auto bits = static_cast<std::uint64_t>(std::bit_width(static_cast<std::uint64_t>(element.size()) | 1u));
    size += (bits + 6) / 7 + element.size();
  }
  return size;
}

// Hands the encoded bytes, in order and in pieces, to `append(std::span<const std::byte>)`; returns the masked crc32c
// for the entry. Throws only what `append` throws.
[[nodiscard]] inline std::uint32_t encode_strings(std::span<const std::string> elements, AppendBytes append) {
  constexpr bool big_endian = std::endian::native == std::endian::big;
  constexpr std::size_t buffer_bytes = std::size_t{64} << 10;
  NumberCrc crc(big_endian);
  std::string varints;
  for (const std::string& element : elements) {
    crc.add_length(element.size());
    format::append_varint(varints, element.size());
    if (varints.size() < buffer_bytes) continue;
    append(std::as_bytes(std::span(varints)));
    varints.clear();
  }
  append(std::as_bytes(std::span(varints)));
  const std::uint32_t checksum = crc.masked();
  const auto checksum_bytes = std::as_bytes(std::span(&checksum, 1));
  crc.add_bytes(checksum_bytes);
  append(checksum_bytes);
  for (const std::string& element : elements) {
    const auto bytes = std::as_bytes(std::span(element));
    // An element is taken in pieces, so that its bytes are still in the cache when they are written.
    for (std::size_t begin = 0; begin < bytes.size(); begin += io::piece_bytes) {
      const auto piece = bytes.subspan(begin, std::min(io::piece_bytes, bytes.size() - begin));
      crc.add_bytes(piece);
      append(piece);
    }
  }
  return crc.masked();
}

// Decodes the elements of a string tensor, whose bytes are `stored`, into `elements`, of which there are as many.
// Throws Error with ErrorCode::data_loss when a checksum, a length or the end is wrong; `elements` may hold anything
// then. The memory is bounded by the number of the bytes.
inline void decode_strings(StoredBytes stored, std::span<std::string> elements, std::uint32_t masked_crc,
                           bool big_endian) {
  NumberCrc crc(big_endian);
  read_string_lengths(stored, elements.size(), big_endian, crc, elements.data());
  for (std::string& element : elements) {
    const auto bytes = std::as_writable_bytes(std::span(element));
    stored.read(bytes);
    crc.add_bytes(bytes);
  }
  stored.require_checksum(masked_crc, crc.masked());
}
// Decodes the elements of a string tensor into a new list. An empty string is one byte in the file and
// sizeof(std::string) in memory: the memory is bounded by the number of bytes and of elements together. Throws Error
// with ErrorCode::data_loss when a checksum, a length or the end is wrong.
[[nodiscard]] inline std::vector<std::string> decode_strings(StoredBytes stored, std::uint64_t count,
                                                             std::uint32_t masked_crc, bool big_endian) {
  require_strings_fit(stored, count);
  std::vector<std::string> elements(static_cast<std::size_t>(count));
  decode_strings(std::move(stored), elements, masked_crc, big_endian);
  return elements;
}

// Checks the elements of a string tensor without storing any. Throws Error with ErrorCode::data_loss when a checksum, a
// length or the end is wrong.
inline void verify_strings(StoredBytes stored, std::uint64_t count, std::uint32_t masked_crc, bool big_endian) {
  NumberCrc crc(big_endian);
  read_string_lengths(stored, count, big_endian, crc);
  crc.pass(stored, stored.remaining());
  stored.require_checksum(masked_crc, crc.masked());
}

// Hands the bytes of a string tensor, which verify_strings has found good, in order and in pieces to
// `append(std::span<const std::byte>)`, in this machine's byte order: the checksum of the lengths is the only number
// among them. Returns their masked crc32c.
[[nodiscard]] inline std::uint32_t copy_strings(StoredBytes stored, std::uint64_t count, AppendBytes append) {
  constexpr std::size_t buffer_bytes = std::size_t{64} << 10;
  NumberCrc native(std::endian::native == std::endian::big);
  std::string varints;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t length = stored.read_varint64();
    native.add_length(length);
    format::append_varint(varints, length);
    if (varints.size() < buffer_bytes) continue;
    append(std::as_bytes(std::span(varints)));
    varints.clear();
  }
  append(std::as_bytes(std::span(varints)));
  std::uint32_t checksum = 0;
  stored.read(std::as_writable_bytes(std::span(&checksum, 1)));  // in the file's byte order
  checksum = native.masked();
  native.add_bytes(std::as_bytes(std::span(&checksum, 1)));
  append(std::as_bytes(std::span(&checksum, 1)));
  while (stored.remaining() != 0) {
    const std::span<const std::byte> piece = stored.next_piece(stored.remaining());
    native.add_bytes(piece);
    append(piece);
  }
  return native.masked();
}

// Reads the elements of a string tensor one after the other, where all of them together need not fit in memory.
class StringElements {
 public:
  // Reads and checks all bytes at once, so that next() returns what was saved. Throws Error with ErrorCode::data_loss
  // when a checksum, a length or the end is wrong.
  StringElements(StoredBytes stored, std::uint64_t count, std::uint32_t masked_crc, bool big_endian)
      : lengths_(stored), bytes_(std::move(stored)), left_(count) {
    verify_strings(bytes_, count, masked_crc, big_endian);
    NumberCrc crc(big_endian);
    read_string_lengths(bytes_, count, big_endian, crc);
  }

  // Stores the next element in `element`; returns false when there are no more. Throws Error with ErrorCode::data_loss
  // when the file was changed after the constructor had checked it.
  [[nodiscard]] bool next(std::string& element) {
    if (left_ == 0) return false;
    element.resize(static_cast<std::size_t>(next_length()));
    bytes_.read(std::as_writable_bytes(std::span(element)));
    return true;
  }
  // Calls begin(length) with the length of the next element, and use(std::span<const std::byte>) with its bytes in
  // pieces, so that the element need not fit in memory either. Returns false, and throws, as next() does.
  template <class Begin>
  [[nodiscard]] bool next_in_pieces(Begin begin, AppendBytes use) {
    if (left_ == 0) return false;
    std::uint64_t length = next_length();
    begin(length);
    while (length != 0) {
      const std::span<const std::byte> piece = bytes_.next_piece(length);
      use(piece);
      length -= piece.size();
    }
    return true;
  }

 private:
  [[nodiscard]] std::uint64_t next_length() {
    --left_;
    const std::uint64_t length = lengths_.read_varint64();
    if (length > bytes_.remaining()) bytes_.fail({"the file was changed while it was read"});
    return length;
  }

  StoredBytes lengths_;
  StoredBytes bytes_;
  std::uint64_t left_;
};

// Checks the elements of a variant tensor without decoding any. Throws Error with ErrorCode::data_loss when a checksum,
// a length or the end is wrong.
inline void verify_variants(StoredBytes stored, std::uint64_t count, std::uint32_t masked_crc, bool big_endian) {
  // The shortest element has one byte of length and four of checksum.
  if (count > stored.remaining() / 5) stored.fail({count, " variants cannot be in ", stored.remaining(), " bytes"});
  NumberCrc crc(big_endian);
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t length = stored.read_varint64();
    crc.add(length);
    if (length > stored.remaining()) stored.fail({"a variant of ", length, " bytes is longer than what is left"});
    crc.pass(stored, length);
    std::uint32_t checksum = 0;
    stored.read(std::as_writable_bytes(std::span(&checksum, 1)));
    if (in_byte_order(checksum, big_endian) != crc.masked()) stored.fail({"the checksum of a variant is wrong"});
    crc.add_bytes(std::as_bytes(std::span(&checksum, 1)));
  }
  if (stored.remaining() != 0) stored.fail({stored.remaining(), " bytes are left behind its last variant"});
  stored.require_checksum(masked_crc, crc.masked());
}

}  // namespace CAIRN_NAMESPACE::bundle::detail
