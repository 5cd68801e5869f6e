// Writes a zip file of stored members: their bytes as they are.
#pragma once

#include "../../bundle/detail/piece_writer.hpp"
#include "../../core/error.hpp"
#include "../../format/detail/utf8.hpp"
#include "crc32.hpp"
#include "zip_format.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace cairn::exchange::detail {

// One member after the other, then finish().
class ZipWriter {
 public:
  // `path` is for messages.
  ZipWriter(io::WritableFile& file, std::string path) : file_(&file), path_(std::move(path)) {}

  // `write(append)` gives all bytes to append(bytes). Throws Error: invalid_argument for a name that is too long.
  template <class Write>
  void add(std::string name, Write write) {
    if (name.size() > zip_max16)
      throw Error(ErrorCode::invalid_argument, "a name of " + std::to_string(name.size()) +
                                                   " bytes is too long for \"" + path_ + "\"; rename the value first")
          .in_file(path_)
          .at_key(name);
    ZipMember member{.name = std::move(name), .offset = at_};
    // The header's size does not depend on what is not known yet.
    bundle::detail::PieceWriter out(*file_, at_ + local_header(member).size());
    write([&](std::span<const std::byte> bytes) {
      member.crc32 = extend_crc32(member.crc32, bytes);
      member.bytes += bytes.size();
      out.append(bytes);
    });
    out.flush();
    member.packed_bytes = member.bytes;
    const std::string header = local_header(member);
    file_->write(at_, std::as_bytes(std::span(header)));
    at_ += header.size() + member.bytes;
    members_.push_back(std::move(member));
  }

  void finish() {
    std::string text;
    for (const ZipMember& member : members_) append_central_header(text, member);
    const std::uint64_t size = text.size(), count = members_.size();
    if (at_ >= zip_max32 || size >= zip_max32 || count >= zip_max16) {
      const std::uint64_t end64 = at_ + size;
      append(text, {{zip64_end_mark, 4}, {zip64_end_bytes - 12, 8}, {45, 2}, {45, 2}, {0, 4}, {0, 4}});
      append(text, {{count, 8}, {count, 8}, {size, 8}, {at_, 8}});
      append(text, {{zip64_locator_mark, 4}, {0, 4}, {end64, 8}, {1, 4}});
    }
    append(text, {{zip_end_mark, 4}, {0, 4}, {std::min(count, zip_max16), 2}, {std::min(count, zip_max16), 2}});
    append(text, {{std::min(size, zip_max32), 4}, {std::min(at_, zip_max32), 4}, {0, 2}});
    bundle::detail::PieceWriter out(*file_, at_);
    out.append(std::as_bytes(std::span(text)));
    out.flush();
  }

 private:
  struct Number {
    std::uint64_t value;
    std::size_t bytes;
  };
  static void append(std::string& out, std::initializer_list<Number> numbers) {
    for (const Number& number : numbers) append_zip_number(out, number.value, number.bytes);
  }
  [[nodiscard]] static std::uint64_t flags(const ZipMember& member) {
    return format::detail::is_valid_utf8(member.name) ? zip_utf8_flag : 0;
  }
  static constexpr std::uint64_t first_of_january_1980 = 0x21;

  // Sizes stand in the extra field always, as numpy writes them, because they are not known before.
  [[nodiscard]] static std::string local_header(const ZipMember& member) {
    std::string text;
    append(text,
           {{zip_local_mark, 4}, {45, 2}, {flags(member), 2}, {zip_stored, 2}, {0, 2}, {first_of_january_1980, 2}});
    append(text, {{member.crc32, 4}, {zip_max32, 4}, {zip_max32, 4}, {member.name.size(), 2}, {20, 2}});
    text += member.name;
    append(text, {{zip64_extra, 2}, {16, 2}, {member.bytes, 8}, {member.packed_bytes, 8}});
    return text;
  }
  static void append_central_header(std::string& text, const ZipMember& member) {
    std::string extra;
    if (member.bytes >= zip_max32) append(extra, {{member.bytes, 8}, {member.packed_bytes, 8}});
    if (member.offset >= zip_max32) append(extra, {{member.offset, 8}});
    const std::uint64_t extra_bytes = extra.empty() ? 0 : 4 + extra.size();
    append(text, {{zip_central_mark, 4}, {45 + (3 << 8), 2}, {45, 2}, {flags(member), 2}, {zip_stored, 2}, {0, 2}});
    append(text, {{first_of_january_1980, 2}, {member.crc32, 4}});
    const std::uint64_t bytes = std::min(member.bytes, zip_max32);
    constexpr std::uint64_t rw_for_owner = std::uint64_t{0600} << 16;
    append(text, {{bytes, 4}, {bytes, 4}, {member.name.size(), 2}, {extra_bytes, 2}, {0, 2}, {0, 2}, {0, 2}});
    append(text, {{rw_for_owner, 4}, {std::min(member.offset, zip_max32), 4}});
    text += member.name;
    if (!extra.empty()) append(text, {{zip64_extra, 2}, {extra.size(), 2}});
    text += extra;
  }

  io::WritableFile* file_;
  std::string path_;
  std::uint64_t at_ = 0;
  std::vector<ZipMember> members_;
};

}  // namespace cairn::exchange::detail
