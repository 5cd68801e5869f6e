// Input: a byte that says which message, and the message. What is read and written again is read as the same.
#include <cairn/format/bundle_messages.hpp>
#include <cairn/format/detail/ordered_code.hpp>
#include <cairn/format/object_graph.hpp>

#include "fuzz/fuzz.hpp"

using namespace cairn;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes = fuzz::text_of(data, size).substr(1);
  fuzz::run([&] {
    if (data[0] % 3 == 0) {
      const auto header = format::decode_bundle_header(bytes);
      fuzz::require(format::decode_bundle_header(format::encode(header)) == header);
    } else if (data[0] % 3 == 1) {
      const auto entry = format::decode_bundle_entry(bytes);
      fuzz::require(format::decode_bundle_entry(format::encode(entry)) == entry);
      for (const auto& slice : entry.slices) (void)cairn::format::detail::encode_slice_key("a tensor", slice);
      (void)entry.shape.checked_num_elements();
    } else {
      const auto graph = format::decode_object_graph(bytes);
      const std::string again = format::encode(graph);
      fuzz::require(format::decode_object_graph(again) == graph);
    }
  });
  return 0;
}
