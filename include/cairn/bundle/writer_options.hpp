// WriterOptions: how the files of a bundle are written, and how they are cut into data files.
#pragma once

#include "../core/durability.hpp"
#include "../io/progress.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE {

class TensorView;

namespace bundle {

namespace detail {

class BundleWriter;
struct PartOfTensor;

// The feature that a ShardSize carries. detail/add_parts.hpp has the definition.
struct CutTensor {
  // Plans the pieces of a whole tensor, or of a part of one where `part` is not null.
  static void plan(BundleWriter& writer, std::string_view key, const PartOfTensor* part, const TensorView& tensor);
};

}  // namespace detail

// A number of bytes, which brings the code that cuts tensors: a program that writes no shard_size has none of that code.
class ShardSize {
 public:
  ShardSize() noexcept = default;
  // Converts from and to the number of bytes; 0 means one data file.
  ShardSize(std::uint64_t bytes) noexcept  // NOLINT(google-explicit-constructor): it is written as a number
      : bytes_(bytes), cut_(bytes != 0 ? &detail::CutTensor::plan : nullptr) {}
  operator std::uint64_t() const noexcept { return bytes_; }  // NOLINT(google-explicit-constructor): and read as one

 private:
  friend detail::BundleWriter;

  std::uint64_t bytes_ = 0;
  decltype(&detail::CutTensor::plan) cut_ = nullptr;
};

// How a Writer lays out and writes a bundle.
struct WriterOptions {
  // With Durability::full, each file is synced (fsync) before its rename, and its folder after it, so that a finished
  // bundle survives a power cut. Without it the order of the calls stays the same, and the system writes to the disk
  // when it likes.
  Durability durability = Durability::full;
  core::detail::FormerDurable durable{};  // not a value: refuses one, and names durability
  // The number of bytes that a data file should not exceed; 0 asks for one data file. Tensors are placed and cut as
  // TensorFlow's MaxShardSizePolicy does it. A string tensor is never cut, nor is a tensor of which not even one
  // element fits; such a tensor may be larger than `shard_size`.
  ShardSize shard_size = {};
  // Every tensor begins at a multiple of this number of bytes, as with TensorFlow's BundleWriter::Options; zeros fill
  // the gap behind the tensor before it. The zeros do not count for `shard_size`. 1 means no gaps; 0 is refused.
  std::uint64_t data_alignment = 1;
  // The largest number of threads that write, each its own range of a data file. A small bundle is written by one.
  std::size_t threads = 2;
  // With `second_name`, the index gets a second, temporary name (a hard link) before it gets its own name, and the path
  // of that second name is stored here. A second name tells that no list names the bundle yet; the program that enters
  // the bundle into a list removes the second name.
  std::string* second_name = nullptr;
  // The function that is told how many bytes are written, and the request to stop (io/progress.hpp). Where a stop is
  // heeded, the writer throws Error with ErrorCode::cancelled, and the prefix is what it was before.
  ProgressCallback progress = {};
  StopRequest stop = {};
};

}  // namespace bundle

}  // namespace CAIRN_NAMESPACE
