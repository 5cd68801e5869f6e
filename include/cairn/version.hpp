// The version of cairn: three macros for the preprocessor, cairn::version as text, and the namespace of this version.
// The version is written in this file only: Meson and the recipes read the lines of the three macros. Every header
// includes this one; therefore the two compiler attributes that all use are here, too.
#pragma once

#include "core/detail/tree.hpp"

#include <string_view>

#define CAIRN_VERSION_MAJOR 0
#define CAIRN_VERSION_MINOR 1
#define CAIRN_VERSION_PATCH 0

// The namespace that all headers open. It puts the version into every name that a linker sees, so that two libraries of
// one program may use two versions of cairn. The namespace is inline: no program has to write it.
#define CAIRN_INLINE_NAMESPACE(major, minor, patch) inline v##major##_##minor##_##patch
#define CAIRN_INLINE_NAMESPACE_OF(major, minor, patch) CAIRN_INLINE_NAMESPACE(major, minor, patch)
#define CAIRN_NAMESPACE cairn::CAIRN_INLINE_NAMESPACE_OF(CAIRN_VERSION_MAJOR, CAIRN_VERSION_MINOR, CAIRN_VERSION_PATCH)

// Attributes of functions that are seldom called, and of functions that must not be inlined. They are empty for other
// compilers, which would warn of an unknown attribute.
#if defined(__GNUC__) || defined(__clang__)
#define CAIRN_COLD [[gnu::cold]]
#define CAIRN_NOINLINE [[gnu::noinline]]
#else
#define CAIRN_COLD
#define CAIRN_NOINLINE
#endif

#define CAIRN_QUOTED(text) #text
#define CAIRN_DOTTED(major, minor, patch) CAIRN_QUOTED(major) "." CAIRN_QUOTED(minor) "." CAIRN_QUOTED(patch)

namespace CAIRN_NAMESPACE {

// The version as text, such as "0.1.0".
inline constexpr std::string_view version = CAIRN_DOTTED(CAIRN_VERSION_MAJOR, CAIRN_VERSION_MINOR, CAIRN_VERSION_PATCH);

}  // namespace CAIRN_NAMESPACE

#undef CAIRN_DOTTED
#undef CAIRN_QUOTED
