// The version of cairn, written down here and nowhere else: Meson reads it from these three lines.
#pragma once

#include <string_view>

#define CAIRN_VERSION_MAJOR 0
#define CAIRN_VERSION_MINOR 1
#define CAIRN_VERSION_PATCH 0

#define CAIRN_QUOTED(text) #text
#define CAIRN_DOTTED(major, minor, patch) CAIRN_QUOTED(major) "." CAIRN_QUOTED(minor) "." CAIRN_QUOTED(patch)

namespace cairn {

// "0.1.0" and the like.
inline constexpr std::string_view version = CAIRN_DOTTED(CAIRN_VERSION_MAJOR, CAIRN_VERSION_MINOR, CAIRN_VERSION_PATCH);

}  // namespace cairn

#undef CAIRN_DOTTED
#undef CAIRN_QUOTED
