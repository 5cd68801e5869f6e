// Problem, and readers of a file's bytes for the compiler.
//
// The readers of format/ throw an Error with a text, which a constant expression cannot. These readers are their small
// twins, and tests/schema/corpus.cpp compares both. They never throw: a reader remembers the first Problem and its
// place, and reads nothing more. They take few steps, because compilers limit the steps of a constant expression.
#pragma once

#include "../../version.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace CAIRN_NAMESPACE::schema::detail {

// The reason why a file cannot be read. Each name completes the words "the file cannot be read because".
enum class Problem {
  none,
  it_has_fewer_than_48_bytes,
  its_last_8_bytes_are_not_those_of_an_index,  // it was cut, changed by a text tool, or is another file
  it_points_outside_of_itself,
  it_is_compressed,  // with snappy, which the compiler does not read
  it_ends_in_the_middle_of_a_number,
  it_has_a_number_that_does_not_fit,
  it_announces_more_bytes_than_it_has,
  it_has_a_block_without_room_for_its_restart_points,
  it_has_a_restart_point_that_is_no_beginning_of_an_entry,
  it_has_a_key_that_shares_more_than_the_key_before_it_has,
  it_has_keys_that_are_not_in_order,
  it_has_a_message_that_cannot_be_read,
  it_has_no_header,
  it_is_of_a_version_too_new,
  it_has_a_dtype_that_does_not_exist,
  it_has_an_extent_below_zero,
  it_has_no_key_for_an_object_graph,
  the_object_graph_is_not_the_one_of_this_index,
  the_object_graph_has_no_nodes,
  the_object_graph_has_an_edge_to_no_node,
};

}  // namespace CAIRN_NAMESPACE::schema::detail

namespace CAIRN_NAMESPACE::schema::detail {

using detail::Problem;
inline constexpr std::size_t problem_count = static_cast<std::size_t>(Problem::the_object_graph_has_an_edge_to_no_node);

struct FileBytes {
  const unsigned char* data = nullptr;
  std::size_t size = 0;
};

// memcmp. Compilers take one step for the builtin, and many for a loop. g++ knows the builtin's result in a constant
// expression where both are arrays or text, and not where they are in a std::array.
[[nodiscard]] constexpr int compare_bytes(const unsigned char* a, const unsigned char* b, std::size_t size) noexcept {
  if (size == 0) return 0;
#if defined(_MSC_VER) && !defined(__clang__)
  if (std::is_constant_evaluated()) {
    for (std::size_t i = 0; i < size; ++i)
      if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
    return 0;
  }
#elif !defined(__clang__)
  if (std::is_constant_evaluated() && !__builtin_constant_p(__builtin_memcmp(a, b, size))) {
    for (std::size_t i = 0; i < size; ++i)
      if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
    return 0;
  }
#endif
  return __builtin_memcmp(a, b, size);
}
[[nodiscard]] constexpr bool is_less(const FileBytes& a, const FileBytes& b) noexcept {
  const int order = compare_bytes(a.data, b.data, a.size < b.size ? a.size : b.size);
  return order != 0 ? order < 0 : a.size < b.size;
}
// Compares in a loop, because the text may be in memory that exists only during the evaluation.
[[nodiscard]] constexpr bool is_same(const FileBytes& a, std::string_view b) noexcept {
  if (a.size != b.size()) return false;
  for (std::size_t i = 0; i < a.size; ++i)
    if (a.data[i] != static_cast<unsigned char>(b[i])) return false;
  return true;
}
// Reads from the front of bytes that are not trusted. After a problem the reader is at its end, and every number that
// it returns is zero.
class StaticReader {
 public:
  constexpr StaticReader() = default;
  constexpr explicit StaticReader(FileBytes bytes) noexcept : begin_(bytes.data), at_(bytes.data), left_(bytes.size) {}

  [[nodiscard]] constexpr bool empty() const noexcept { return left_ == 0; }
  [[nodiscard]] constexpr Problem problem() const noexcept { return problem_; }
  [[nodiscard]] constexpr std::size_t position() const noexcept { return static_cast<std::size_t>(at_ - begin_); }

  constexpr void fail(Problem problem) noexcept {
    if (problem_ == Problem::none) problem_ = problem;
    left_ = 0;
  }

