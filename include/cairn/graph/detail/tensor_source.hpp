// Where a restore takes values from: the walk's view of a checkpoint's tensors, by key.
#pragma once

#include "../../core/detail/boxes.hpp"
#include "../../core/detail/function_ref.hpp"
#include "../../core/detail/own.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/dtype.hpp"
#include "../../core/shape.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE::graph::detail {

class TensorSource {
 public:
  struct Description {
    DType dtype = DT_INVALID;
    Shape shape = {};
    const void* place = nullptr;  // where the source has it: bulk() need not look again
    bool is_there = true;

    explicit operator bool() const noexcept { return is_there; }
  };

  // Many tensors of numbers that are read together. Takes its memory when it is made.
  class Bulk {
   public:
    Bulk() = default;
    Bulk(const Bulk&) = delete;
    Bulk& operator=(const Bulk&) = delete;
    virtual ~Bulk() = default;
    // Fills all memory. When it throws, the memory is what it was. False when all is right but only some of it was
    // read, because nothing more could have been undone: read_rest() then. With `undo`, it puts back what it had filled
    // before, and does not throw.
    [[nodiscard]] virtual bool read(bool undo = false) = 0;
    // Fills what read() has not filled, or everything without it. What it throws leaves the memory half filled.
    virtual void read_rest() = 0;
  };
  struct Wanted {
    std::string_view key;
    const void* place;
    std::span<std::byte> out;
    core::detail::Boxes boxes;  // of the tensor, one behind the other
  };

  TensorSource() = default;
  TensorSource(const TensorSource&) = delete;
  TensorSource& operator=(const TensorSource&) = delete;
  virtual ~TensorSource() = default;

  // The file's name, for messages.
  [[nodiscard]] virtual std::string name() const = 0;
  // A description that is false when there is no such key. Throws Error with ErrorCode::data_loss when the file is too small for a tensor
  // of that shape: the answer is safe to take memory by.
  [[nodiscard]] virtual Description find(std::string_view key) const = 0;
  // The size of all data that tensors are in: what all of them together can be.
  [[nodiscard]] virtual std::uint64_t data_bytes() const { return std::numeric_limits<std::uint64_t>::max(); }
  // Fill `out`, which has exactly the size of the tensor or its boxes, or as many strings, checking the checksum. Throw
  // Error (data_loss and others); `out` may hold anything then.
  virtual void read(std::string_view key, core::detail::Boxes boxes, std::span<std::byte> out) const = 0;
  virtual void read_strings(std::string_view key, std::span<std::string> out) const = 0;
  // For numbers at a place that find() has found, which are read piece by piece: whether they lie together; the bytes
  // from `begin` on, and their checksum; the check of all checksums, in order, of pieces of that size.
  [[nodiscard]] virtual bool is_whole(const void* place) const noexcept = 0;
  virtual std::uint32_t read_piece(std::string_view key, const void* place, std::uint64_t begin,
                                   std::span<std::byte> out) const = 0;
  virtual void require_checksum(std::string_view key, const void* place, const std::uint32_t* crcs,
                                std::uint64_t piece_bytes) const = 0;
  // How many threads read so many bytes; calls work(task, thread) for each task below `count`, in that many threads.
  using Work = core::detail::FunctionRef<void(std::size_t task, std::size_t thread)>;
  [[nodiscard]] virtual std::size_t threads_for(std::uint64_t bytes) const noexcept = 0;
  virtual void for_each_task(std::size_t count, std::size_t threads, Work work) const = 0;
  // For keys that find() has found; all must outlive it. What it throws is as above, with the key.
  [[nodiscard]] virtual core::detail::Own<Bulk> bulk(core::detail::Vec<Wanted> wanted) const = 0;
};

}  // namespace CAIRN_NAMESPACE::graph::detail
