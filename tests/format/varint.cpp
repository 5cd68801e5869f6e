#include <cairn/format/varint.hpp>

#include <doctest/doctest.h>

#include "hex.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace {

using namespace cairn::format;
using cairn::ErrorCode;
using cairn::test::bytes;
using cairn::test::contains;
using cairn::test::error_of;
using cairn::test::hex;

constexpr std::uint64_t max64 = std::numeric_limits<std::uint64_t>::max();

std::string varint(std::uint64_t value) {
  std::string out;
  append_varint(out, value);
  return out;
}

TEST_CASE("varints have the bytes of protobuf's documentation") {
  CHECK(hex(varint(0)) == "00");
  CHECK(hex(varint(1)) == "01");
  CHECK(hex(varint(127)) == "7f");
  CHECK(hex(varint(128)) == "8001");
  CHECK(hex(varint(150)) == "9601");
  CHECK(hex(varint(max64)) == "ffffffffffffffffff01");
}

TEST_CASE("varints are read as they were written, at every power of two and beside it") {
  for (unsigned bit = 0; bit < 64; ++bit) {
    for (const std::uint64_t value : {(std::uint64_t{1} << bit) - 1, std::uint64_t{1} << bit, max64 >> bit}) {
      const std::string written = varint(value) + "rest";
      ByteReader reader(written);
      CHECK(reader.read_varint64() == value);
      CHECK(reader.remaining() == 4);
    }
  }
}

TEST_CASE("a varint that is cut after any of its bytes is reported with its offset, and nothing is consumed") {
  for (const std::uint64_t value : {std::uint64_t{1}, std::uint64_t{128}, std::uint64_t{1} << 40, max64}) {
    const std::string written = varint(value);
    for (std::size_t size = 0; size < written.size(); ++size) {
      ByteReader reader(std::string_view(written).substr(0, size), "the index", 100);
      const cairn::Error error = error_of([&] { return reader.read_varint64(); });
      CHECK(error.code() == ErrorCode::data_loss);
      CHECK(error.offset() == 100u);
      CHECK(contains(error.what(), "the index is damaged at byte 100"));
      CHECK(reader.remaining() == size);
    }
  }
}

TEST_CASE("a varint of eleven bytes, or of more than 64 bits, is refused; one with needless zeros is not") {
  CHECK_THROWS_AS(static_cast<void>(ByteReader(bytes("80 80 80 80 80 80 80 80 80 80 00")).read_varint64()),
                  cairn::Error);
  CHECK_THROWS_AS(static_cast<void>(ByteReader(bytes("ff ff ff ff ff ff ff ff ff 02")).read_varint64()), cairn::Error);
  CHECK(ByteReader(bytes("ff ff ff ff ff ff ff ff ff 01")).read_varint64() == max64);
  CHECK(ByteReader(bytes("81 80 80 80 80 80 80 80 80 00")).read_varint64() == 1);
}

TEST_CASE("a varint32 above 32 bits is refused, and nothing is consumed") {
  const std::string largest = varint(0xffffffffu);
  CHECK(ByteReader(largest).read_varint32() == 0xffffffffu);
  const std::string larger = varint(0x100000000u);
  ByteReader reader(larger);
  CHECK(error_of([&] { return reader.read_varint32(); }).code() == ErrorCode::data_loss);
  CHECK(reader.remaining() == larger.size());
}

TEST_CASE("fixed numbers are little-endian, and refused when cut") {
  std::string written;
  append_fixed32(written, 0x04030201u);
  append_fixed64(written, 0x0807060504030201u);
  CHECK(hex(written) ==
        "01020304"
        "0102030405060708");
  ByteReader reader(written);
  CHECK(reader.read_fixed32() == 0x04030201u);
  CHECK(reader.read_fixed64() == 0x0807060504030201u);
  CHECK(reader.empty());
  CHECK_THROWS_AS(static_cast<void>(ByteReader(std::string_view(written).substr(0, 3)).read_fixed32()), cairn::Error);
  CHECK_THROWS_AS(static_cast<void>(ByteReader(std::string_view(written).substr(0, 7)).read_fixed64()), cairn::Error);
}

TEST_CASE("bytes are given in place, and never more than there are, whatever is asked") {
  ByteReader reader(std::string_view("abcdef"));
  CHECK(reader.read_bytes(2) == "ab");
  CHECK(reader.read_bytes(0).empty());
  for (const std::uint64_t size : {std::uint64_t{5}, std::uint64_t{1} << 32, std::uint64_t{1} << 63, max64}) {
    const cairn::Error error = error_of([&] { return reader.read_bytes(size); });
    CHECK(contains(error.what(), "4 bytes left where " + std::to_string(size)));
    CHECK(error.offset() == 2u);
  }
  CHECK(reader.read_bytes(4) == "cdef");
  CHECK(reader.empty());
}

}  // namespace
