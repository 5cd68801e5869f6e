#include <cairn/format/detail/message_writer.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

using namespace cairn::format;

TEST_CASE("fields that are written in place are those that are appended one by one") {
  for (const std::int64_t number :
       {std::int64_t{0}, std::int64_t{1}, std::int64_t{127}, std::int64_t{128}, std::int64_t{1} << 35, std::int64_t{-1},
        std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()})
    for (const std::size_t length : {0u, 1u, 100u, 127u, 128u, 20000u}) {
      CAPTURE(number);
      CAPTURE(length);
      const std::string text(length, 'x');
      const auto crc = static_cast<std::uint32_t>(number);
      std::string appended = "before";
      append_int64(appended, 1, number);
      append_message(appended, 16, [&](std::string& outer) {
        append_text(outer, 2, text);
        append_message(outer, 2047, [&](std::string& inner) {
          append_set_int64(inner, 3, number);
          append_fixed32_field(inner, 6, crc);
        });
        append_message(outer, 4, [](std::string&) {});
      });
      appended += "unknown";

      std::string written = "before";
      cairn::format::detail::append_fields(written, [&](auto& fields) {
        fields.number(1, number);
        fields.message(16, [&](auto& outer) {
          outer.text(2, text);
          outer.message(2047, [&](auto& inner) {
            inner.set_number(3, number);
            inner.fixed32(6, crc);
          });
          outer.message(4, [](auto&) {});
        });
        fields.raw("unknown");
        fields.raw("");
      });
      CHECK((written == appended));
    }
}

TEST_CASE("a text that is not UTF-8 is not written in place either") {
  std::optional<cairn::ErrorCode> code;
  std::string out;
  try {
    cairn::format::detail::append_fields(out, [](auto& fields) { fields.text(1, "\xc3\x28"); });
  } catch (const cairn::Error& error) {
    code = error.code();
  }
  CHECK(code == cairn::ErrorCode::invalid_argument);
}