  [[nodiscard]] constexpr std::uint64_t read_varint() noexcept {
    if (left_ != 0 && *at_ < 0x80) {  // most numbers are small
      --left_;
      return *at_++;
    }
    std::uint64_t value = 0;
    for (unsigned shift = 0; left_ != 0; shift += 7) {
      const std::uint64_t byte = *at_;
      if (shift == 63 && byte > 1) break;
      value |= (byte & 0x7f) << shift;
      ++at_;
      --left_;
      if (byte < 0x80) return value;
    }
    fail(left_ == 0 ? Problem::it_ends_in_the_middle_of_a_number : Problem::it_has_a_number_that_does_not_fit);
    return 0;
  }
  [[nodiscard]] constexpr std::uint32_t read_varint32() noexcept {
    const std::uint64_t value = read_varint();
    if (value > 0xffffffffu) {
      fail(Problem::it_has_a_number_that_does_not_fit);
      return 0;
    }
    return static_cast<std::uint32_t>(value);
  }
  [[nodiscard]] constexpr std::uint32_t read_fixed32() noexcept {
    const FileBytes digits = read_bytes(4);
    if (digits.size == 0) return 0;
    return digits.data[0] | static_cast<std::uint32_t>(digits.data[1]) << 8 |
           static_cast<std::uint32_t>(digits.data[2]) << 16 | static_cast<std::uint32_t>(digits.data[3]) << 24;
  }
  // Returns the next `size` bytes, or none and a problem where there are fewer.
  [[nodiscard]] constexpr FileBytes read_bytes(std::uint64_t size) noexcept {
    if (size > left_) {
      fail(Problem::it_announces_more_bytes_than_it_has);
      return {at_, 0};
    }
    const FileBytes bytes{at_, static_cast<std::size_t>(size)};
    at_ += bytes.size;
    left_ -= bytes.size;
    return bytes;
  }

 private:
  const unsigned char* begin_ = nullptr;
  const unsigned char* at_ = nullptr;
  std::size_t left_ = 0;
  Problem problem_ = Problem::none;
};

// Reads the fields of a protobuf message, like format::FieldReader. Call next(), and ask is_varint or is_bytes for the
// field's number; a field that nobody asks for is skipped.
class StaticFields {
 public:
  constexpr explicit StaticFields(FileBytes message) noexcept : reader_(message) {}

  [[nodiscard]] constexpr Problem problem() const noexcept { return reader_.problem(); }

  // Goes to the next field and reads it; false at the end and after a problem.
  [[nodiscard]] constexpr bool next() noexcept {
    if (reader_.empty()) return false;
    tag_ = reader_.read_varint32();
    if (tag_ < 8 && reader_.problem() == Problem::none) reader_.fail(Problem::it_has_a_message_that_cannot_be_read);
    read_value(0);
    return reader_.problem() == Problem::none;
  }
  [[nodiscard]] constexpr bool is_varint(std::uint32_t number) const noexcept { return tag_ == number << 3; }
  [[nodiscard]] constexpr bool is_bytes(std::uint32_t number) const noexcept { return tag_ == (number << 3 | 2); }
  [[nodiscard]] constexpr std::int64_t number() const noexcept { return static_cast<std::int64_t>(number_); }
  [[nodiscard]] constexpr FileBytes bytes() const noexcept { return bytes_; }

 private:
  static constexpr int max_nesting = 100;  // protobuf's own limit

  constexpr void read_value(int depth) noexcept {
    switch (tag_ & 7) {
      case 0:
        number_ = reader_.read_varint();
        return;
      case 1:
        bytes_ = reader_.read_bytes(8);
        return;
      case 2:
        bytes_ = reader_.read_bytes(reader_.read_varint());
        return;
      case 3:
        skip_group(depth);
        return;
      case 5:
        bytes_ = reader_.read_bytes(4);
        return;
      default:
        reader_.fail(Problem::it_has_a_message_that_cannot_be_read);
    }
  }
  constexpr void skip_group(int depth) noexcept {
    const std::uint32_t group = tag_;
    if (depth >= max_nesting) reader_.fail(Problem::it_has_a_message_that_cannot_be_read);
    while (reader_.problem() == Problem::none) {
      tag_ = reader_.read_varint32();
      if (tag_ == group + 1) {
        tag_ = group;
        return;
      }
      if (tag_ < 8) reader_.fail(Problem::it_has_a_message_that_cannot_be_read);
      read_value(depth + 1);
    }
  }

  StaticReader reader_;
  std::uint32_t tag_ = 0;
  std::uint64_t number_ = 0;
  FileBytes bytes_{};
};

}  // namespace CAIRN_NAMESPACE::schema::detail
