#include <cairn/format/detail/utf8.hpp>

#include <doctest/doctest.h>

#include "hex.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace {

using namespace cairn::format;
using cairn::test::bytes;

TEST_CASE("every character is written as UTF-8 that is accepted, also cut nowhere") {
  for (std::uint32_t code = 0; code <= 0x10ffff; ++code) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    std::string text;
    cairn::format::detail::append_utf8(text, code);
    bool good = cairn::format::detail::is_valid_utf8(text) && text.size() == (code < 0x80      ? 1u
                                                                              : code < 0x800   ? 2u
                                                                              : code < 0x10000 ? 3u
                                                                                               : 4u);
    if (text.size() > 1)
      good = good && !cairn::format::detail::is_valid_utf8(text.substr(0, text.size() - 1)) &&
             !cairn::format::detail::is_valid_utf8(text.substr(1));
    if (!good) FAIL("wrong for the character " << code);
  }
}

TEST_CASE("what is no UTF-8 is refused") {
  for (const char* const hex :
       {"80", "bf", "c0 80", "c1 bf", "e0 80 80", "e0 9f bf", "ed a0 80", "ed bf bf", "f0 80 80 80", "f0 8f bf bf",
        "f4 90 80 80", "f5 80 80 80", "ff", "c3 28", "e2 82 28", "61 c3"})
    CHECK_FALSE(cairn::format::detail::is_valid_utf8(bytes(hex)));
  CHECK(
      cairn::format::detail::is_valid_utf8(bytes("61 00 62 c3 a9 e2 82 ac f0 9f 98 80 ed 9f bf ee 80 80 f4 8f bf bf")));
  CHECK(cairn::format::detail::is_valid_utf8(""));
}

TEST_CASE("a wrong byte is found at every place of a long text") {
  static_assert(cairn::format::detail::is_valid_utf8("as well while compiling") &&
                !cairn::format::detail::is_valid_utf8("while compiling \xff"));
  for (std::size_t size = 1; size < 40; ++size) {
    for (std::size_t i = 0; i < size; ++i) {
      std::string text(size, 'a');
      text[i] = '\x80';
      CHECK_FALSE(cairn::format::detail::is_valid_utf8(text));
      if (i + 1 < size) CHECK(cairn::format::detail::is_valid_utf8(text.replace(i, 2, "\xc3\xa9")));
    }
  }
}

}  // namespace
