// The two messages in an index: BundleHeader under the key "", and BundleEntry under every other key.
//
//   BundleHeaderProto { int32 num_shards = 1; enum endianness = 2; VersionDef version = 3; }
//   VersionDef        { int32 producer = 1; int32 min_consumer = 2; repeated int32 bad_consumers = 3; }
//   BundleEntryProto  { enum dtype = 1; TensorShapeProto shape = 2; int32 shard_id = 3; int64 offset = 4;
//                       int64 size = 5; fixed32 crc32c = 6; repeated TensorSliceProto slices = 7; }
//   TensorShapeProto  { repeated Dim dim = 2 { int64 size = 1; string name = 2; } bool unknown_rank = 3; }
//   TensorSliceProto  { repeated Extent extent = 1 { int64 start = 1; oneof { int64 length = 2; } } }
//
// The definitions are in TensorFlow's tensorflow/core/protobuf/tensor_bundle.proto. Decoding accepts the bytes that
// protobuf accepts and judges no number: dtypes, extents, offsets and versions are checked by the bundle that uses
// them. Header and entry store their unknown fields undecoded, tags included, and write them behind the known ones; the
// messages inside of them drop theirs.
#pragma once

#include "../core/detail/rare.hpp"
#include "../core/detail/vec.hpp"
#include "../core/dtype.hpp"
#include "../core/shape.hpp"
#include "field_writer.hpp"
#include "wire.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::format {

// The version of the format that a file was written with, and the versions of readers that may read it.
struct VersionDef {
  // The versions of the writer, of the oldest reader that may read the file, and of readers that may not.
  std::int32_t producer = 0;
  std::int32_t min_consumer = 0;
  core::detail::Vec<std::int32_t> bad_consumers;

  friend bool operator==(const VersionDef&, const VersionDef&) = default;
};

// The byte order of the numbers in the data files. A file may hold any other number.
enum class Endianness : std::int32_t { little = 0, big = 1 };

// The number of cairn's own field in the header. No other program uses it, and every other reader skips it.
inline constexpr std::uint32_t unused_bytes_field = 7467;

// The header of an index.
struct BundleHeader {
  // The number of data files, and the byte order of the numbers in them.
  std::int32_t num_shards = 0;
  Endianness endianness = Endianness::little;
  // Absent in files from before September 2016, and whenever a file has none.
  core::detail::Rare<VersionDef> version;
  // The bytes of data files that only other bundles use, in the form of bundle/detail/unused_bytes.hpp.
  std::string unused_bytes = {};
  std::string unknown_fields = {};

  friend bool operator==(const BundleHeader&, const BundleHeader&) = default;
};

// A range of one dimension: `length` elements from `start` on. Without a length it is the whole dimension.
struct SliceExtent {
  // The first index; the number of indices, or nullopt for the whole dimension.
  std::int64_t start = 0;
  std::optional<std::int64_t> length;

  friend bool operator==(const SliceExtent&, const SliceExtent&) = default;
};
// A block of a tensor, one extent for each dimension.
using TensorSlice = core::detail::Vec<SliceExtent>;

// The place, type and checksum of one tensor, or of one part of a partitioned tensor.
struct BundleEntry {
  // May be a number that is no enumerator of DType, as in the file.
  DType dtype = DT_INVALID;
  // The number of the data file, counted from 0.
  std::int32_t shard = 0;
  Shape shape;
  // The first byte of the tensor in the data file, and the number of its bytes there. Where elements have no fixed size,
  // dtype and shape do not determine that number. A negative number in a file becomes one that no file reaches.
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::uint32_t crc32c = 0;  // masked, as it is stored (crc32c.hpp)
  // No writer sets this; a tensor of unknown rank cannot be read.
  bool unknown_rank = false;
  // The parts of a partitioned tensor, whose bytes are under keys of their own; empty for any other. Where there are
  // parts, `shape` is that of the whole tensor, and `offset`, `size` and `crc32c` mean nothing.
  core::detail::Vec<TensorSlice> slices;
  // The fields of newer versions of the format, undecoded; they survive a rewrite.
  core::detail::RareText unknown_fields = {};

