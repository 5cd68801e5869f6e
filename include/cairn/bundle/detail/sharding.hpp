// Which data file a tensor goes to, and where a tensor is cut, when shards have a size that they should not exceed.
//
//   shard 0 | a, first rows of b |   shard 1 | rows of b |   shard 2 | last rows of b, c |   ...   own shards
//
// The rules are those of TensorFlow's MaxShardSizePolicy (python/checkpoint/sharding/sharding_policies.py): files are
// filled in order; a tensor that does not fit in what is left is cut along the axis that gives the fewest parts; a
// scalar larger than a shard gets one of its own, behind all others. tests/interop/sharded holds them fast, byte for
// byte. Three rules are ours, where TensorFlow never returns, or writes what it cannot read:
//   - not even one slice along any axis fits in an empty shard: the slices along the first axis are cut further, one by
//     one. When not even one element fits, the tensor is not cut and gets a shard of its own;
//   - strings are not cut, as if they were scalars;
//   - a tensor without elements goes to the present shard (TensorFlow leaves it out of the checkpoint).
#pragma once

#include "../../core/shape.hpp"
#include "slice.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::bundle::detail {

// A shard while their number is not known: those that are filled in order count 0, 1, ..., those with one tensor of
// their own -1, -2, ...
using ShardId = std::int32_t;

class ShardPlanner {
 public:
  // 0 for no limit: one shard, unless begin_shard is called.
  explicit ShardPlanner(std::uint64_t shard_size = 0)
      : shard_size_(shard_size == 0 ? std::numeric_limits<std::uint64_t>::max() : shard_size), left_(shard_size_) {}

  // What comes next goes to a new shard.
  void begin_shard() {
    if (used_) next_shard();
  }

  // The shard of something of `bytes` bytes that is not to be cut.
  [[nodiscard]] ShardId place(std::uint64_t bytes) {
    if (bytes > shard_size_) return place_apart();
    if (bytes > left_) next_shard();
    return take(bytes);
  }

  // A shard of its own, behind all that are filled in order.
  [[nodiscard]] ShardId place_apart() { return --own_; }

  // Cuts `root`, a tensor or a part of one, of elements of so many bytes. Calls use(ShardId, const Box&) for each
  // piece, in order; for all of `root` when it is not cut.
  template <class Use>
  void place(const Box& root, std::uint64_t element, const Use& use) {
    Box rest = root;
    while (bytes_of(rest, element) > left_) {
      if (root.shape.rank() == 0 || element > shard_size_) return use(place(bytes_of(rest, element)), rest);
      if (const auto cut = best_cut(rest, element)) {
        Box piece = rest;
        piece.shape = with_extent(rest.shape, cut->axis, cut->length);
        use(take(bytes_of(piece, element)), piece);
        if (left_ == 0) next_shard();
        drop(rest, cut->axis, cut->length);
      } else if (left_ != shard_size_) {
        next_shard();
      } else {
        std::size_t axis = 0;
        while (rest.shape[axis] == 1) ++axis;
        Box slice = rest;
        slice.shape = with_extent(rest.shape, axis, 1);
        place(slice, element, use);
        drop(rest, axis, 1);
      }
    }
    if (rest == root || rest.shape.num_elements() > 0) use(take(bytes_of(rest, element)), rest);
  }

  // The number of shards so far, and the final number of one of them once everything is placed.
  [[nodiscard]] std::int32_t count() const noexcept { return filled() - own_; }
  [[nodiscard]] std::int32_t number_of(ShardId shard) const noexcept {
    return shard >= 0 ? shard : filled() - shard - 1;
  }
  // Whether one shard's number will be below another's.
  [[nodiscard]] static bool is_before(ShardId one, ShardId other) noexcept {
    return (one >= 0) == (other >= 0) ? (one >= 0 ? one < other : one > other) : one >= 0;
  }

 private:
  struct Cut {
    std::size_t axis;
    std::int64_t length;
  };

  [[nodiscard]] static std::uint64_t bytes_of(const Box& box, std::uint64_t element) {
    return static_cast<std::uint64_t>(box.shape.num_elements()) * element;
  }
  [[nodiscard]] static Shape with_extent(const Shape& shape, std::size_t axis, std::int64_t extent) {
    std::vector<std::int64_t> extents(shape.begin(), shape.end());
    extents[axis] = extent;
    return Shape(std::move(extents));
  }
  static void drop(Box& rest, std::size_t axis, std::int64_t length) {
    rest.start[axis] += length;
    rest.shape = with_extent(rest.shape, axis, rest.shape[axis] - length);
  }

  [[nodiscard]] std::int32_t filled() const noexcept { return current_ + (used_ ? 1 : 0); }
  void next_shard() {
    ++current_;
    left_ = shard_size_;
    used_ = false;
  }
  [[nodiscard]] ShardId take(std::uint64_t bytes) {
    left_ -= bytes;
    used_ = true;
    return current_;
  }

  // The cut that leaves as few parts as possible, each of which fits in what is left of the shard, the first axis
  // preferred; nullopt when not one slice fits. `rest` has elements.
  [[nodiscard]] std::optional<Cut> best_cut(const Box& rest, std::uint64_t element) const {
    std::optional<Cut> best;
    std::uint64_t fewest = std::numeric_limits<std::uint64_t>::max();
    for (std::size_t axis = 0; axis < rest.shape.rank(); ++axis) {
      const auto length = static_cast<std::uint64_t>(rest.shape[axis]);
      const std::uint64_t fitting = left_ / (bytes_of(rest, element) / length);
      if (fitting == 0) continue;
      const std::uint64_t parts = (length + fitting - 1) / fitting;
      if (parts >= fewest) continue;
      fewest = parts;
      best = Cut{axis, static_cast<std::int64_t>((length + parts - 1) / parts)};
    }
    return best;
  }

  std::uint64_t shard_size_;
  std::uint64_t left_;        // in the current shard
  std::int32_t current_ = 0;  // the last of those that are filled in order
  std::int32_t own_ = 0;      // minus the number of the others
  bool used_ = false;         // whether something is in the current shard
};

}  // namespace CAIRN_NAMESPACE::bundle::detail
