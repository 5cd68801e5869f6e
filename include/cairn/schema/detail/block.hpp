// StaticBlock: reads one block of an index in a constant expression, as format/block.hpp does at run time.
//
//   StaticBlock block(bytes);
//   while (block.next()) use(block.shared(), block.rest(), block.value());
//   if (block.problem() != Problem::none) ...
//
// A key is not put together: it is the number of bytes that it shares with the key before it, and the rest. The caller
// checks the order of the keys.
#pragma once

#include "bytes.hpp"

#include <cstddef>
#include <cstdint>

namespace CAIRN_NAMESPACE::schema::detail {

class StaticBlock {
 public:
  // The block without its trailer.
  constexpr explicit StaticBlock(FileBytes block) {
    if (block.size < 4)
      entries_.fail(Problem::it_has_a_block_without_room_for_its_restart_points);
    else
      find_restarts(block);
  }

  [[nodiscard]] constexpr Problem problem() const noexcept { return entries_.problem(); }
  // The present entry: the number of bytes that its key shares with the key before it, the rest of the key, and the
  // value.
  [[nodiscard]] constexpr std::size_t shared() const noexcept { return shared_; }
  [[nodiscard]] constexpr FileBytes rest() const noexcept { return rest_; }
  [[nodiscard]] constexpr FileBytes value() const noexcept { return value_; }

  // Goes to the next entry; false at the end and after a problem.
  [[nodiscard]] constexpr bool next() {
    if (entries_.empty()) {
      if (more_restarts_ && !(is_empty_ && restarts_.empty()))
        entries_.fail(Problem::it_has_a_restart_point_that_is_no_beginning_of_an_entry);
      return false;
    }
    const std::size_t begin = entries_.position();
    shared_ = entries_.read_varint32();
    const std::size_t non_shared = entries_.read_varint32();
    const std::size_t value_size = entries_.read_varint32();
    rest_ = entries_.read_bytes(non_shared);
    value_ = entries_.read_bytes(value_size);
    if (shared_ > key_size_) entries_.fail(Problem::it_has_a_key_that_shares_more_than_the_key_before_it_has);
    if (more_restarts_) look_at_restart(begin);
    key_size_ = shared_ + rest_.size;
    return problem() == Problem::none;
  }

 private:
  constexpr void find_restarts(FileBytes block) noexcept {
    const std::uint32_t count = StaticReader({block.data + block.size - 4, 4}).read_fixed32();
    if (count == 0 || count > (block.size - 4) / 4)
      return entries_.fail(Problem::it_has_a_block_without_room_for_its_restart_points);
    const std::size_t restarts_size = 4 * std::size_t{count};
    is_empty_ = block.size == 4 + restarts_size;
    entries_ = StaticReader({block.data, block.size - 4 - restarts_size});
    restarts_ = StaticReader({block.data + block.size - 4 - restarts_size, restarts_size});
    restart_ = restarts_.read_fixed32();
    if (restart_ != 0) entries_.fail(Problem::it_has_a_restart_point_that_is_no_beginning_of_an_entry);
  }

  constexpr void look_at_restart(std::size_t begin) noexcept {
    if (restart_ == begin) {
      if (shared_ != 0) entries_.fail(Problem::it_has_a_restart_point_that_is_no_beginning_of_an_entry);
      more_restarts_ = !restarts_.empty();
      if (!more_restarts_) return;
      restart_ = restarts_.read_fixed32();
    }
    if (restart_ <= begin) entries_.fail(Problem::it_has_a_restart_point_that_is_no_beginning_of_an_entry);
  }

  StaticReader entries_;
  StaticReader restarts_;
  std::size_t restart_ = 0;
  bool more_restarts_ = true;
  bool is_empty_ = false;
  std::size_t key_size_ = 0;
  std::size_t shared_ = 0;
  FileBytes rest_{};
  FileBytes value_{};
};

}  // namespace CAIRN_NAMESPACE::schema::detail
