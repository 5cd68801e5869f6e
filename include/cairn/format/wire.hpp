// Protobuf's wire format: the fields of a message, read one after the other. field_writer.hpp writes them.
//
//   field = varint (number << 3 | wire type), then   0 varint | 1 fixed64 | 2 varint length, bytes | 5 fixed32
//           3 ... 4 are the brackets of groups, which no writer uses any more; they are skipped
//
// The messages themselves are in bundle_messages.hpp and object_graph.hpp.
#pragma once

#include "detail/utf8.hpp"
#include "varint.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE::format {

// The form of a field's value, by protobuf's numbers.
enum class WireType : std::uint32_t {
  varint = 0,
  fixed64 = 1,
  length_delimited = 2,
  start_group = 3,
  end_group = 4,
  fixed32 = 5,
};

// Goes over the fields of one message. The rules are protobuf's: a field of unknown number, or with another wire type
// than its declared one, is unknown and skipped. A field may occur more than once; whether the last one wins or all are
// merged is decided by the caller, who sees each. Every member that reads throws Error with ErrorCode::data_loss for
// damage.
//
//   FieldReader fields(bytes, "the entry");
//   while (fields.next())
//     if (fields.is(4, WireType::varint)) entry.offset = fields.read_int64();
//     else fields.skip(&unknown);
class FieldReader {
 public:
  // `subject` and `base` are for messages, as with ByteReader; neither the message nor the subject is copied.
  explicit FieldReader(std::string_view message, std::string_view subject, std::uint64_t base = 0) noexcept
      : reader_(message, subject, base) {}

  // Goes to the next field and reads its tag; returns false at the end. The field must then be read or skipped, exactly
  // once.
  [[nodiscard]] bool next() {
    if (reader_.empty()) return false;
    begin_ = reader_.position();
    read_tag();
    return true;
  }

  // These describe the present field.
  [[nodiscard]] std::uint32_t number() const noexcept { return number_; }
  [[nodiscard]] WireType type() const noexcept { return type_; }
  [[nodiscard]] bool is(std::uint32_t number, WireType type) const noexcept {
    return number_ == number && type_ == type;
  }

  // These read the value of the present field, whose wire type must fit.
  [[nodiscard]] std::uint64_t read_uint64() { return reader_.read_varint64(); }
  [[nodiscard]] std::int64_t read_int64() { return static_cast<std::int64_t>(reader_.read_varint64()); }
  // Reads an int32 or enum: the low 32 bits of the number, as protobuf does. (Negative ones are written with 64 bits.)
  [[nodiscard]] std::int32_t read_int32() {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(reader_.read_varint64()));
  }
  [[nodiscard]] bool read_bool() { return reader_.read_varint64() != 0; }
  [[nodiscard]] std::uint32_t read_fixed32() { return reader_.read_fixed32(); }
  // Returns the four or eight bytes of a fixed32 or fixed64, in place.
  [[nodiscard]] std::string_view read_fixed() { return reader_.read_bytes(type_ == WireType::fixed32 ? 4 : 8); }

  // Returns the bytes of a sub-message, string or bytes field, in place.
  [[nodiscard]] std::string_view read_bytes() { return reader_.read_bytes(reader_.read_varint64()); }
  // Returns a string, in place. Throws Error with ErrorCode::data_loss for text that is not UTF-8, as protobuf demands.
  [[nodiscard]] std::string_view read_string() {
    const std::string_view text = read_bytes();
    if (!detail::is_valid_utf8(text)) reader_.fail("a name is not UTF-8");
    return text;
  }
  // Returns a reader of the sub-message. Its errors count offsets from the beginning of the outermost message.
  [[nodiscard]] FieldReader read_message() {
    const std::string_view message = read_bytes();
    return FieldReader(message, reader_.subject(), reader_.offset() - message.size());
  }

  // Passes over the field.
  void skip() { skip_value(number_, type_, 0); }
  // Passes over the field and appends its bytes, tag included, to `*unknown`, a std::string or a type like it.
  template <class Text>
  void skip(Text* unknown) {
    skip();
    unknown->append(reader_.bytes().substr(begin_, reader_.position() - begin_));
  }

  // Returns the number of fields of this number and type that are ahead, for reserving memory; each takes at least two
  // bytes of the message. Counting stops at damage, which the reads will find.
  [[nodiscard]] std::size_t count(std::uint32_t number, WireType type) const {
    FieldReader ahead = *this;
    std::size_t result = 0;
    try {
      for (; ahead.next(); ahead.skip())
        if (ahead.is(number, type)) ++result;
    } catch (const Error&) {}
    return result;
  }

  // Throws Error with ErrorCode::data_loss at the field that was read last, or at the first one.
  [[noreturn]] void fail(std::string_view problem) const { reader_.fail(problem); }
  [[noreturn]] void fail(std::initializer_list<core::detail::Words> problem) const { reader_.fail(problem); }

  static constexpr int max_nesting = 100;  // protobuf's own limit

 private:
  void read_tag() {
    const std::uint32_t tag = reader_.read_varint32();
    number_ = tag >> 3;
    type_ = static_cast<WireType>(tag & 7);
    if (number_ == 0 || (tag & 7) > 5) fail_tag(tag);
  }
  [[noreturn]] void fail_tag(std::uint32_t tag) const {
    if (number_ == 0) reader_.fail({"a field has number 0"});
    reader_.fail({"a field has wire type ", tag & 7, ", which does not exist"});
  }

  void skip_value(std::uint32_t number, WireType type, int depth) {
    switch (type) {
      case WireType::varint:
        static_cast<void>(reader_.read_varint64());
        return;
      case WireType::fixed64:
        static_cast<void>(reader_.read_bytes(8));
        return;
      case WireType::length_delimited:
        static_cast<void>(read_bytes());
        return;
      case WireType::fixed32:
        static_cast<void>(reader_.read_bytes(4));
        return;
      case WireType::end_group:
        reader_.fail("a group ends that never began");
      case WireType::start_group:
        if (depth >= max_nesting) reader_.fail("groups are nested more than 100 deep");
        for (read_tag(); type_ != WireType::end_group; read_tag()) skip_value(number_, type_, depth + 1);
        if (number_ != number) reader_.fail("a group ends with another number than it began");
        return;
    }
  }

  ByteReader reader_;
  std::size_t begin_ = 0;
  std::uint32_t number_ = 0;
  WireType type_ = WireType::varint;
};

// Throws Error with ErrorCode::invalid_argument for text that is not UTF-8, because no reader of protobuf would accept
// it.
inline void require_utf8(std::string_view text) {
  if (!detail::is_valid_utf8(text))
    core::detail::fail(ErrorCode::invalid_argument, {"a name is not UTF-8, which TensorFlow demands of every name: \"",
                                                     text, "\"; choose another name"});
}

}  // namespace CAIRN_NAMESPACE::format
