// Bytes are unsigned char, as #embed gives them.
// expect: these_are_not_bytes<
// expect: cairn: the bytes of a file are an array of unsigned char
#include "cairn/schema.hpp"

#include "trained.hpp"

#ifdef CAIRN_WRONG
constexpr int bytes[] = {1, 2, 3};
[[maybe_unused]] inline constexpr auto file = cairn::schema::parse(bytes);
#else
[[maybe_unused]] inline constexpr auto file = cairn::schema::parse(trained_checkpoint::index);
#endif
