// Input: raw snappy.
#include <cairn/format/snappy.hpp>

#include "fuzz/fuzz.hpp"

using namespace cairn;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::run([&] {
    const std::string text = format::snappy_uncompress(fuzz::text_of(data, size), "the input");
    fuzz::require(text.size() <= format::max_snappy_expansion * size);
  });
  return 0;
}
