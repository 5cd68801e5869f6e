#include <cairn/format/snappy.hpp>

#include <doctest/doctest.h>

#include "hex.hpp"

#include <cstddef>
#include <random>
#include <string>
#include <string_view>

namespace {

using namespace cairn::format;
using cairn::ErrorCode;
using cairn::test::bytes;
using cairn::test::refusal_of;

std::string uncompressed(std::string_view hex) { return snappy_uncompress(bytes(hex), "the block"); }

TEST_CASE("literals of every form of length are copied out") {
  CHECK(uncompressed("00").empty());
  CHECK(uncompressed("01 00 'a'") == "a");
  CHECK(uncompressed("05 10 'hello'") == "hello");
  const std::string text(300, 'x');
  CHECK(snappy_uncompress(bytes("ac 02 f4 2b 01") + text, "the block") == text);
  CHECK(snappy_uncompress(bytes("ac 02 f8 2b 01 00") + text, "the block") == text);
  CHECK(snappy_uncompress(bytes("ac 02 fc 2b 01 00 00") + text, "the block") == text);
  CHECK(snappy_uncompress(bytes("3d f0 3c") + std::string(61, 'y'), "the block") == std::string(61, 'y'));
}

TEST_CASE("copies of every form repeat what came before, also what they write themselves") {
  CHECK(uncompressed("08 0c 'abcd' 01 04") == "abcdabcd");
  CHECK(uncompressed("0a 0c 'abcd' 16 04 00") == "abcdabcdab");
  CHECK(uncompressed("0a 0c 'abcd' 17 02 00 00 00") == "abcdcdcdcd");
  CHECK(uncompressed("41 00 'z' fe 01 00") == std::string(65, 'z'));
}

TEST_CASE("what is not snappy's is refused") {
  const auto refused = [](std::string_view hex, std::string_view words) {
    refusal_of([&] { return uncompressed(hex); }, ErrorCode::data_loss, words);
  };
  refused("", "in the middle of a number");
  refused("05 10 'hell'", "5 are announced");
  refused("04 10 'hello'", "more bytes than it says");
  refused("06 10 'hello'", "fewer bytes than it says");
  refused("08 0c 'abcd' 01 00", "from before its beginning");
  refused("08 0c 'abcd' 01 05", "from before its beginning");
  refused("08 01 01", "from before its beginning");
  refused("08 0c 'abcd' 01", "1 are announced");
  refused("08 0c 'abcd' 16 04", "2 are announced");
  refused("05 fc ff ff ff ff", "more bytes than it says");
  refused("ff ff ff ff 0f 00 'a'", "compressed bytes cannot");
  refused("ff ff ff ff 7f 00 'a'", "32 bits");
}

TEST_CASE("the best compression there is stays inside the limit") {
  std::string compressed;
  append_varint(compressed, 1 + 64 * 1000);
  compressed += bytes("00 'a'");
  for (int i = 0; i < 1000; ++i) compressed += bytes("fe 01 00");
  CHECK(snappy_uncompress(compressed, "the block") == std::string(1 + 64 * 1000, 'a'));
}

TEST_CASE("bytes at random give text or an Error") {
  std::mt19937 random(5);
  for (int i = 0; i < 20000; ++i) {
    std::string input(random() % 40, '\0');
    for (char& c : input) c = static_cast<char>(random());
    if (!input.empty()) input[0] = static_cast<char>(random() % 100);
    try {
      const std::string text = snappy_uncompress(input, "the block");
      CHECK(text.size() <= max_snappy_expansion * input.size());
    } catch (const cairn::Error& error) {
      CHECK(error.code() == ErrorCode::data_loss);
    }
  }
}

}  // namespace
