// Input: the contents of a block of a table, without its trailer.
#include <cairn/format/block.hpp>

#include "fuzz/fuzz.hpp"

using namespace cairn;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::run([&] {
    const format::Block block(fuzz::text_of(data, size), "a block", 0);
    std::string last;
    bool first = true;
    block.for_each([&](std::string_view key, std::string_view value) {
      fuzz::require(first || last < key);
      first = false;
      last = key;
      fuzz::require(value.empty() || (value.data() >= fuzz::text_of(data, size).data() &&
                                      value.data() + value.size() <= fuzz::text_of(data, size).data() + size));
    });
  });
  return 0;
}
