#include <cairn/bundle/detail/string_tensor.hpp>

#include <doctest/doctest.h>

#include <cairn/testing/memory_file_system.hpp>

#include "bundle/bundles.hpp"

#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace bundle = cairn::bundle;
namespace io = cairn::io;
using cairn::ErrorCode;
using cairn::test::code_of;

namespace {

constexpr bool is_big_endian = std::endian::native == std::endian::big;

struct Encoded {
  std::string bytes;
  std::uint32_t crc = 0;
};

Encoded encode(const std::vector<std::string>& elements) {
  Encoded encoded;
  encoded.crc = cairn::bundle::detail::encode_strings(
      elements, [&](std::span<const std::byte> bytes) { encoded.bytes += cairn::test::text_of(bytes); });
  CHECK(encoded.bytes.size() == cairn::bundle::detail::encoded_size(elements));
  return encoded;
}

std::vector<std::string> decode(const Encoded& encoded, std::uint64_t count, bool big_endian = is_big_endian) {
  cairn::testing::MemoryFileSystem files;
  cairn::test::write_file(files, "file", encoded.bytes);
  const auto file = files.open("file");
  const cairn::bundle::detail::StoredBytes stored(*file, 0, file->size(), "key", "file");
  cairn::bundle::detail::verify_strings(stored, count, encoded.crc, big_endian);
  return cairn::bundle::detail::decode_strings(stored, count, encoded.crc, big_endian);
}

// The same, one after the other.
std::vector<std::string> elements_of(const Encoded& encoded, std::uint64_t count, bool big_endian = is_big_endian) {
  cairn::testing::MemoryFileSystem files;
  cairn::test::write_file(files, "file", encoded.bytes);
  const auto file = files.open("file");
  cairn::bundle::detail::StringElements elements({*file, 0, file->size(), "key", "file"}, count, encoded.crc,
                                                 big_endian);
  std::vector<std::string> all;
  for (std::string element; elements.next(element);) all.push_back(element);
  return all;
}

}  // namespace

TEST_CASE("strings have TensorFlow's bytes and checksums") {
  if (is_big_endian) return;  // their lengths and checksums are numbers of the machine
  const Encoded none = encode({});
  CHECK(none.bytes == std::string("\xd8\xea\x82\xa2", 4));
  CHECK(none.crc == 0x640cc1f6);
  const Encoded empty = encode({""});
  CHECK(empty.bytes == std::string("\x00\xa6\x7b\x11\x3a", 5));
  CHECK(empty.crc == 0xbe0767bd);
  const Encoded two = encode({"a", "bc"});
  CHECK(two.bytes ==
        "\x01\x02\xbf\xdf\xdb\x7a"
        "abc");
  CHECK(two.crc == 0x8536e4e9);
}

TEST_CASE("strings are read back as they were") {
  for (const std::vector<std::string>& elements :
       {std::vector<std::string>{},
        {""},
        {"a", "bc"},
        {std::string("\0\xff\n", 3), "", "x"},
        {std::string(127, 'a'), std::string(128, 'b'), std::string(16'384, 'c')},
        std::vector<std::string>(100'000, "many"),
        {"before", std::string(std::size_t{32} << 20, 'x'), "after"}}) {
    CHECK(decode(encode(elements), elements.size()) == elements);
    CHECK(elements_of(encode(elements), elements.size()) == elements);
  }
}

TEST_CASE("any changed byte of a string tensor is data_loss") {
  const Encoded good = encode({"a", "bc", ""});
  for (std::size_t i = 0; i < good.bytes.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      Encoded bad = good;
      bad.bytes[i] = static_cast<char>(bad.bytes[i] ^ (1 << bit));
      CHECK(code_of([&] { (void)decode(bad, 3); }) == ErrorCode::data_loss);
      CHECK(code_of([&] { (void)elements_of(bad, 3); }) == ErrorCode::data_loss);
    }
  Encoded bad = good;
  bad.crc ^= 1;
  CHECK(code_of([&] { (void)decode(bad, 3); }) == ErrorCode::data_loss);
}

TEST_CASE("a string tensor with another size or count is data_loss") {
  const Encoded good = encode({"a", "bc", ""});
  for (std::size_t size = 0; size < good.bytes.size(); ++size)
    CHECK(code_of([&] { (void)decode({good.bytes.substr(0, size), good.crc}, 3); }) == ErrorCode::data_loss);
  CHECK(code_of([&] { (void)decode({good.bytes + "x", good.crc}, 3); }) == ErrorCode::data_loss);
  for (const std::uint64_t count : {std::uint64_t{0}, std::uint64_t{2}, std::uint64_t{4}, std::uint64_t{1} << 60})
    CHECK(code_of([&] { (void)decode(good, count); }) == ErrorCode::data_loss);
}

TEST_CASE("lengths that promise more than there is are refused before memory is taken") {
  for (const std::uint64_t length : {std::uint64_t{1} << 40, std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
    Encoded bad;
    cairn::bundle::detail::NumberCrc lengths(false);  // of a little-endian file
    cairn::format::append_varint(bad.bytes, length);
    lengths.add_length(length);
    cairn::format::append_fixed32(bad.bytes, lengths.masked());  // crafted: the checksum is right
    bad.bytes += "text";
    CHECK(code_of([&] { (void)decode(bad, 1, false); }) == ErrorCode::data_loss);
  }
}

TEST_CASE("two lengths whose sum wraps are refused") {
  Encoded bad;
  cairn::bundle::detail::NumberCrc lengths(false);  // of a little-endian file
  for (const std::uint64_t length : {~std::uint64_t{0}, std::uint64_t{5}}) {
    cairn::format::append_varint(bad.bytes, length);
    lengths.add_length(length);
  }
  cairn::format::append_fixed32(bad.bytes, lengths.masked());
  bad.bytes += "text";
  CHECK(code_of([&] { (void)decode(bad, 2, false); }) == ErrorCode::data_loss);
}

TEST_CASE("a big-endian file's numbers are under the checksums as they are in the file") {
  Encoded big;
  cairn::bundle::detail::NumberCrc crc(true);
  for (const std::uint64_t length : {std::uint64_t{1}, std::uint64_t{2}}) {
    cairn::format::append_varint(big.bytes, length);
    crc.add_length(length);
  }
  const std::uint32_t checksum = crc.masked();
  for (const int shift : {24, 16, 8, 0}) big.bytes.push_back(static_cast<char>((checksum >> shift) & 0xff));
  crc.add_bytes(std::as_bytes(std::span(big.bytes).subspan(2)));
  crc.add_bytes(std::as_bytes(std::span("abc", 3)));
  big.bytes += "abc";
  big.crc = crc.masked();
  CHECK(decode(big, 2, true) == std::vector<std::string>{"a", "bc"});
  CHECK(elements_of(big, 2, true) == std::vector<std::string>{"a", "bc"});
  CHECK(code_of([&] { (void)decode(big, 2, false); }) == ErrorCode::data_loss);
}
