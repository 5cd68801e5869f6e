// How a template refuses a type: by instantiating a class template whose static_assert says why, in one sentence. What
// was refused stands in the arguments of that class template, so compilers print it in their first lines.
//
//   if constexpr (!fits) static_cast<void>(refuse<these_shapes_do_not_fit<A, B>>());
#pragma once

namespace cairn::detail {

// Instantiates a refusal, which ends the compilation. False in a form that lets compilers go on without a second error.
template <class Refusal>
[[nodiscard]] constexpr bool refuse() noexcept {
  using Instantiated [[maybe_unused]] = decltype(Refusal{});
  return false;
}

}  // namespace cairn::detail
