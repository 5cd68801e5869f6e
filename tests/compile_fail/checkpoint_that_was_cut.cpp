// What is wrong with a file stands in the refusal.
// expect: this_checkpoint_cannot_be_read<
// expect: its_last_8_bytes_are_not_those_of_an_index
// expect: cairn: the compiler cannot read this index, or its object graph
// errors: 1
#include "cairn/schema.hpp"

#include "trained.hpp"

#include <array>

constexpr auto bytes = [] {
#ifdef CAIRN_WRONG
  std::array<unsigned char, 200> cut{};
#else
  std::array<unsigned char, sizeof trained.index> cut{};
#endif
  for (std::size_t i = 0; i < cut.size(); ++i) cut[i] = trained.index[i];
  return cut;
}();
[[maybe_unused]] inline constexpr auto file = cairn::schema::parse<bytes>();
