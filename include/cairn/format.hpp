// How the bytes of a checkpoint are laid out, in memory: nothing here opens a file or knows a tensor.
//
//   P.index     a sorted table "" -> header, key -> entry         table.hpp, table_builder.hpp, bundle_messages.hpp
//   P.data-...  raw bytes; one string in it is the object graph   object_graph.hpp
//   checkpoint  which checkpoint is the newest, as text           checkpoint_state.hpp
//
//   cairn::format::Table table(bytes_of_the_index, "ckpt-1.index");
//   table.for_each([](std::string_view key, std::string_view value) {
//     if (!key.empty()) std::cout << key << cairn::to_string(cairn::format::decode_bundle_entry(value).shape) << '\n';
//   });
//
// Whatever bytes are given, reading them ends, in time and memory bounded by their number, with a result or an Error.
// From the bottom:
//   crc32c.hpp            checksums, masked as files hold them (plain and hardware ways beside it)
//   polyval.hpp           a strong hash, for what must not be mistaken for what it was
//   varint.hpp, utf8.hpp  numbers; ByteReader, the one checked way to read anything
//   wire.hpp              protobuf's fields, and bundle_messages.hpp, object_graph.hpp made of them; message_writer.hpp
//                         where there are very many
//   text_number.hpp, text_proto.hpp      protobuf's text, and checkpoint_state.hpp made of it
//   block*.hpp, table*.hpp, snappy.hpp   LevelDB's tables
//   ordered_code.hpp      keys of the slices of partitioned tensors
//   saved_tensor_slices.hpp   the messages of TensorFlow's old format V1, which has all in one table
#pragma once

#include "format/block.hpp"
#include "format/block_builder.hpp"
#include "format/bundle_messages.hpp"
#include "format/checkpoint_state.hpp"
#include "format/crc32c.hpp"
#include "format/crc32c_copy.hpp"
#include "format/message_writer.hpp"
#include "format/object_graph.hpp"
#include "format/ordered_code.hpp"
#include "format/polyval.hpp"
#include "format/saved_tensor_slices.hpp"
#include "format/snappy.hpp"
#include "format/table.hpp"
#include "format/table_builder.hpp"
#include "format/table_format.hpp"
#include "format/text_number.hpp"
#include "format/text_proto.hpp"
#include "format/utf8.hpp"
#include "format/varint.hpp"
#include "format/wire.hpp"
