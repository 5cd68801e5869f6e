// What the programs of the cases share: main, expectations, and values whose every bit counts.
//
// A program.cpp includes this, and defines read() for what case.py's make() saved and write() for what its check()
// restores. An expectation that fails is printed, and the program ends with status 1.
#pragma once

#include <cairn/checkpoint.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>
#include <type_traits>

void read(const std::filesystem::path& directory);
void write(const std::filesystem::path& directory);
[[gnu::weak]] void resume(const std::filesystem::path& directory);  // after check(), in cases that have it

namespace cairn::test {

inline int failures = 0;

inline bool expect(bool is_right, const char* text, int line) {
  if (!is_right) {
    ++failures;
    std::cout << "line " << line << ": expected " << text << '\n';
  }
  return is_right;
}

// The expression throws an Error whose text contains `part`.
template <class Function>
void expect_throws(Function&& function, ErrorCode code, std::string_view part, const char* text, int line) {
  try {
    function();
  } catch (const Error& error) {
    if (!expect(error.code() == code && std::string_view(error.what()).find(part) != std::string_view::npos, text,
                line))
      std::cout << "  but it says: " << error.what() << '\n';
    return;
  }
  expect(false, text, line);
}

template <class T>
[[nodiscard]] std::span<std::byte> bytes_of(T& value) {
  if constexpr (requires { value.span(); })
    return std::as_writable_bytes(value.span());
  else if constexpr (requires { value.data(); })
    return std::as_writable_bytes(std::span(value.data(), value.size()));
  else
    return std::as_writable_bytes(std::span(&value, 1));
}

template <class T>
struct ElementOf : std::type_identity<T> {};
template <class T>
requires requires { typename T::value_type; }
struct ElementOf<T> : std::type_identity<typename T::value_type> {};
template <class T>
struct ElementOf<std::complex<T>> : std::type_identity<T> {};

inline constexpr std::uint32_t float_bits[] = {0x7fc12345, 0xffc00001, 0x7f812345, 0x80000000, 0x00000001,
                                               0x807fffff, 0x7f7fffff, 0x7f800000, 0xff800000, 0x3f800000};
inline constexpr std::uint64_t double_bits[] = {
    0x7ff8000012345678, 0xfff8000000000001, 0x7ff0000012345678, 0x8000000000000000, 0x0000000000000001,
    0x800fffffffffffff, 0x7fefffffffffffff, 0x7ff0000000000000, 0xfff0000000000000, 0x3ff0000000000000};

// A Variable, a contiguous range or a single value takes the bytes that states.py's array(dtype, shape, seed) has.
template <class T>
void fill(T&& value, std::uint32_t seed) {
  using Plain = std::remove_cvref_t<T>;
  using E = typename ElementOf<Plain>::type;
  const std::span<std::byte> bytes = bytes_of(value);
  std::uint32_t state = seed;
  for (std::byte& byte : bytes) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    byte = static_cast<std::byte>(state & 0xff);
    if (std::is_same_v<E, bool>) byte &= std::byte{1};
    if (std::is_same_v<E, int4> || std::is_same_v<E, uint4>) byte &= std::byte{15};
  }
  if (seed % 2 == 0) return;
  if (std::is_same_v<E, float> || std::is_same_v<E, std::complex<float>>)
    std::memcpy(bytes.data(), float_bits, std::min(bytes.size(), sizeof float_bits));
  if (std::is_same_v<E, double> || std::is_same_v<E, std::complex<double>>)
    std::memcpy(bytes.data(), double_bits, std::min(bytes.size(), sizeof double_bits));
}

// The value has just those bytes.
template <class T>
[[nodiscard]] bool is_filled(const T& value, std::uint32_t seed) {
  T expected = value;
  fill(expected, seed);
  const auto a = bytes_of(const_cast<T&>(value));
  const auto b = bytes_of(expected);
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

}  // namespace cairn::test

#define CAIRN_EXPECT(...) cairn::test::expect(static_cast<bool>(__VA_ARGS__), #__VA_ARGS__, __LINE__)
#define CAIRN_EXPECT_THROWS(code, part, ...) \
  cairn::test::expect_throws([&] { __VA_ARGS__; }, code, part, #__VA_ARGS__ " throws " part, __LINE__)

using cairn::test::fill;
using cairn::test::is_filled;

int main(int argc, char** argv) {
  const std::string_view verb = argc == 3 ? argv[1] : "";
  void (*run)(const std::filesystem::path&) = nullptr;
  if (verb == "read") run = read;
  if (verb == "write") run = write;
  if (verb == "resume") run = resume;
  if (run == nullptr) {
    std::cout << "usage: " << argv[0] << " read|write|resume DIRECTORY\n";
    return 2;
  }
  try {
    run(argv[2]);
  } catch (const std::exception& error) {
    std::cout << error.what() << '\n';
    return 1;
  }
  return cairn::test::failures == 0 ? 0 : 1;
}
