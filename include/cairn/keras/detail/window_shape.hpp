// What Conv2D and the pooling layers make of an image's shape, [height, width, channels].
#pragma once

#include "../../ops/detail/window.hpp"
#include "../arguments.hpp"
#include "../layer_shape.hpp"
#include "example_shape.hpp"

#include <cstddef>
#include <span>

namespace CAIRN_NAMESPACE::keras::detail {

// Which channels come and go; dynamic for any, and for as many as came.
struct WindowArguments {
  Size2D size;
  Strides strides;
  Padding padding;
  std::size_t takes = dynamic;
  std::size_t gives = dynamic;
};

[[nodiscard]] constexpr std::size_t positions(std::size_t input, std::size_t kernel, std::size_t stride,
                                              Padding padding) noexcept {
  return input == dynamic ? dynamic : ops::detail::window_positions(input, kernel, stride, padding == Padding::same);
}

// NoShape where the channels differ or the window has no place.
template <class In, WindowArguments window>
struct WindowShape {
  using type = NoShape;
};
template <std::size_t Height, std::size_t Width, std::size_t Channels, WindowArguments window>
struct WindowShape<Extents<Height, Width, Channels>, window> {
  static constexpr std::size_t height = positions(Height, window.size.height, window.strides.height, window.padding);
  static constexpr std::size_t width = positions(Width, window.size.width, window.strides.width, window.padding);
  static constexpr std::size_t channels = window.gives == dynamic ? Channels : window.gives;
  static constexpr bool fits = extents_fit(Channels, window.takes) && height != 0 && width != 0;
  using type = std::conditional_t<fits, Extents<height, width, channels>, NoShape>;
};
template <class In, WindowArguments window>
using window_shape = typename WindowShape<In, window>::type;

// What is left when height and width are gone.
template <class In>
struct LastOfThree {
  using type = NoShape;
};
template <std::size_t Height, std::size_t Width, std::size_t Channels>
struct LastOfThree<Extents<Height, Width, Channels>> {
  using type = Extents<Channels>;
};

[[nodiscard]] inline ops::detail::WindowOnImages window_on(std::span<const std::size_t> x,
                                                           const WindowArguments& window) {
  return ops::detail::window_on(x, window.size.height, window.size.width, window.strides.height, window.strides.width,
                                window.padding == Padding::same);
}

}  // namespace CAIRN_NAMESPACE::keras::detail
