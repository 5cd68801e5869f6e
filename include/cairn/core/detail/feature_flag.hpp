// FeatureFlag: a bool of an options struct that carries the code of what it turns on. A program that never writes the
// option has none of that code: only the constructor from bool refers to it.
//
//   struct Feature { static Own<Base> make(); };    a declaration; the feature's own header has the definition
//   FeatureFlag<Feature> flag = true;
//   if (flag) Own<Base> made = flag.make();         a call through a pointer
#pragma once

#include "tree.hpp"

namespace cairn::core::detail {

template <class Feature>
class FeatureFlag {
 public:
  FeatureFlag() noexcept = default;
  FeatureFlag(bool is_on) noexcept  // NOLINT(google-explicit-constructor): it is written as a bool
      : make_(is_on ? &Feature::make : nullptr) {}
  operator bool() const noexcept { return make_ != nullptr; }  // NOLINT(google-explicit-constructor): and read as one

  // Makes the feature's part of whoever has the option. The flag must be true.
  [[nodiscard]] auto make() const { return make_(); }

 private:
  decltype(&Feature::make) make_ = nullptr;
};

}  // namespace cairn::core::detail
