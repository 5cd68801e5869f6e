#include <cairn/format/field_writer.hpp>

#include "support/append_fields.hpp"

#include <doctest/doctest.h>

#include <cstddef>
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
    for (const std::size_t length : {0u, 1u, 100u, 127u, 128u, 129u, 16383u, 16384u, 20000u, 3000000u}) {
      CAPTURE(number);
      CAPTURE(length);
      const std::string text(length, 'x');
      const auto crc = static_cast<std::uint32_t>(number);
      std::string appended = "before";
      support::append_int64(appended, 1, number);
      support::append_message(appended, 16, [&](std::string& outer) {
        support::append_text(outer, 2, text);
        support::append_message(outer, 2047, [&](std::string& inner) {
          support::append_set_int64(inner, 3, number);
          support::append_fixed32_field(inner, 6, crc);
        });
        support::append_message(outer, 4, [](std::string&) {});
        support::append_message(outer, 5, [&](std::string& packed) {
          append_varint(packed, static_cast<std::uint64_t>(number));
          append_varint(packed, 300);
        });
      });
      appended += "unknown";

      std::string written = "before";
      const auto write = [&](FieldWriter& fields) {
        fields.number(1, number);
        const std::size_t outer = fields.begin_message(16);
        fields.text(2, text);
        const std::size_t inner = fields.begin_message(2047);
        fields.set_number(3, number);
        fields.fixed32(6, crc);
        fields.end_message(inner);
        const std::size_t empty = fields.begin_message(4);
        fields.end_message(empty);
        const std::size_t packed = fields.begin_message(5);
        fields.packed_number(number);
        fields.packed_number(300);
        fields.end_message(packed);
        fields.end_message(outer);
        fields.raw("unknown");
        fields.raw("");
        fields.finish();
      };
      FieldWriter fields(written);
      write(fields);
      CHECK((written == appended));
      written.resize(6);
      FieldWriter expected(written, 3 * length + 100);  // more than there will be, and for short ones too little
      write(expected);
      CHECK((written == appended));
    }
}

TEST_CASE("proto3 leaves zeros out, unless they are set") {
  const auto written = [](void (*write)(FieldWriter&)) {
    std::string out;
    FieldWriter fields(out);
    write(fields);
    fields.finish();
    return out;
  };
  CHECK(written([](FieldWriter& fields) {
          fields.number(1, 0);
          fields.fixed32(2, 0);
          fields.text(3, "");
          fields.bytes(4, "");
        }).empty());
  CHECK(written([](FieldWriter& fields) { fields.set_number(1, 0); }) == std::string_view("\x08\x00", 2));
  CHECK(written([](FieldWriter& fields) { fields.number(1, -1); }) == "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
  CHECK(written([](FieldWriter& fields) { fields.fixed32(6, 0x04030201u); }) == "\x35\x01\x02\x03\x04");
}

TEST_CASE("a text that is not UTF-8 is not written") {
  std::optional<cairn::ErrorCode> code;
  std::string out;
  try {
    FieldWriter(out).text(1, "\xc3\x28");
  } catch (const cairn::Error& error) {
    code = error.code();
  }
  CHECK(code == cairn::ErrorCode::invalid_argument);
}
