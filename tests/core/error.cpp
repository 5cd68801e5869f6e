#include "cairn/core/error.hpp"

#include "cairn/core/detail/fail.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>

TEST_CASE("an error carries its sentence and its parts") {
  try {
    throw cairn::Error(cairn::ErrorCode::data_loss, "the shard ends early")
        .in_file("ckpt-1.index")
        .at_key("w")
        .at_offset(12)
        .expecting("62720", "31360");
  } catch (const cairn::Error& error) {
    CHECK(std::string(error.what()) == "the shard ends early");
    CHECK(error.code() == cairn::ErrorCode::data_loss);
    CHECK(error.file() == "ckpt-1.index");
    CHECK(error.key() == "w");
    CHECK(error.offset() == 12);
    CHECK(error.expected() == "62720");
    CHECK(error.found() == "31360");
  }
}

TEST_CASE("a sentence is made of texts and numbers of any sign and size") {
  const std::string path = "ckpt-1.index";
  const std::uint64_t largest = 18446744073709551615u;
  try {
    cairn::core::detail::fail(cairn::ErrorCode::data_loss,
                              {"\"", path, std::string_view(), "\" has ", largest, " keys, ", std::int64_t{-3}, " and ",
                               7u, std::string_view(" more").substr(1)},
                              {.file = path, .key = "w", .offset = 12, .expected = "no", .found = "yes"});
  } catch (const cairn::Error& error) {
    CHECK(std::string(error.what()) == "\"ckpt-1.index\" has 18446744073709551615 keys, -3 and 7more");
    CHECK(error.code() == cairn::ErrorCode::data_loss);
    CHECK(error.file() == path);
    CHECK(error.key() == "w");
    CHECK(error.offset() == 12);
    CHECK(error.expected() == "no");
    CHECK(error.found() == "yes");
  }
  CHECK_THROWS_AS(cairn::core::detail::fail(cairn::ErrorCode::internal, {}), cairn::Error);
}

TEST_CASE("parts that do not apply are empty") {
  const cairn::Error error(cairn::ErrorCode::not_found, "no such key");
  CHECK(error.file().empty());
  CHECK_FALSE(error.offset().has_value());
}

TEST_CASE("an error is a std::runtime_error") {
  CHECK_THROWS_AS(throw cairn::Error(cairn::ErrorCode::internal, "x"), std::runtime_error);
}

TEST_CASE("codes have TensorFlow's numbers and words") {
  CHECK(static_cast<int>(cairn::ErrorCode::invalid_argument) == 3);
  CHECK(static_cast<int>(cairn::ErrorCode::data_loss) == 15);
  CHECK(cairn::to_string(cairn::ErrorCode::failed_precondition) == "failed_precondition");
  CHECK(cairn::to_string(static_cast<cairn::ErrorCode>(99)) == "unknown");
}

TEST_CASE("an error is printed with its code before the sentence") {
  const cairn::Error error(cairn::ErrorCode::not_found, "no such key");
  std::ostringstream out;
  out << error.code() << ": " << error.what();
  CHECK(out.str() == "not_found: no such key");
}
