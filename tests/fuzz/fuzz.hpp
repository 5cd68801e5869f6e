// What the harnesses share. Each is one file with LLVMFuzzerTestOneInput, which must end for any input with a result or
// an Error; run.sh builds them with libFuzzer, meson.build with replay.cpp, which runs the seeds in corpus/.
#pragma once

#include <cairn/core/error.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

// libFuzzer's: changes the bytes in place, and returns how many there are then.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed);

namespace cairn::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// Not an assert: it must also hold where those are compiled out.
inline void require(bool holds) {
  if (!holds) std::abort();
}

template <class Call>
void run(Call call) {
  try {
    call();
  } catch (const Error&) {}
}

// The text as libFuzzer changes it, at most `most` bytes more.
inline std::string mutated(std::string text, std::size_t most = 64) {
  const std::size_t size = text.size();
  text.resize(size + most);
  text.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(text.data()), size, text.size()));
  return text;
}

// Gives `text` back to libFuzzer as what its mutator made.
inline std::size_t give(const std::string& text, std::uint8_t* data, std::size_t size, std::size_t max_size) {
  if (text.size() > max_size) return LLVMFuzzerMutate(data, size, max_size);
  text.copy(reinterpret_cast<char*>(data), text.size());
  return text.size();
}

}  // namespace cairn::fuzz
