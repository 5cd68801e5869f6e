// bundle: named tensors in files. The format is TensorFlow's TensorBundle: an index, and data files (shards).
//
//   cairn::bundle::Writer writer("training/ckpt-3");
//   writer.add("weights", view);          // plans
//   writer.finish();                      // writes, then publishes at one instant
//   cairn::bundle::Reader("training/ckpt-3").read("weights");
//
// The folders below this one know bytes, the folders above it know tensors.
//
//   bundle/writer.hpp            Writer: tensors, parts of tensors, copies from other bundles
//   bundle/writer_options.hpp    WriterOptions: size of shards, alignment, threads, fsync
//   bundle/reader.hpp            Reader: whole tensors, blocks of them, pieces of large ones, or views of the file
//   bundle/entry_reader.hpp      EntryReader: all tensors, one after the other, without the memory of all
//   bundle/merge.hpp             merge: the bundles of several writers made one; is_part
//   bundle/rewrite.hpp           rewrite: a bundle written again from its contents, byte for byte
//   bundle/verify.hpp            verify: everything that is wrong with a checkpoint, as a list
//   bundle/finding.hpp           Finding: one problem in that list
//   bundle/find_checkpoint.hpp   the checkpoint that a path means: latest_checkpoint, get_checkpoint_state
//   bundle/entry.hpp             Entry: where the bytes of a tensor are
//   bundle/index.hpp             Index: the .index file, decoded; read_index, encode_index
//   bundle/object_graph.hpp      the object graph, which tells the key of each object
//   bundle/files.hpp             the files of a bundle as a whole: whether they are there, and their removal
//   bundle/naming.hpp            the names of these files
#pragma once

#include "bundle/entry.hpp"
#include "bundle/entry_reader.hpp"
#include "bundle/files.hpp"
#include "bundle/find_checkpoint.hpp"
#include "bundle/finding.hpp"
#include "bundle/index.hpp"
#include "bundle/merge.hpp"
#include "bundle/naming.hpp"
#include "bundle/object_graph.hpp"
#include "bundle/reader.hpp"
#include "bundle/rewrite.hpp"
#include "bundle/verify.hpp"
#include "bundle/writer.hpp"
#include "bundle/writer_options.hpp"
