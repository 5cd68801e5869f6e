#include <cairn/format/bundle_messages.hpp>

#include <doctest/doctest.h>

#include "hex.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace {

using namespace cairn::format;
using cairn::DType;
using cairn::ErrorCode;
using cairn::Shape;
using cairn::test::bytes;
using cairn::test::error_of;
using cairn::test::hex;

TEST_CASE("the header has the bytes that TensorFlow has written since version 1.0") {
  const BundleHeader header{1, Endianness::little, VersionDef{1, 0, {}}};
  CHECK(hex(encode(header)) == "08011a020801");
  CHECK(decode_bundle_header(bytes("08 01 1a 02 08 01")) == header);
  const BundleHeader old{2, Endianness::little, {}};
  CHECK(hex(encode(old)) == "0802");
  CHECK(decode_bundle_header(bytes("08 02")) == old);
  CHECK(decode_bundle_header("") == BundleHeader{});
  CHECK(hex(encode(BundleHeader{0, Endianness::little, VersionDef{}})) == "1a00");
}

TEST_CASE("a header with everything in it is read and written") {
  const BundleHeader header{300, Endianness::big, VersionDef{-1, 2, {1, -1, 300}}};
  const std::string written = encode(header);
  CHECK(hex(written) ==
        "08ac02"
        "1001"
        "1a1c"
        "08ffffffffffffffffff01"
        "1002"
        "1a0d"
        "01ffffffffffffffffff01ac02");
  CHECK(decode_bundle_header(written) == header);
  CHECK(decode_bundle_header(bytes("1a 06 18 01 18 02 18 03")).version->bad_consumers ==
        cairn::core::detail::Vec<std::int32_t>{1, 2, 3});
}

TEST_CASE("the entries of the specification's example are read and written") {
  BundleEntry scalar;
  scalar.dtype = DType::DT_FLOAT;
  scalar.size = 4;
  scalar.crc32c = 0x3a117ba6u;
  CHECK(hex(encode(scalar)) ==
        "080112002804"
        "35a67b113a");
  CHECK(decode_bundle_entry(bytes("08 01 12 00 28 04 35 a6 7b 11 3a")) == scalar);
  BundleEntry graph;
  graph.dtype = DType::DT_STRING;
  graph.offset = 4;
  graph.size = 0x52;
  graph.crc32c = 0x93b056aau;
  CHECK(hex(encode(graph)) ==
        "08071200200428523"
        "5aa56b093");
  CHECK(decode_bundle_entry(encode(graph)) == graph);
}

TEST_CASE("shapes are always written: a scalar's empty, a dimension of 0 as an empty one") {
  const auto shape_of = [](Shape shape) {
    BundleEntry entry;
    entry.shape = std::move(shape);
    CHECK(decode_bundle_entry(encode(entry)) == entry);
    return hex(encode(entry));
  };
  CHECK(shape_of({}) == "1200");
  CHECK(shape_of({3}) == "120412020803");
  CHECK(shape_of({0}) == "12021200");
  CHECK(shape_of({784, 10}) ==
        "12091203089006"
        "1202080a");
  CHECK(shape_of({-1}) == "120d120b08ffffffffffffffffff01");
  BundleEntry unknown;
  unknown.unknown_rank = true;
  CHECK(hex(encode(unknown)) == "12021801");
  CHECK(decode_bundle_entry(encode(unknown)) == unknown);
}

TEST_CASE("slices: a whole dimension is an empty message, a length is written also when it is 0") {
  BundleEntry entry;
  entry.dtype = DType::DT_FLOAT;
  entry.shape = {4, 2};
  entry.slices = {{{0, 2}, {}}, {{2, 2}, {}}, {{4, 0}, {0, 2}}};
  const std::string written = encode(entry);
  CHECK(hex(written) ==
        "0801"
        "1208"
        "12020804"
        "12020802"
        "3a06"
        "0a021002"
        "0a00"
        "3a08"
        "0a0408021002"
        "0a00"
        "3a0a"
        "0a0408041000"
        "0a021002");
  CHECK(decode_bundle_entry(written) == entry);
}

TEST_CASE("fields may come in any order; the last scalar wins and shapes grow together") {
  const BundleEntry entry =
      decode_bundle_entry(bytes("28 04 12 04 12 02 08 01 08 07 35 01 00 00 00 08 01 12 04 12 02 08 03 20 09"));
  CHECK(entry.dtype == DType::DT_FLOAT);
  CHECK(entry.shape == Shape{1, 3});
  CHECK(entry.offset == 9);
  CHECK(entry.size == 4);
  CHECK(entry.crc32c == 1);
  CHECK(entry.unknown_fields.empty());
}

TEST_CASE("unknown fields and known ones of another wire type are kept and written behind the rest") {
  const BundleEntry entry = decode_bundle_entry(bytes("82 01 02 'hi' 08 01 0d 01 02 03 04 12 00 30 05"));
  CHECK(entry.dtype == DType::DT_FLOAT);
  CHECK(entry.crc32c == 0);
  CHECK(hex(entry.unknown_fields) ==
        "8201026869"
        "0d01020304"
        "3005");
  CHECK(encode(entry) == bytes("08 01 12 00") + std::string(std::string_view(entry.unknown_fields)));
  const BundleHeader header = decode_bundle_header(bytes("20 07 08 01"));
  CHECK(hex(encode(header)) == "08012007");
}

TEST_CASE("numbers are taken as they are, however strange") {
  const BundleEntry entry = decode_bundle_entry(
      bytes("08 65 18 ff ff ff ff ff ff ff ff ff 01 20 ff ff ff ff ff ff ff ff 7f 28 80 80 80 80 80 80 80 80 80 01"));
  CHECK(static_cast<int>(entry.dtype) == 101);
  CHECK_FALSE(cairn::is_known(entry.dtype));
  CHECK(entry.shard == -1);
  CHECK(entry.offset == std::numeric_limits<std::int64_t>::max());
  CHECK(entry.size == std::numeric_limits<std::int64_t>::min());
  CHECK(decode_bundle_entry(encode(entry)) == entry);
}

TEST_CASE("an entry cut at any byte is refused, or is an entry of fewer fields") {
  BundleEntry entry;
  entry.dtype = DType::DT_FLOAT;
  entry.shape = {300, 10};
  entry.offset = 1000;
  entry.size = 12000;
  entry.crc32c = 0x12345678u;
  entry.slices = {{{0, 2}, {}}};
  const std::string written = encode(entry);
  int refused = 0;
  for (std::size_t size = 0; size < written.size(); ++size) {
    try {
      const BundleEntry cut = decode_bundle_entry(std::string_view(written).substr(0, size));
      CHECK_FALSE(cut == entry);
    } catch (const cairn::Error& error) {
      CHECK(error.code() == ErrorCode::data_loss);
      ++refused;
    }
  }
  CHECK(refused > 20);
}

TEST_CASE("the name of a dimension must be UTF-8 and is not kept") {
  CHECK(hex(encode(decode_bundle_entry(bytes("12 07 12 05 08 02 12 01 'x'")))) == "120412020802");
  CHECK(error_of([] { return decode_bundle_entry(bytes("12 05 12 03 12 01 ff")); }).code() == ErrorCode::data_loss);
}

}  // namespace
