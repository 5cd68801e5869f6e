#include <cairn/format/detail/text_number.hpp>
#include <cairn/format/text_proto.hpp>

#include <doctest/doctest.h>

#include "hex.hpp"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <string_view>

namespace {

using namespace cairn::format;
using cairn::ErrorCode;
using cairn::test::bytes;
using cairn::test::contains;
using cairn::test::error_of;

std::string in_quotes(std::string_view text) {
  std::string out;
  append_quoted(out, text);
  return out;
}

std::string without_quotes(std::string_view text) {
  TextTokenizer tokens(text, "the text");
  std::string value = tokens.consume_string();
  CHECK(tokens.at_end());
  return value;
}

double number(std::string_view text) {
  TextTokenizer tokens(text, "the text");
  const double value = tokens.consume_double();
  CHECK(tokens.at_end());
  return value;
}

TEST_CASE("doubles are written with the digits of Python's repr") {
  CHECK(cairn::format::detail::format_double(0) == "0.0");
  CHECK(cairn::format::detail::format_double(-0.0) == "-0.0");
  CHECK(cairn::format::detail::format_double(1) == "1.0");
  CHECK(cairn::format::detail::format_double(20.5) == "20.5");
  CHECK(cairn::format::detail::format_double(1700000000) == "1700000000.0");
  CHECK(cairn::format::detail::format_double(1795423958.6106403) == "1795423958.6106403");
  CHECK(cairn::format::detail::format_double(0.0001) == "0.0001");
  CHECK(cairn::format::detail::format_double(0.00001) == "1e-05");
  CHECK(cairn::format::detail::format_double(1.5e-7) == "1.5e-07");
  CHECK(cairn::format::detail::format_double(1e15) == "1000000000000000.0");
  CHECK(cairn::format::detail::format_double(9007199254740994.0) == "9007199254740994.0");
  CHECK(cairn::format::detail::format_double(1e16) == "1e+16");
  CHECK(cairn::format::detail::format_double(1.25e20) == "1.25e+20");
  CHECK(cairn::format::detail::format_double(5e-324) == "5e-324");
  CHECK(cairn::format::detail::format_double(-1.7976931348623157e308) == "-1.7976931348623157e+308");
  CHECK(cairn::format::detail::format_double(std::numeric_limits<double>::infinity()) == "inf");
  CHECK(cairn::format::detail::format_double(-std::numeric_limits<double>::infinity()) == "-inf");
  CHECK(cairn::format::detail::format_double(std::numeric_limits<double>::quiet_NaN()) == "nan");
}

TEST_CASE("doubles are read back as they were, to the bit") {
  std::mt19937_64 random(99);
  for (int i = 0; i < 20000; ++i) {
    const std::uint64_t bits = random();
    double value = 0;
    std::memcpy(&value, &bits, sizeof value);
    if (std::isnan(value)) continue;
    const double again = number(cairn::format::detail::format_double(value));
    if (std::memcmp(&again, &value, sizeof value) != 0)
      FAIL("not the same: " << cairn::format::detail::format_double(value));
  }
}

TEST_CASE("doubles may be spelled in every way that protobuf allows") {
  CHECK(number("7") == 7);
  CHECK(number("+1.5") == 1.5);
  CHECK(number("-1.5") == -1.5);
  CHECK(number(".5") == 0.5);
  CHECK(number("5.") == 5);
  CHECK(number("5.f") == 5);
  CHECK(number("1E3") == 1000);
  CHECK(number("1e+3F") == 1000);
  CHECK(number("0") == 0);
  CHECK(number("0.25") == 0.25);
  CHECK(std::isinf(number("1e999")));
  CHECK(number("-1e999") < 0);
  CHECK(number("1e-999") == 0);
  CHECK(number("-" + std::string(400, '9') + ".") < -1e308);
  CHECK(number("0." + std::string(500, '0') + "1e+0000000000001") == 0);
  CHECK(number("1" + std::string(500, '0') + "e-99999999999999999999") == 0);
  CHECK(number("inf") > 1e308);
  CHECK(number("-Infinity") < -1e308);
  CHECK(std::isnan(number("NaN")));
  for (const char* const wrong : {"", "x", "\"1\"", "1x", "1e", "1e+", "--1", "1.2.3", "0x10", "010", "00", "+", "-",
                                  ".", "1_0", "-", "infinite", "e5"})
    CHECK(error_of([&] { return number(wrong); }).code() == ErrorCode::data_loss);
}

TEST_CASE("texts are escaped as TensorFlow's Python does it") {
  CHECK(in_quotes("ckpt-1") == "\"ckpt-1\"");
  CHECK(in_quotes("a\nb\tc\rd") == R"("a\nb\tc\rd")");
  CHECK(in_quotes(R"(it's "so" \)") == R"("it\'s \"so\" \\")");
  CHECK(in_quotes(std::string_view("\0\x01\x1f\x7f", 4)) == R"("\000\001\037\177")");
  CHECK(in_quotes("mod\xc3\xa8le") == "\"mod\xc3\xa8le\"");
}

TEST_CASE("every text is read back as it was") {
  std::string all;
  for (int c = 0; c < 128; ++c) all += static_cast<char>(c);
  all += "\xc3\xa8\xf0\x9f\x98\x80";
  CHECK(without_quotes(in_quotes(all)) == all);
  CHECK(without_quotes(in_quotes("")).empty());
}

TEST_CASE("escapes and neighbours are understood") {
  CHECK(without_quotes("'a' \"b\"\n'c' # comment\n 'd'") == "abcd");
  CHECK(without_quotes(R"('it"s' "it's")") == "it\"sit's");
  CHECK(without_quotes(R"("\a\b\f\n\r\t\v\\\'\"\?")") == "\a\b\f\n\r\t\v\\'\"?");
  CHECK(without_quotes(R"("\101\60\0601\7")") == "A001\a");
  CHECK(without_quotes(R"("\x41\x4a1\X6")") == "AJ1\x06");
  CHECK(without_quotes(R"("\303\250\xc3\xa8\u00e8\U000000e8")") == "\xc3\xa8\xc3\xa8\xc3\xa8\xc3\xa8");
  CHECK(without_quotes(R"("\ud83d\ude00")") == "\xf0\x9f\x98\x80");
  CHECK(without_quotes("\"a # no comment\"") == "a # no comment");
}

TEST_CASE("escapes that are no character are refused with the sentence that says so") {
  const auto refusal = [](const char* text) {
    return std::string(error_of([&] { return without_quotes(text); }).what());
  };
  for (const char* const wrong : {R"("\ud800")", R"("\udfff")", R"("\U00110000")", R"("\Uffffffff")", R"("\ud800x")"})
    CHECK(refusal(wrong).ends_with(" is damaged at line 1: an escape in a text is no character"));
  CHECK(refusal(R"("\ud800\u0041")").ends_with(" is damaged at line 1: an escape in a text is half of a pair"));
}

TEST_CASE("texts that are none are refused") {
  for (const char* const wrong : {"",
                                  "abc",
                                  "12",
                                  "\"",
                                  "'",
                                  "\"abc",
                                  "\"abc'",
                                  "\"a\nb\"",
                                  "\"\\",
                                  "\"\\\"",
                                  R"("\q")",
                                  R"("\x")",
                                  R"("\xg")",
                                  R"("\u12")",
                                  R"("\ud83d")",
                                  R"("\ud83dx")",
                                  R"("\ud83d\u0041")",
                                  R"("\ude00")",
                                  R"("\U00110000")",
                                  R"("\Uffffffff")",
                                  R"("\xff")",
                                  R"("\377")",
                                  R"("\400")",
                                  "\"\xff\"",
                                  "[",
                                  "'a' 'b"})
    CHECK_MESSAGE(error_of([&] { return without_quotes(wrong); }).code() == ErrorCode::data_loss, wrong);
}

TEST_CASE("an error names the line and what stands there") {
  const cairn::Error error = error_of([] {
    TextTokenizer tokens("name\n# comment\r\n\n  :'x", "the file");
    static_cast<void>(tokens.consume_identifier());
    tokens.consume(':');
    return 0;
  });
  CHECK(contains(error.what(), "the file is damaged at line 4: "));
  CHECK(error.offset() == 20u);
  CHECK(contains(error_of([] { return number("\n'x'"); }).what(), "line 2: expected a number, found \"\\'x\\'\""));
  CHECK(contains(error_of([] { return number(""); }).what(), "found the end of the text"));
  CHECK(contains(error_of([] { return number(bytes("ff")); }).what(), "not UTF-8"));
}

}  // namespace
