// bundle: named tensors in files. TensorFlow's TensorBundle: an index, and data shards.
//
//   cairn::bundle::Writer writer("training/ckpt-3");
//   writer.add("weights", view);          // plans
//   writer.finish();                      // writes, then publishes at one instant
//   cairn::bundle::Reader("training/ckpt-3").read("weights");
//
// Below this folder there are bytes, above it there are tensors.
//
//   bundle/writer.hpp         Writer
//   bundle/reader.hpp         Reader
//   bundle/verify.hpp         verify: all that is wrong with a checkpoint, as a list (finding.hpp)
//   bundle/entry.hpp          Entry: where a tensor's bytes are
//   bundle/object_graph.hpp   the graph that tells which object has which key
//   bundle/naming.hpp         names of files
//   bundle/files.hpp          a bundle's files as a whole: exists, remove
//   bundle/index.hpp          the .index file, decoded and encoded
//   bundle/shards.hpp         the open data files, and what an entry must be
//   bundle/string_tensor.hpp  how strings lie in a data file
//   bundle/slice.hpp          partitioned tensors (slice_cover.hpp: do their parts overlap)
//   bundle/stored_bytes.hpp, bundle/piece_writer.hpp   one tensor read, many tensors written, in pieces
#pragma once

#include "bundle/entry.hpp"
#include "bundle/files.hpp"
#include "bundle/index.hpp"
#include "bundle/naming.hpp"
#include "bundle/object_graph.hpp"
#include "bundle/piece_writer.hpp"
#include "bundle/reader.hpp"
#include "bundle/shards.hpp"
#include "bundle/slice.hpp"
#include "bundle/stored_bytes.hpp"
#include "bundle/string_tensor.hpp"
#include "bundle/verify.hpp"
#include "bundle/writer.hpp"
