// A zip file, as far as npz files need it (PKWARE's APPNOTE.TXT): ZipReader reads members that are stored or deflated,
// ZipWriter writes stored ones, their bytes as they are.
//
//   local header | name | extra | bytes        for each member
//   central header | name | extra | comment    for each member: what counts
//   [zip64 end, zip64 locator]                 where a size or count does not fit
//   end | comment
//
// Numbers are little-endian. A 16- or 32-bit number that is all ones stands for one of 64 bits in the extra field 1.
#pragma once

#include "../../bundle/detail/piece_writer.hpp"
#include "../../core/error.hpp"
#include "../../format/detail/utf8.hpp"
#include "../../io/file_system.hpp"
#include "crc32.hpp"
#include "inflate.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::exchange::detail {

inline constexpr std::uint32_t zip_local_mark = 0x04034b50, zip_central_mark = 0x02014b50, zip_end_mark = 0x06054b50,
                               zip64_end_mark = 0x06064b50, zip64_locator_mark = 0x07064b50;
inline constexpr std::size_t zip_local_bytes = 30, zip_central_bytes = 46, zip_end_bytes = 22, zip64_end_bytes = 56,
                             zip64_locator_bytes = 20;
inline constexpr std::uint16_t zip_stored = 0, zip_deflated = 8, zip64_extra = 1, zip_utf8_flag = 0x800;
inline constexpr std::uint64_t zip_max16 = 0xffff, zip_max32 = 0xffffffff;

[[nodiscard]] inline std::uint64_t zip_number(std::string_view text, std::size_t at, std::size_t bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes; i-- > 0;) value = value << 8 | static_cast<unsigned char>(text[at + i]);
  return value;
}
inline void append_zip_number(std::string& out, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 255);
}

struct ZipMember {
  std::string name;
  std::uint16_t method = zip_stored;
  std::uint32_t crc32 = 0;
  std::uint64_t packed_bytes = 0, bytes = 0;
  std::uint64_t offset = 0;  // of its local header
};

// Reads the members of a zip file. The directory at its end is read and checked at once; members must lie apart, so that
// a small file cannot pretend to be a large one.
class ZipReader {
 public:
  // Throws Error: not_found; data_loss for what is no zip file, or is damaged; unimplemented for encrypted members,
  // other compressions, and files in several parts.
  ZipReader(io::FileSystem& files, std::string path) : path_(std::move(path)), file_(files.open(path_)) {
    read_directory();
    require_apart();
  }

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  // In the order of the directory.
  [[nodiscard]] const std::vector<ZipMember>& members() const noexcept { return members_; }

  // Gives all bytes of a member to use(bytes) -> whether it wants more, in pieces. Throws Error (data_loss) when they
  // are not what was written: that is known only at the end.
  void read(const ZipMember& member, const std::function<bool(std::span<const std::byte>)>& use) const {
    std::uint64_t at = data_offset(member), rest = member.packed_bytes;
    std::vector<std::byte> buffer(static_cast<std::size_t>(std::min<std::uint64_t>(rest, io::piece_bytes)));
    const auto read_more = [&] {
      const auto piece =
          std::span(buffer).first(static_cast<std::size_t>(std::min<std::uint64_t>(rest, buffer.size())));
      file_->read(at, piece);
      at += piece.size();
      rest -= piece.size();
      return std::span<const std::byte>(piece);
    };
    std::uint64_t count = 0;
    std::uint32_t crc = 0;
    const auto give = [&](std::span<const std::byte> piece) {
      if (piece.size() > member.bytes - count) throw damaged("\"" + member.name + "\" is longer than it says");
      count += piece.size();
      crc = extend_crc32(crc, piece);
      return use(piece);
    };
    bool is_whole = true;
    if (member.method == zip_deflated)
      is_whole = Inflate(read_more, give, path_).run();
    else
      while (is_whole && rest > 0) is_whole = give(read_more());
    if (!is_whole) return;
    if (count != member.bytes || rest != 0) throw damaged("\"" + member.name + "\" is not as long as it says");
    if (crc != member.crc32) throw damaged("the bytes of \"" + member.name + "\" do not have their checksum");
  }

 private:
  [[nodiscard]] Error damaged(const std::string& problem) const {
    return Error(ErrorCode::data_loss, "\"" + path_ + "\" is no sound zip file: " + problem).in_file(path_);
  }
  [[nodiscard]] std::string text_at(std::uint64_t offset, std::uint64_t bytes) const {
    if (offset > file_->size() || bytes > file_->size() - offset) throw damaged("it ends too early");
    std::string text(static_cast<std::size_t>(bytes), '\0');
    file_->read(offset, std::as_writable_bytes(std::span(text)));
    return text;
  }

