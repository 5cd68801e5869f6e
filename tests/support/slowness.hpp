// What a sanitizer or an emulated processor costs, for tests that try so many things that it matters.
#pragma once

namespace cairn::test {

// How much slower an emulated processor makes a program: tests/elsewhere/run.sh.
#if defined(CAIRN_TEST_EMULATED)
inline constexpr unsigned emulation = 10;
#else
inline constexpr unsigned emulation = 1;
#endif

// How much slower that or a sanitizer makes it.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr unsigned slowness = 10;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr unsigned slowness = 10;
#else
inline constexpr unsigned slowness = emulation;
#endif
#else
inline constexpr unsigned slowness = emulation;
#endif

}  // namespace cairn::test
