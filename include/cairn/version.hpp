// The version of cairn: three macros for the preprocessor, and cairn::version as text. It is written down here and
// nowhere else: Meson reads it from the three lines of the macros.
#pragma once

#include "core/detail/tree.hpp"

#include <string_view>

#define CAIRN_VERSION_MAJOR 0
#define CAIRN_VERSION_MINOR 1
#define CAIRN_VERSION_PATCH 0

#define CAIRN_QUOTED(text) #text
#define CAIRN_DOTTED(major, minor, patch) CAIRN_QUOTED(major) "." CAIRN_QUOTED(minor) "." CAIRN_QUOTED(patch)

namespace cairn {

// The version as text, such as "0.1.0".
inline constexpr std::string_view version = CAIRN_DOTTED(CAIRN_VERSION_MAJOR, CAIRN_VERSION_MINOR, CAIRN_VERSION_PATCH);

}  // namespace cairn

#undef CAIRN_DOTTED
#undef CAIRN_QUOTED
