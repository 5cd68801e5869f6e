// The program's own step, as a manager reads it: a plain integer or a Variable of one.
#pragma once

#include "../tensor/variable.hpp"

#include <concepts>
#include <cstdint>

namespace cairn {

// Keeps a reference; the counter must outlive the manager.
class StepCounter {
 public:
  template <std::integral T>
  StepCounter(const T& step)  // NOLINT(google-explicit-constructor): {.step_counter = step}
      : step_(&step), read_([](const void* at) { return static_cast<std::int64_t>(*static_cast<const T*>(at)); }) {}
  template <std::integral T>
  StepCounter(const Variable<T>& step)  // NOLINT(google-explicit-constructor)
      : step_(&step),
        read_([](const void* at) { return static_cast<std::int64_t>(*static_cast<const Variable<T>*>(at)->data()); }) {}
  template <class T>
  StepCounter(const T&& temporary) = delete;

  [[nodiscard]] std::int64_t value() const { return read_(step_); }

 private:
  const void* step_;
  std::int64_t (*read_)(const void*);
};

}  // namespace cairn
