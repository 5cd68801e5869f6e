// The refusals of two forms of cairn in one file, and of compilers that are too old. Every header of include/cairn/ includes
// version.hpp before all others, which begins with this one, by itself or through the first that it includes. A folded header
// (single_include/cairn/) refuses in the same words.
#pragma once

#ifdef CAIRN_FOLDED
#error \
    "cairn: this file includes cairn from two places, and a folded header (single_include/cairn/) is one of them. Include all of cairn from one place: take the other one off the include path."
#include <nothing more: there is no such file, so that the compiler stops here>
#endif
#define CAIRN_TREE

#if defined(_MSVC_LANG)
#define CAIRN_CPLUSPLUS _MSVC_LANG
#else
#define CAIRN_CPLUSPLUS __cplusplus
#endif
#if CAIRN_CPLUSPLUS < 202002L
#error \
    "cairn: this file is compiled as older C++ than C++20. Give the compiler -std=c++20 (CMake: target_compile_features(program PRIVATE cxx_std_20), Meson: cpp_std=c++20)."
#include <nothing more: there is no such file, so that the compiler stops here>
#elif defined(__apple_build_version__)
#elif defined(__clang__) && __clang_major__ < 14
#error "cairn: this clang is too old. Take clang 14 or newer, or g++ 12 or newer."
#include <nothing more: there is no such file, so that the compiler stops here>
#elif defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 12
#error "cairn: this g++ is too old. Take g++ 12 or newer, or clang 14 or newer."
#include <nothing more: there is no such file, so that the compiler stops here>
#endif
#undef CAIRN_CPLUSPLUS
