// What cairn_embed makes has a member `index`.
// expect: this_source_has_no_index<
// expect: cairn: a checkpoint for the compiler is what cairn_embed makes
// errors: 1
#include "cairn/schema.hpp"

#include "trained.hpp"

struct Mine {
#ifdef CAIRN_WRONG
  static constexpr auto& bytes = trained_checkpoint::index;
#else
  static constexpr auto& index = trained_checkpoint::index;
#endif
};
[[maybe_unused]] inline constexpr auto file = cairn::schema::parse(Mine{});
