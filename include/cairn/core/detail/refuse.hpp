// refuse<Refusal>(): how a template refuses a type. `Refusal` is a class template whose static_assert says in one
// sentence why. The refused types are its template arguments, so that compilers print them in their first lines.
//
//   if constexpr (!fits) static_cast<void>(refuse<these_shapes_do_not_fit<A, B>>());
#pragma once

#include "../../version.hpp"

namespace CAIRN_NAMESPACE::core::detail {

// Instantiates the refusal, which ends the compilation. Its value is false, so that the compiler reports no second
// error in code that depends on it.
template <class Refusal>
[[nodiscard]] constexpr bool refuse() noexcept {
  using Instantiated [[maybe_unused]] = decltype(Refusal{});
  return false;
}

}  // namespace CAIRN_NAMESPACE::core::detail