  // Returns the number of bytes that dtype and shape ask for; nullopt for strings, variants and an unknown rank, and
  // where that number does not fit into 64 bits.
  [[nodiscard]] std::optional<std::uint64_t> byte_count() const noexcept {
    const auto count = shape.checked_num_elements();
    const std::uint64_t element = size_of(dtype);
    if (!count || element == 0 || unknown_rank) return std::nullopt;
    if (static_cast<std::uint64_t>(*count) > std::numeric_limits<std::uint64_t>::max() / element) return std::nullopt;
    return static_cast<std::uint64_t>(*count) * element;
  }

  // Returns true when the bytes lie inside a shard of `shard_size` bytes and `size` is the number that dtype and shape
  // ask for. Strings and variants have no fixed size; for them only the end is checked. Any numbers are safe.
  [[nodiscard]] bool fits(std::uint64_t shard_size) const noexcept {
    if (offset > shard_size || size > shard_size - offset) return false;
    if (dtype == DT_STRING || dtype == DT_VARIANT) return shape.checked_num_elements().has_value() && !unknown_rank;
    return byte_count() == size;
  }

  friend bool operator==(const BundleEntry&, const BundleEntry&) = default;
};

namespace detail {

inline void decode_repeated_int32(FieldReader& field, core::detail::Vec<std::int32_t>& values) {
  if (field.type() == WireType::varint) {
    values.push_back(field.read_int32());
    return;
  }
  for (ByteReader packed(field.read_bytes(), "a list of numbers in the header of the index"); !packed.empty();)
    values.push_back(static_cast<std::int32_t>(static_cast<std::uint32_t>(packed.read_varint64())));
}

inline void merge_version(FieldReader fields, VersionDef& version) {
  while (fields.next()) {
    if (fields.is(1, WireType::varint))
      version.producer = fields.read_int32();
    else if (fields.is(2, WireType::varint))
      version.min_consumer = fields.read_int32();
    else if (fields.is(3, WireType::varint) || fields.is(3, WireType::length_delimited))
      decode_repeated_int32(fields, version.bad_consumers);
    else
      fields.skip();
  }
}

inline std::int64_t decode_dim(FieldReader fields) {
  std::int64_t size = 0;
  while (fields.next()) {
    if (fields.is(1, WireType::varint))
      size = fields.read_int64();
    else if (fields.is(2, WireType::length_delimited))
      static_cast<void>(fields.read_string());  // dimension names mean nothing in a bundle
    else
      fields.skip();
  }
  return size;
}

// A second shape field adds its dimensions to those of the first, because protobuf merges repeated sub-messages.
inline void merge_shape(FieldReader fields, BundleEntry& entry) {
  while (fields.next()) {
    if (fields.is(2, WireType::length_delimited))
      entry.shape.push_back(decode_dim(fields.read_message()));
    else if (fields.is(3, WireType::varint))
      entry.unknown_rank = fields.read_bool();
    else
      fields.skip();
  }
}

inline SliceExtent decode_extent(FieldReader fields) {
  SliceExtent extent;
  while (fields.next()) {
    if (fields.is(1, WireType::varint))
      extent.start = fields.read_int64();
    else if (fields.is(2, WireType::varint))
      extent.length = fields.read_int64();
    else
      fields.skip();
  }
  return extent;
}

inline TensorSlice decode_slice(FieldReader fields) {
  TensorSlice slice;
  while (fields.next()) {
    if (fields.is(1, WireType::length_delimited))
      slice.push_back(decode_extent(fields.read_message()));
    else
      fields.skip();
  }
  return slice;
}

}  // namespace detail

// Decodes a header. Throws Error with ErrorCode::data_loss for bytes that are no such message; the offset in the Error
// counts from the first byte of the message.
[[nodiscard]] inline BundleHeader decode_bundle_header(std::string_view bytes) {
  BundleHeader header;
  FieldReader fields(bytes, "the header of the index");
  while (fields.next()) {
    if (fields.is(1, WireType::varint)) {
      header.num_shards = fields.read_int32();
    } else if (fields.is(2, WireType::varint)) {
      header.endianness = static_cast<Endianness>(fields.read_int32());
    } else if (fields.is(3, WireType::length_delimited)) {
      if (!header.version) header.version.emplace();
      detail::merge_version(fields.read_message(), *header.version);
    } else if (fields.is(unused_bytes_field, WireType::length_delimited)) {
      header.unused_bytes = fields.read_bytes();
    } else {
      fields.skip(&header.unknown_fields);
    }
  }
  return header;
}

