// A function that is called during the call it is handed to, and not kept: std::function without memory of its own, and
// without <functional>.
//
//   void children(void* object, FunctionRef<void(const Child&)> sink);
//   type.children(object, [&](const Child& child) { ... });
#pragma once

#include "../../version.hpp"

#include <concepts>
#include <type_traits>

namespace CAIRN_NAMESPACE::core::detail {

template <class Signature>
class FunctionRef;

template <class Result, class... Arguments>
class FunctionRef<Result(Arguments...)> {
 public:
  // The function must live as long as the reference to it; the argument of a call does.
  template <class F>
    requires(!std::same_as<std::remove_cvref_t<F>, FunctionRef> &&
             requires(F& function, Arguments... arguments) { function(static_cast<Arguments&&>(arguments)...); })
  FunctionRef(F&& function) noexcept  // NOLINT(google-explicit-constructor): a lambda is one
      : function_(const_cast<void*>(static_cast<const void*>(__builtin_addressof(function)))),
        call_(&call<std::remove_reference_t<F>>) {}

  Result operator()(Arguments... arguments) const { return call_(function_, static_cast<Arguments&&>(arguments)...); }

 private:
  // A lambda here would be three functions more for a compiler without optimization.
  template <class F>
  static Result call(void* place, Arguments... arguments) {
    return (*static_cast<F*>(place))(static_cast<Arguments&&>(arguments)...);
  }

  void* function_;
  Result (*call_)(void*, Arguments...);
};

}  // namespace CAIRN_NAMESPACE::core::detail