  void read_directory() {
    const std::uint64_t tail_bytes = std::min<std::uint64_t>(file_->size(), zip_end_bytes + zip_max16);
    const std::string tail = text_at(file_->size() - tail_bytes, tail_bytes);
    std::size_t end = tail.size();
    for (std::size_t at = tail.size() < zip_end_bytes ? 0 : tail.size() - zip_end_bytes + 1; at-- > 0;)
      if (zip_number(tail, at, 4) == zip_end_mark && zip_number(tail, at + 20, 2) == tail.size() - at - zip_end_bytes) {
        end = at;
        break;
      }
    if (end == tail.size()) throw damaged("it has no directory at its end");
    std::uint64_t disk = zip_number(tail, end + 4, 2) | zip_number(tail, end + 6, 2);
    std::uint64_t count = zip_number(tail, end + 10, 2), size = zip_number(tail, end + 12, 4),
                  offset = zip_number(tail, end + 16, 4);
    directory_end_ = file_->size() - tail_bytes + end;
    const bool is_zip64 = directory_end_ >= zip64_locator_bytes &&
                          (count == zip_max16 || size == zip_max32 || offset == zip_max32) &&
                          zip_number(text_at(directory_end_ - zip64_locator_bytes, 4), 0, 4) == zip64_locator_mark;
    if (is_zip64) {
      const std::string locator = text_at(directory_end_ - zip64_locator_bytes, zip64_locator_bytes);
      const std::uint64_t end64 = zip_number(locator, 8, 8);
      const std::string text = text_at(end64, zip64_end_bytes);
      if (zip_number(text, 0, 4) != zip64_end_mark) throw damaged("its zip64 directory is not where it should be");
      disk = zip_number(locator, 4, 4) | zip_number(text, 16, 4) | zip_number(text, 20, 4);
      count = zip_number(text, 32, 8);
      size = zip_number(text, 40, 8);
      offset = zip_number(text, 48, 8);
      directory_end_ = end64;
    }
    if (disk != 0)
      throw Error(ErrorCode::unimplemented, "\"" + path_ + "\" is one part of a zip file of several; join them first")
          .in_file(path_);
    if (offset > directory_end_ || size > directory_end_ - offset || count > size / zip_central_bytes)
      throw damaged("its directory is not inside of it");
    directory_ = offset;
    const std::string directory = text_at(offset, size);
    members_.reserve(static_cast<std::size_t>(count));
    std::size_t at = 0;
    for (; count > 0; --count) members_.push_back(read_member(directory, at));
    if (at != directory.size()) throw damaged("its directory has another length than it says");
  }

  [[nodiscard]] ZipMember read_member(std::string_view directory, std::size_t& at) const {
    const std::string_view rest = directory.substr(at);
    if (rest.size() < zip_central_bytes || zip_number(rest, 0, 4) != zip_central_mark)
      throw damaged("its directory is broken");
    const std::uint64_t name_bytes = zip_number(rest, 28, 2), extra_bytes = zip_number(rest, 30, 2),
                        comment_bytes = zip_number(rest, 32, 2);
    if (name_bytes + extra_bytes + comment_bytes > rest.size() - zip_central_bytes)
      throw damaged("its directory is broken");
    ZipMember member;
    member.name = rest.substr(zip_central_bytes, static_cast<std::size_t>(name_bytes));
    member.method = static_cast<std::uint16_t>(zip_number(rest, 10, 2));
    member.crc32 = static_cast<std::uint32_t>(zip_number(rest, 16, 4));
    member.packed_bytes = zip_number(rest, 20, 4);
    member.bytes = zip_number(rest, 24, 4);
    member.offset = zip_number(rest, 42, 4);
    read_zip64(
        rest.substr(zip_central_bytes + static_cast<std::size_t>(name_bytes), static_cast<std::size_t>(extra_bytes)),
        member);
    if ((zip_number(rest, 8, 2) & 1) != 0 || (member.method != zip_stored && member.method != zip_deflated))
      throw Error(ErrorCode::unimplemented,
                  "the member \"" + member.name + "\" of \"" + path_ +
                      "\" is encrypted, or compressed in another way than numpy does; save it "
                      "with numpy.savez or numpy.savez_compressed")
          .in_file(path_)
          .at_key(member.name);
    if (member.method == zip_stored && member.packed_bytes != member.bytes)
      throw damaged("\"" + member.name + "\" has two sizes");
    // No deflated stream says more than 1032 bytes with one.
    constexpr std::uint64_t most_of_one = 1032;
    if (member.bytes / most_of_one > member.packed_bytes)
      throw damaged("\"" + member.name + "\" is longer than it can be");
    at += static_cast<std::size_t>(zip_central_bytes + name_bytes + extra_bytes + comment_bytes);
    return member;
  }
  void read_zip64(std::string_view extra, ZipMember& member) const {
    while (extra.size() >= 4) {
      const auto bytes = static_cast<std::size_t>(zip_number(extra, 2, 2));
      if (bytes > extra.size() - 4) throw damaged("its directory is broken");
      std::string_view field = extra.substr(4, bytes);
      if (zip_number(extra, 0, 2) == zip64_extra)
        for (std::uint64_t* const number : {&member.bytes, &member.packed_bytes, &member.offset}) {
          if (*number != zip_max32) continue;
          if (field.size() < 8) throw damaged("its directory is broken");
          *number = zip_number(field, 0, 8);
          field.remove_prefix(8);
        }
      extra.remove_prefix(4 + bytes);
    }
  }

