// Of a file whose bytes are a value the compiler learns only whether it fits, and how to see where not.
// expect: cairn: the struct does not fit the checkpoint; matches<Struct, file>() shows what differs
#include "cairn/schema.hpp"

#include "trained.hpp"

struct Model {
#ifdef CAIRN_WRONG
  cairn::Variable<float, 3, 4> weights;
#else
  cairn::Variable<float, 3, 2> weights;
#endif
};
constexpr auto file = cairn::schema::parse(trained_checkpoint::index);
static_assert(cairn::schema::matches<Model>(file));
