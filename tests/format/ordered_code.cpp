#include <cairn/format/detail/ordered_code.hpp>

#include <doctest/doctest.h>

#include "hex.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace {

using namespace cairn::format;
using cairn::test::bytes;
using cairn::test::hex;

std::string signed_number(std::int64_t value) {
  std::string out;
  detail::append_ordered_signed(out, value);
  return out;
}

std::string number(std::uint64_t value) {
  std::string out;
  detail::append_ordered_number(out, value);
  return out;
}

TEST_CASE("signed numbers have TensorFlow's bytes") {
  CHECK(hex(signed_number(0)) == "80");
  CHECK(hex(signed_number(9)) == "89");
  CHECK(hex(signed_number(63)) == "bf");
  CHECK(hex(signed_number(64)) == "c040");
  CHECK(hex(signed_number(69990)) == "e11166");
  CHECK(hex(signed_number(8192)) == "e02000");
  CHECK(hex(signed_number(-1)) == "7f");
  CHECK(hex(signed_number(-64)) == "40");
  CHECK(hex(signed_number(-65)) == "3fbf");
  CHECK(hex(signed_number(std::int64_t{1} << 55)) == "ff8080000000000000");
  CHECK(hex(signed_number(std::numeric_limits<std::int64_t>::max())) == "ffc07fffffffffffffff");
  CHECK(hex(signed_number(std::numeric_limits<std::int64_t>::min())) == "003f8000000000000000");
}

TEST_CASE("signed numbers sort as their bytes") {
  std::vector<std::int64_t> values{std::numeric_limits<std::int64_t>::min()};
  for (int bit = 62; bit >= 0; --bit)
    for (const std::int64_t near : {-1, 0, 1}) values.push_back(-(std::int64_t{1} << bit) + near);
  for (int bit = 0; bit < 63; ++bit)
    for (const std::int64_t near : {-1, 0, 1}) values.push_back((std::int64_t{1} << bit) + near);
  for (const std::int64_t a : values)
    for (const std::int64_t b : values)
      if ((a < b) != (signed_number(a) < signed_number(b))) FAIL(a << " and " << b << " are out of order");
}

TEST_CASE("numbers have a length and no leading zeros") {
  CHECK(hex(number(0)) == "00");
  CHECK(hex(number(1)) == "0101");
  CHECK(hex(number(256)) == "020100");
  CHECK(hex(number(std::numeric_limits<std::uint64_t>::max())) == "08ffffffffffffffff");
}

TEST_CASE("the key of a slice is TensorFlow's") {
  CHECK(hex(cairn::format::detail::encode_slice_key("w", {{0, 2}, {}})) ==
        "00"
        "770001"
        "0102"
        "8082"
        "807f");
  CHECK(hex(cairn::format::detail::encode_slice_key("", {})) ==
        "00"
        "0001"
        "00");
  CHECK(cairn::format::detail::encode_slice_key(bytes("61 00 ff 62"), {{3, 64}}) ==
        bytes("00 61 00 ff ff 00 62 00 01 01 01 83 c0 40"));
}

TEST_CASE("the name of a tensor is read from the keys of its slices, and from nothing else") {
  for (const std::string& name : {std::string("w"), std::string(), bytes("61 00 ff 62 00"), bytes("ff ff 00 01")}) {
    const std::string key = cairn::format::detail::encode_slice_key(name, {{3, 64}});
    std::string found;
    CHECK(cairn::format::detail::decode_slice_name(key, found) == key.size() - 5);
    CHECK(found == name);
  }
  for (const char* const other : {"", "00", "77", "00 77", "00 77 00", "00 77 00 02", "00 ff 01 00 01", "00 77 ff"}) {
    std::string found;
    CHECK(cairn::format::detail::decode_slice_name(bytes(other), found) == 0);
  }
}

TEST_CASE("a dimension that is whole by its numbers has another key than one without numbers") {
  CHECK(cairn::format::detail::encode_slice_key("w", {{0, 4}}) != cairn::format::detail::encode_slice_key("w", {{}}));
}

}  // namespace
