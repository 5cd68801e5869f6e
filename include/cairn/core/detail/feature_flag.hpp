// FeatureFlag: a bool of an options struct that carries the code of what it turns on. A program that never writes the
// option has none of that code: only the constructor from bool refers to it.
//
//   struct Feature { static Own<Base> call(); };    a declaration; the feature's own header has the definition
//   FeatureFlag<Feature> flag = true;
//   if (flag) Own<Base> made = flag.call();         a call through a pointer
#pragma once

#include "../../version.hpp"

namespace CAIRN_NAMESPACE::core::detail {

template <class Feature>
class FeatureFlag {
 public:
  FeatureFlag() noexcept = default;
  FeatureFlag(bool is_on) noexcept  // NOLINT(google-explicit-constructor): it is written as a bool
      : call_(is_on ? &Feature::call : nullptr) {}
  operator bool() const noexcept { return call_ != nullptr; }  // NOLINT(google-explicit-constructor): and read as one

  // Calls the feature's function. The flag must be true.
  template <class... Arguments>
  auto call(Arguments&&... arguments) const {
    return call_(static_cast<Arguments&&>(arguments)...);
  }

 private:
  decltype(&Feature::call) call_ = nullptr;
};

}  // namespace CAIRN_NAMESPACE::core::detail
