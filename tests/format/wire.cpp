#include <cairn/format/wire.hpp>

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

// Goes over a message and skips all of it; the bytes that skipping collected.
std::string skipped(std::string_view message) {
  std::string unknown;
  for (FieldReader fields(message, "the message"); fields.next();) fields.skip(&unknown);
  return unknown;
}

TEST_CASE("fields of every wire type are skipped whole and can be kept as they stood") {
  const std::string message = bytes("08 96 01 11 0102030405060708 1a 03 'abc' 25 01020304 2b 08 01 2c");
  CHECK(skipped(message) == message);
}

TEST_CASE("a message cut anywhere inside a field is refused") {
  const std::string message = bytes("9a 06 03 'abc'");
  for (std::size_t size = 1; size < message.size(); ++size)
    CHECK(error_of([&] { return skipped(std::string_view(message).substr(0, size)); }).code() == ErrorCode::data_loss);
  CHECK(skipped(message) == message);
}

TEST_CASE("tags that protobuf has not are refused") {
  CHECK(contains(error_of([] { return skipped(bytes("00 00")); }).what(), "number 0"));
  CHECK(contains(error_of([] { return skipped(bytes("0e 00")); }).what(), "wire type 6"));
  CHECK(contains(error_of([] { return skipped(bytes("0f 00")); }).what(), "wire type 7"));
  CHECK(contains(error_of([] { return skipped(bytes("80 80 80 80 10 00")); }).what(), "32 bits"));
}

TEST_CASE("groups are skipped when they end as they began, and not nested too deep") {
  CHECK(skipped(bytes("0b 13 14 0c")).size() == 4);
  CHECK(contains(error_of([] { return skipped(bytes("0b 14")); }).what(), "another number"));
  CHECK(contains(error_of([] { return skipped(bytes("0c")); }).what(), "never began"));
  CHECK_THROWS_AS(static_cast<void>(skipped(bytes("0b 08"))), cairn::Error);
  CHECK_THROWS_AS(static_cast<void>(skipped(bytes("0b"))), cairn::Error);
  const auto nested = [](std::size_t depth) { return std::string(depth, '\x0b') + std::string(depth, '\x0c'); };
  CHECK(skipped(nested(100)).size() == 200);
  CHECK(contains(error_of([&] { return skipped(nested(101)); }).what(), "more than 100 deep"));
  CHECK_THROWS_AS(static_cast<void>(skipped(std::string(1000000, '\x0b'))), cairn::Error);
}

TEST_CASE("an int32 keeps the low 32 bits of what is written, as protobuf does") {
  const auto read = [](std::string_view message) {
    FieldReader fields(message, "the message");
    CHECK(fields.next());
    return fields.read_int32();
  };
  CHECK(read(bytes("08 ff ff ff ff ff ff ff ff ff 01")) == -1);
  CHECK(read(bytes("08 ff ff ff ff 0f")) == -1);
  CHECK(read(bytes("08 81 80 80 80 10")) == 1);
}

TEST_CASE("errors in a sub-message count from the beginning of the outermost one") {
  const std::string message = bytes("08 01 1a 04 0a 05 'ab'");
  FieldReader fields(message, "the message");
  CHECK(fields.next());
  fields.skip();
  CHECK(fields.next());
  FieldReader inner = fields.read_message();
  CHECK(inner.next());
  const cairn::Error error = error_of([&] { return inner.read_bytes(); });
  CHECK(error.offset() == 6u);
  CHECK_FALSE(fields.next());
}

TEST_CASE("text fields must be UTF-8") {
  const std::string message = bytes("0a 02 c3 28");
  FieldReader fields(message, "the message");
  CHECK(fields.next());
  CHECK(error_of([&] { return fields.read_string(); }).code() == ErrorCode::data_loss);
}

TEST_CASE("fields ahead are counted without moving on, up to the first damage") {
  const std::string message = bytes("0a 00 10 01 0a 01 'a' 08 07 0a 05 'cut'");
  const FieldReader fields(message, "the message");
  CHECK(fields.count(1, WireType::length_delimited) == 3);
  CHECK(fields.count(2, WireType::varint) == 1);
  CHECK(fields.count(3, WireType::varint) == 0);
}

}  // namespace
