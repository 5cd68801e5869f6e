// What a sanitizer costs, for tests that try so many things that it matters.
#pragma once

namespace cairn::test {

// How much slower a sanitizer makes a program.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr unsigned slowness = 10;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr unsigned slowness = 10;
#else
inline constexpr unsigned slowness = 1;
#endif
#else
inline constexpr unsigned slowness = 1;
#endif

}  // namespace cairn::test
