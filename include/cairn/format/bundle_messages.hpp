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
#include "detail/message_writer.hpp"
#include "wire.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cairn::format {

// The version of the format that a file was written with, and the versions of readers that may read it.
struct VersionDef {
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
  std::int64_t start = 0;
  std::optional<std::int64_t> length;

  friend bool operator==(const SliceExtent&, const SliceExtent&) = default;
};
// A block of a tensor, one extent for each dimension.
using TensorSlice = core::detail::Vec<SliceExtent>;

// The place, type and checksum of one tensor, as the index stores them.
struct BundleEntry {
  DType dtype = DT_INVALID;
  Shape shape;
  bool unknown_rank = false;
  std::int32_t shard_id = 0;
  std::int64_t offset = 0;
  std::int64_t size = 0;     // the number of bytes in the data file
  std::uint32_t crc32c = 0;  // masked, as it is stored (crc32c.hpp)
  // The parts of a partitioned tensor, whose bytes are under keys of their own; empty for any other tensor.
  core::detail::Vec<TensorSlice> slices;
  core::detail::RareText unknown_fields = {};

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
      entry.shard_id = fields.read_int32();
    else if (fields.is(4, WireType::varint))
      entry.offset = fields.read_int64();
    else if (fields.is(5, WireType::varint))
      entry.size = fields.read_int64();
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
  append_int64(out, 1, header.num_shards);
  append_int64(out, 2, static_cast<std::int32_t>(header.endianness));
  if (header.version)
    append_message(out, 3, [&](std::string& version) {
      append_int64(version, 1, header.version->producer);
      append_int64(version, 2, header.version->min_consumer);
      if (header.version->bad_consumers.empty()) return;
      append_message(version, 3, [&](std::string& packed) {
        for (const std::int32_t consumer : header.version->bad_consumers)
          append_varint(packed, static_cast<std::uint64_t>(static_cast<std::int64_t>(consumer)));
      });
    });
  if (!header.unused_bytes.empty()) append_set_bytes(out, unused_bytes_field, header.unused_bytes);
  out += header.unknown_fields;
}

// Appends the bytes that TensorFlow writes for the entry. The shape is always written, also the empty one of a scalar.
inline void append_encoded(std::string& out, const BundleEntry& entry) {
  detail::append_fields(out, [&](auto& fields) {
    fields.number(1, static_cast<std::int32_t>(entry.dtype));
    fields.message(2, [&](auto& shape) {
      for (const std::int64_t extent : entry.shape) shape.message(2, [&](auto& dim) { dim.number(1, extent); });
      shape.number(3, entry.unknown_rank ? 1 : 0);
    });
    fields.number(3, entry.shard_id);
    fields.number(4, entry.offset);
    fields.number(5, entry.size);
    fields.fixed32(6, entry.crc32c);
    for (const TensorSlice& slice : entry.slices)
      fields.message(7, [&](auto& body) {
        for (const SliceExtent& extent : slice)
          body.message(1, [&](auto& range) {
            range.number(1, extent.start);
            if (extent.length) range.set_number(2, *extent.length);
          });
      });
    fields.raw(entry.unknown_fields);
  });
}

// These two return the bytes that TensorFlow writes for the message.
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

}  // namespace cairn::format