// Decodes an entry. Throws Error with ErrorCode::data_loss for bytes that are no such message; the offset in the Error
// counts from the first byte of the message.
[[nodiscard]] inline BundleEntry decode_bundle_entry(std::string_view bytes) {
  BundleEntry entry;
  FieldReader fields(bytes, "an entry of the index");
  while (fields.next()) {
    if (fields.is(1, WireType::varint))
      entry.dtype = static_cast<DType>(fields.read_int32());
    else if (fields.is(2, WireType::length_delimited))
      detail::merge_shape(fields.read_message(), entry);
    else if (fields.is(3, WireType::varint))
      entry.shard = fields.read_int32();
    else if (fields.is(4, WireType::varint))
      entry.offset = fields.read_uint64();
    else if (fields.is(5, WireType::varint))
      entry.size = fields.read_uint64();
    else if (fields.is(6, WireType::fixed32))
      entry.crc32c = fields.read_fixed32();
    else if (fields.is(7, WireType::length_delimited))
      entry.slices.push_back(detail::decode_slice(fields.read_message()));
    else
      fields.skip(&entry.unknown_fields);
  }
  return entry;
}

// Appends the bytes that TensorFlow writes for the header. Fields with the value 0 are left out.
inline void append_encoded(std::string& out, const BundleHeader& header) {
  FieldWriter fields(out);
  fields.number(1, header.num_shards);
  fields.number(2, static_cast<std::int32_t>(header.endianness));
  if (header.version) {
    const std::size_t version = fields.begin_message(3);
    fields.number(1, header.version->producer);
    fields.number(2, header.version->min_consumer);
    if (!header.version->bad_consumers.empty()) {
      const std::size_t packed = fields.begin_message(3);
      for (const std::int32_t consumer : header.version->bad_consumers) fields.packed_number(consumer);
      fields.end_message(packed);
    }
    fields.end_message(version);
  }
  fields.bytes(unused_bytes_field, header.unused_bytes);
  fields.raw(header.unknown_fields);
  fields.finish();
}

// Appends the bytes that TensorFlow writes for the entry. The shape is always written, also the empty one of a scalar.
inline void append_encoded(std::string& out, const BundleEntry& entry) {
  FieldWriter fields(out, 32 + 5 * entry.shape.rank());
  fields.number(1, static_cast<std::int32_t>(entry.dtype));
  const std::size_t shape = fields.begin_message(2);
  for (const std::int64_t extent : entry.shape) {
    const std::size_t dim = fields.begin_message(2);
    fields.number(1, extent);
    fields.end_message(dim);
  }
  fields.number(3, entry.unknown_rank ? 1 : 0);
  fields.end_message(shape);
  fields.number(3, entry.shard);
  fields.number(4, static_cast<std::int64_t>(entry.offset));
  fields.number(5, static_cast<std::int64_t>(entry.size));
  fields.fixed32(6, entry.crc32c);
  for (const TensorSlice& slice : entry.slices) {
    const std::size_t body = fields.begin_message(7);
    for (const SliceExtent& extent : slice) {
      const std::size_t range = fields.begin_message(1);
      fields.number(1, extent.start);
      if (extent.length) fields.set_number(2, *extent.length);
      fields.end_message(range);
    }
    fields.end_message(body);
  }
  fields.raw(entry.unknown_fields);
  fields.finish();
}

// encode() returns the bytes that TensorFlow writes for the header or the entry.
[[nodiscard]] inline std::string encode(const BundleHeader& header) {
  std::string out;
  append_encoded(out, header);
  return out;
}
[[nodiscard]] inline std::string encode(const BundleEntry& entry) {
  std::string out;
  append_encoded(out, entry);
  return out;
}

}  // namespace CAIRN_NAMESPACE::format
