// The option is called durability, and has the values of cairn::Durability.
// expect: cairn: the option `durable` is called `durability` now.
// errors: 1
#include "cairn/bundle/writer_options.hpp"

#ifdef CAIRN_WRONG
cairn::bundle::WriterOptions use() { return {.durable = false, .shard_size = 1}; }
#else
cairn::bundle::WriterOptions use() { return {.durability = cairn::Durability::none, .shard_size = 1}; }
#endif
