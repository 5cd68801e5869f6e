// bundle: named tensors in files. TensorFlow's TensorBundle: an index, and data shards.
//
//   cairn::bundle::Writer writer("training/ckpt-3");
//   writer.add("weights", view);          // plans
//   writer.finish();                      // writes, then publishes at one instant
//   cairn::bundle::Reader("training/ckpt-3").read("weights");
//
// Below this folder there are bytes, above it there are tensors.
//
//   bundle/writer.hpp         Writer: tensors, parts of tensors, copies from other bundles; shards of a size
//   bundle/writer_options.hpp WriterOptions: shards, alignment, threads, fsync
//   bundle/reader.hpp         Reader: whole tensors, blocks of them, pieces of what does not fit in memory, or views of the file
//   bundle/merge.hpp          merge: the bundles of several writers made one
//   bundle/rewrite.hpp        rewrite: a bundle written again from its contents, byte for byte
//   bundle/verify.hpp         verify: all that is wrong with a checkpoint, as a list (finding.hpp)
//   bundle/entry.hpp          Entry: where a tensor's bytes are
//   bundle/object_graph.hpp   the graph that tells which object has which key
//   bundle/naming.hpp         names of files
//   bundle/find_checkpoint.hpp   which checkpoint a path means: latest_checkpoint, get_checkpoint_state
//   bundle/files.hpp          a bundle's files as a whole: exists, remove
//   bundle/index.hpp          the .index file, decoded and encoded
//
// Behind them: slice.hpp, slice_cover.hpp and parts.hpp (partitioned tensors), numbers.hpp, mapped_numbers.hpp,
// string_tensor.hpp, compare_strings.hpp and copy_stored.hpp (elements and their checksums), shards.hpp,
// stored_bytes.hpp, bulk_read.hpp, overwritten.hpp (reading), sharding.hpp, planned_bytes.hpp, planned_range.hpp,
// piece_writer.hpp, temporary_shards.hpp, publication.hpp, kept_bundle.hpp, planned_entry.hpp, layout.hpp and
// unused_bytes.hpp (data files that several bundles share) (writing); v1_files.hpp and v1_bundle.hpp (TensorFlow's old
// format V1 as a bundle), file_kind.hpp and no_checkpoint.hpp (what lies where no checkpoint is).
#pragma once

#include "bundle/entry.hpp"
#include "bundle/files.hpp"
#include "bundle/find_checkpoint.hpp"
#include "bundle/index.hpp"
#include "bundle/merge.hpp"
#include "bundle/naming.hpp"
#include "bundle/object_graph.hpp"
#include "bundle/piece_writer.hpp"
#include "bundle/reader.hpp"
#include "bundle/rewrite.hpp"
#include "bundle/shards.hpp"
#include "bundle/slice.hpp"
#include "bundle/stored_bytes.hpp"
#include "bundle/string_tensor.hpp"
#include "bundle/verify.hpp"
#include "bundle/writer.hpp"
