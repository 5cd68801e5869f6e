// Where a restore takes values from: the walk's view of a checkpoint's tensors, by key.
#pragma once

#include "../core/dtype.hpp"
#include "../core/shape.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::detail {

class TensorSource {
 public:
  struct Description {
    DType dtype;
    Shape shape;
  };

  TensorSource() = default;
  TensorSource(const TensorSource&) = delete;
  TensorSource& operator=(const TensorSource&) = delete;
  virtual ~TensorSource() = default;

  // The file's name, for messages.
  [[nodiscard]] virtual std::string name() const = 0;
  // nullopt when there is no such key. Throws Error (data_loss) when the file is too small for a tensor of that shape:
  // the answer is safe to take memory by.
  [[nodiscard]] virtual std::optional<Description> find(std::string_view key) const = 0;
  // The size of all data that tensors are in: what all of them together can be.
  [[nodiscard]] virtual std::uint64_t data_bytes() const { return std::numeric_limits<std::uint64_t>::max(); }
  // Fill `out`, which has exactly the tensor's size, checking the checksum. Throw Error (data_loss and others).
  virtual void read(std::string_view key, std::span<std::byte> out) const = 0;
  [[nodiscard]] virtual std::vector<std::string> read_strings(std::string_view key) const = 0;
  // Only the check: throws what read() would.
  virtual void verify(std::string_view key) const = 0;
};

}  // namespace cairn::detail
