// StepCounter: the program's own step, as a manager reads it; it is a plain integer or a Variable of one.
#pragma once

#include "../core/detail/refuse.hpp"
#include "../tensor/variable.hpp"

#include <concepts>
#include <cstdint>
#include <type_traits>

namespace CAIRN_NAMESPACE {

namespace checkpoint::detail {

template <class T>
struct AStepIsReadLater {
  static_assert(!std::is_same_v<T, T>,
                "cairn: a step_counter is read at each save, and a temporary is gone by then. Give it a variable that "
                "lives as long as the CheckpointManager.");
};

}  // namespace checkpoint::detail

// Refers to the program's step: the counter must outlive the manager.
class StepCounter {
 public:
  // Reads an integer, or a scalar Variable of integers, at each call. A temporary does not compile.
  template <std::integral T>
  StepCounter(const T& step)  // NOLINT(google-explicit-constructor): {.step_counter = step}
      : step_(&step), read_([](const void* at) { return static_cast<std::int64_t>(*static_cast<const T*>(at)); }) {}
  template <std::integral T>
  StepCounter(const Variable<T>& step)  // NOLINT(google-explicit-constructor)
      : step_(&step),
        read_([](const void* at) { return static_cast<std::int64_t>(*static_cast<const Variable<T>*>(at)->data()); }) {}
  template <std::integral T>
  StepCounter(const T&&) {  // NOLINT(google-explicit-constructor)
    static_cast<void>(core::detail::refuse<checkpoint::detail::AStepIsReadLater<T>>());
  }
  template <std::integral T>
  StepCounter(const Variable<T>&&) {  // NOLINT(google-explicit-constructor)
    static_cast<void>(core::detail::refuse<checkpoint::detail::AStepIsReadLater<Variable<T>>>());
  }

  // Returns the step as it is now.
  [[nodiscard]] std::int64_t value() const { return read_(step_); }

 private:
  const void* step_;
  std::int64_t (*read_)(const void*);
};

}  // namespace CAIRN_NAMESPACE
