// format: how the bytes of a checkpoint are laid out, in memory. This folder opens no file and knows no tensor.
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
// Any bytes may be read: each function ends with a result or an Error, and its time and memory are bounded by the
// number of bytes.
//
//   format/table.hpp             Table, TableReader: read the .index file
//   format/table_builder.hpp     TableBuilder: writes the .index file
//   format/table_format.hpp      the layout of a table, as a drawing; BlockHandle
//   format/block.hpp             Block: reads one block of a table
//   format/block_builder.hpp     BlockBuilder: writes one block of a table
//   format/snappy.hpp            snappy_uncompress: blocks that early releases of TensorFlow compressed
//   format/bundle_messages.hpp   BundleHeader, BundleEntry: the messages in the table
//   format/object_graph.hpp      decode_object_graph, encode: the object graph as a protobuf message
//   format/checkpoint_state.hpp  CheckpointState: the file `checkpoint`
//   format/wire.hpp              FieldReader: reads the fields of protobuf messages
//   format/field_writer.hpp      FieldWriter: writes them
//   format/text_proto.hpp        TextTokenizer: protobuf's text format
//   format/varint.hpp            ByteReader: reads numbers and texts from bytes, with all checks; put_ functions write them
//   format/crc32c.hpp            crc32c: checksums, and their masked form in files
#pragma once

#include "format/block.hpp"
#include "format/block_builder.hpp"
#include "format/bundle_messages.hpp"
#include "format/checkpoint_state.hpp"
#include "format/crc32c.hpp"
#include "format/field_writer.hpp"
#include "format/object_graph.hpp"
#include "format/snappy.hpp"
#include "format/table.hpp"
#include "format/table_builder.hpp"
#include "format/table_format.hpp"
#include "format/text_proto.hpp"
#include "format/varint.hpp"
#include "format/wire.hpp"
