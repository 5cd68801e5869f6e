// Durability: whether a write waits for the disk.
#pragma once

#include "detail/refuse.hpp"

#include <concepts>

namespace CAIRN_NAMESPACE {

// Tells whether a save waits for the disk. With `full` (an fsync of each file before its rename, and of the directory
// after it) a checkpoint survives a power cut. With `none` it survives the end of the process only, as TensorFlow's do.
enum class Durability { full, none };

namespace core::detail {

template <class T>
struct OptionDurableIsDurability {
  static_assert(!std::same_as<T, T>,
                "cairn: the option `durable` is called `durability` now. Write {.durability = cairn::Durability::none} "
                "where {.durable = false} stood.");
};

// Holds the place of the former option `bool durable` in an options struct. A value for it does not compile.
struct FormerDurable {
  FormerDurable() = default;
  template <std::same_as<bool> T>
  FormerDurable(T) {  // NOLINT(google-explicit-constructor): what was assigned is refused here
    static_cast<void>(refuse<OptionDurableIsDurability<T>>());
  }
};

}  // namespace core::detail
}  // namespace CAIRN_NAMESPACE
