// How many bytes a restore takes for the values it was promised, held against what the checkpoint has.
#pragma once

#include "../../core/detail/fail.hpp"
#include "../../core/dtype.hpp"
#include "../../core/error.hpp"
#include "tensor_source.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE::graph::detail {

// Each value has bytes of its own in a checkpoint that somebody saved. In a crafted one, many nodes or entries can
// point to the same bytes, and each would take memory of its own.
class ByteClaim {
 public:
  // Throws Error with ErrorCode::data_loss when all values so far, of checked shapes, are together larger than the
  // checkpoint's data.
  void add(std::string_view key, const TensorSource::Description& saved, const TensorSource& source) {
    constexpr std::uint64_t free_bytes = std::uint64_t{16} << 20;
    const auto count = static_cast<std::uint64_t>(saved.shape.checked_num_elements().value_or(0));
    bytes_ += count * std::max<std::size_t>(size_of(saved.dtype), 1);
    if (bytes_ > free_bytes && bytes_ > source.data_bytes())
      core::detail::fail(ErrorCode::data_loss,
                         {"the values up to ", key, " are larger than all data of ", source.name(),
                          ": some of them have the same bytes, which no program saves; the file was "
                          "made to be harmful, or is damaged"},
                         {.file = source.name(), .key = key});
  }

 private:
  std::uint64_t bytes_ = 0;
};

}  // namespace CAIRN_NAMESPACE::graph::detail