  // Where the bytes begin. Throws Error (data_loss) unless the local header is that member's.
  [[nodiscard]] std::uint64_t data_offset(const ZipMember& member) const {
    const std::string local = text_at(member.offset, zip_local_bytes);
    const std::uint64_t name_bytes = zip_number(local, 26, 2), extra_bytes = zip_number(local, 28, 2);
    const bool is_its = zip_number(local, 0, 4) == zip_local_mark && zip_number(local, 8, 2) == member.method &&
                        name_bytes == member.name.size() &&
                        text_at(member.offset + zip_local_bytes, name_bytes) == member.name;
    if (!is_its) throw damaged("\"" + member.name + "\" is not where the directory says");
    return member.offset + zip_local_bytes + name_bytes + extra_bytes;
  }
  void require_apart() const {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;
    std::set<std::string_view> names;
    for (const ZipMember& member : members_) {
      if (!names.insert(member.name).second) throw damaged("it has \"" + member.name + "\" twice");
      const std::uint64_t begin = data_offset(member);
      if (begin > directory_ || member.packed_bytes > directory_ - begin)
        throw damaged("\"" + member.name + "\" is not inside of it");
      ranges.emplace_back(member.offset, begin + member.packed_bytes);
    }
    std::sort(ranges.begin(), ranges.end());
    for (std::size_t i = 1; i < ranges.size(); ++i)
      if (ranges[i].first < ranges[i - 1].second) throw damaged("its members share bytes");
  }

  std::string path_;
  std::unique_ptr<const io::ReadableFile> file_;
  std::vector<ZipMember> members_;
  std::uint64_t directory_ = 0, directory_end_ = 0;
};

// Writes a zip file: one member after the other, then finish().
class ZipWriter {
 public:
  // `path` is for messages.
  ZipWriter(io::WritableFile& file, std::string path) : file_(&file), path_(std::move(path)), out_(file, 0) {}

  // `write(append)` gives all bytes to append(bytes). Throws Error: invalid_argument for a name that is too long.
  template <class Write>
  void add(std::string name, Write write) {
    if (name.size() > zip_max16)
      throw Error(ErrorCode::invalid_argument, "a name of " + std::to_string(name.size()) +
                                                   " bytes is too long for \"" + path_ + "\"; rename the value first")
          .in_file(path_)
          .at_key(name);
    ZipMember member{.name = std::move(name), .offset = at_};
    // The header's size does not depend on what is not known yet. A small member waits until all is known.
    const std::uint64_t begin = at_ + local_header(member).size();
    bool is_small = true;
    small_.clear();
    write([&](std::span<const std::byte> bytes) {
      constexpr std::size_t most = std::size_t{64} << 10;
      member.crc32 = extend_crc32(member.crc32, bytes);
      member.bytes += bytes.size();
      if (is_small && member.bytes <= most)
        return static_cast<void>(small_.insert(small_.end(), bytes.begin(), bytes.end()));
      if (std::exchange(is_small, false)) {
        out_.flush();
        out_.move_to(begin);
        out_.append(small_);
      }
      out_.append(bytes);
    });
    member.packed_bytes = member.bytes;
    const std::string header = local_header(member);
    if (is_small) {
      out_.append(std::as_bytes(std::span(header)));
      out_.append(small_);
    } else {
      out_.flush();
      file_->write(at_, std::as_bytes(std::span(header)));
    }
    at_ = begin + member.bytes;
    append_central_header(directory_, member);
    ++count_;
  }

  void finish() {
    std::string& text = directory_;
    const std::uint64_t size = text.size(), count = count_;
    if (at_ >= zip_max32 || size >= zip_max32 || count >= zip_max16) {
      const std::uint64_t end64 = at_ + size;
      append(text, {{zip64_end_mark, 4}, {zip64_end_bytes - 12, 8}, {45, 2}, {45, 2}, {0, 4}, {0, 4}});
      append(text, {{count, 8}, {count, 8}, {size, 8}, {at_, 8}});
      append(text, {{zip64_locator_mark, 4}, {0, 4}, {end64, 8}, {1, 4}});
    }
    append(text, {{zip_end_mark, 4}, {0, 4}, {std::min(count, zip_max16), 2}, {std::min(count, zip_max16), 2}});
    append(text, {{std::min(size, zip_max32), 4}, {std::min(at_, zip_max32), 4}, {0, 2}});
    out_.append(std::as_bytes(std::span(text)));
    out_.flush();
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
  bundle::detail::PieceWriter out_;  // stands at at_
  std::vector<std::byte> small_;     // of a member that may be small
  std::string directory_;            // what stands behind all members
  std::uint64_t count_ = 0;
};

}  // namespace CAIRN_NAMESPACE::exchange::detail
