// random::normal, random::uniform, random::set_seed: random tensors that are the same in every run and with every
// compiler.
//
//   cairn::random::set_seed(7);
//   const auto x = cairn::random::normal<float, 10, 784>();
//
// The generator is Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011), which makes four
// words from a counter and a key. The key is the seed, and one counter serves the whole process. TensorFlow uses Philox
// with other counters, so that its numbers differ from these. Normal numbers are made by the Box-Muller transform.
#pragma once

#include "../tensor/tensor.hpp"

#include <array>
#include <atomic>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <numbers>

namespace CAIRN_NAMESPACE {

namespace ops::detail {

// The four words of a counter and a key, after ten rounds.
[[nodiscard]] constexpr std::array<std::uint32_t, 4> philox(std::uint64_t counter, std::uint64_t key) noexcept {
  std::uint32_t word0 = static_cast<std::uint32_t>(counter);
  std::uint32_t word1 = static_cast<std::uint32_t>(counter >> 32);
  std::uint32_t word2 = 0;
  std::uint32_t word3 = 0;
  std::uint32_t key0 = static_cast<std::uint32_t>(key);
  std::uint32_t key1 = static_cast<std::uint32_t>(key >> 32);
  for (int round = 0; round < 10; ++round, key0 += 0x9e3779b9u, key1 += 0xbb67ae85u) {
    const std::uint64_t first = std::uint64_t{0xd2511f53u} * word0;
    const std::uint64_t second = std::uint64_t{0xcd9e8d57u} * word2;
    word0 = static_cast<std::uint32_t>(second >> 32) ^ word1 ^ key0;
    word1 = static_cast<std::uint32_t>(second);
    word2 = static_cast<std::uint32_t>(first >> 32) ^ word3 ^ key1;
    word3 = static_cast<std::uint32_t>(first);
  }
  return {word0, word1, word2, word3};
}

struct RandomState {
  std::atomic<std::uint64_t> seed{0};
  std::atomic<std::uint64_t> counter{0};
};
[[nodiscard]] inline RandomState& random_state() {
  static RandomState state;
  return state;
}

// Two numbers in [0, 1) from one counter. Each has 32 random bits where T is float, and 53 where T is double.
template <std::floating_point T>
[[nodiscard]] std::array<double, 2> two_uniforms(std::uint64_t counter, std::uint64_t seed) noexcept {
  const auto words = philox(counter, seed);
  if constexpr (sizeof(T) == sizeof(float)) {
    return {words[0] * 0x1p-32, words[1] * 0x1p-32};
  } else {
    const auto join = [](std::uint32_t high, std::uint32_t low) {
      return static_cast<double>(((std::uint64_t{high} << 32) | low) >> 11) * 0x1p-53;
    };
    return {join(words[0], words[1]), join(words[2], words[3])};
  }
}

// `size` random elements; pair(uniforms) makes two elements of two uniform numbers. A thread reserves the counters that
// it needs: two threads never draw from one counter, but which thread gets which counters depends on their timing.
template <class T, class Pair>
void draw(T* out, std::size_t size, Pair pair) {
  RandomState& state = random_state();
  const std::uint64_t first = state.counter.fetch_add(size / 2 + size % 2);
  const std::uint64_t seed = state.seed;
  for (std::size_t i = 0; i < size; i += 2) {
    const std::array<T, 2> values = pair(two_uniforms<T>(first + i / 2, seed));
    out[i] = values[0];
    if (i + 1 < size) out[i + 1] = values[1];
  }
}
template <class T>
void draw_normal(T* out, std::size_t size, T mean, T stddev) {
  draw(out, size, [=](const std::array<double, 2>& uniforms) {
    const double radius = std::sqrt(-2 * std::log(1 - uniforms[0]));  // 1 - u is never 0
    const double angle = 2 * std::numbers::pi * uniforms[1];
    const auto scaled = [=](double value) {
      return static_cast<T>(static_cast<double>(mean) + static_cast<double>(stddev) * value);
    };
    return std::array<T, 2>{scaled(radius * std::cos(angle)), scaled(radius * std::sin(angle))};
  });
}
template <class T>
void draw_uniform(T* out, std::size_t size, T minval, T maxval) {
  draw(out, size, [=](const std::array<double, 2>& uniforms) {
    const double low = static_cast<double>(minval);
    const auto scaled = [=](double value) {
      const T result = static_cast<T>(low + (static_cast<double>(maxval) - low) * value);
      return result < maxval || maxval <= minval ? result : std::nextafter(maxval, minval);
    };
    return std::array<T, 2>{scaled(uniforms[0]), scaled(uniforms[1])};
  });
}

}  // namespace ops::detail

namespace random {

// Sets the seed of the process, and begins its numbers anew. Without a call the seed is 0, so that every run draws the
// same numbers. Any thread may set the seed and draw numbers; the numbers are repeatable while the threads draw in a
// fixed order.
inline void set_seed(std::uint64_t seed) noexcept {
  ops::detail::random_state().seed = seed;
  ops::detail::random_state().counter = 0;
}

// Returns normally distributed numbers with this mean and standard deviation. They are computed in double and rounded
// to T, so that a float does not depend on the last bit of the C library. Throws Error with ErrorCode::invalid_argument
// when `shape` does not agree with Extents. Without `shape`, all extents must be static.
template <std::floating_point T, std::size_t... Extents>
[[nodiscard]] Tensor<T, Extents...> normal(const Shape& shape, T mean = 0, T stddev = 1) {
  Tensor<T, Extents...> result(shape);
  ops::detail::draw_normal(result.data(), result.size(), mean, stddev);
  return result;
}
template <std::floating_point T, std::size_t... Extents>
  requires(tensor::detail::Extent<Extents...>::is_static)
[[nodiscard]] Tensor<T, Extents...> normal(T mean = 0, T stddev = 1) {
  return normal<T, Extents...>(tensor::detail::Extent<Extents...>::declared().initial_shape(), mean, stddev);
}

// Returns uniformly distributed numbers in [minval, maxval). Throws Error with ErrorCode::invalid_argument when `shape`
// does not agree with Extents. Without `shape`, all extents must be static.
template <std::floating_point T, std::size_t... Extents>
[[nodiscard]] Tensor<T, Extents...> uniform(const Shape& shape, T minval = 0, T maxval = 1) {
  Tensor<T, Extents...> result(shape);
  ops::detail::draw_uniform(result.data(), result.size(), minval, maxval);
  return result;
}
template <std::floating_point T, std::size_t... Extents>
  requires(tensor::detail::Extent<Extents...>::is_static)
[[nodiscard]] Tensor<T, Extents...> uniform(T minval = 0, T maxval = 1) {
  return uniform<T, Extents...>(tensor::detail::Extent<Extents...>::declared().initial_shape(), minval, maxval);
}

}  // namespace random
}  // namespace CAIRN_NAMESPACE
