// bundle: named tensors in files. The format is TensorFlow's TensorBundle: an index, and data files (shards).
//
//   cairn::bundle::Writer writer("training/ckpt-3");
//   writer.add("weights", view);          // plans
//   writer.finish();                      // writes, then publishes at one instant
//   cairn::bundle::Reader("training/ckpt-3").read("weights");
//
// The files and their format are in io and format, which know no tensor; the user's objects are in checkpoint.
//
//   bundle/writer.hpp            Writer: tensors, parts of tensors, copies from other bundles
//   bundle/writer_options.hpp    WriterOptions: size of shards, alignment, threads, fsync
//   bundle/reader.hpp            Reader: whole tensors, blocks of them, pieces of large ones, or views of the file
//   bundle/entry_reader.hpp      EntryReader: all tensors, one after the other, without the memory of all
//   bundle/merge.hpp             merge: joins the bundles of several writers to one; is_part
//   bundle/rewrite.hpp           rewrite: writes a bundle again from its contents, byte for byte
//   bundle/verify.hpp            verify: lists all damage of a checkpoint
//   bundle/finding.hpp           Finding: one problem that verify lists
//   bundle/find_checkpoint.hpp   the checkpoint that a path means: latest_checkpoint, get_checkpoint_state
//   bundle/entry.hpp             Entry: where the bytes of a tensor are
//   bundle/index.hpp             Index: the .index file, decoded; read_index, encode_index
//   bundle/object_graph.hpp      read_object_graph: the object graph, which has the key of each object's value
//   bundle/files.hpp             checkpoint_exists, remove_checkpoint: all files of a bundle together
//   bundle/naming.hpp            index_path, data_path: the names of a bundle's files
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
