// Input: a file `checkpoint`. What is read and written again is read as the same.
#include <cairn/format/checkpoint_state.hpp>

#include "fuzz/fuzz.hpp"

using namespace cairn;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::run([&] {
    const auto state = format::decode_checkpoint_state(fuzz::text_of(data, size));
    const std::string text = format::encode_text(state);
    // Compared as text: a timestamp may be no number.
    fuzz::require(format::encode_text(format::decode_checkpoint_state(text)) == text);
  });
  return 0;
}
