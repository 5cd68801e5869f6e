// edit: a checkpoint without the program that wrote it. What is in it, and how to change it.
//
//   cairn::CheckpointEditor editor{"training/ckpt-3"};
//   editor.set("optimizer.learning_rate", 0.0005f);
//   editor.erase("optimizer.*");
//   editor.write("shipped/ckpt");
//
//   const cairn::CheckpointReader reader = cairn::load_checkpoint("training");    // its latest
//   std::cout << reader.get_tensor("model.kernel") << '\n';
//   std::cout << cairn::diff("training/ckpt-2", "training/ckpt-3");
//
// A path is a checkpoint's ("training/ckpt-3", also with ".index"), a directory's with a file `checkpoint` (its
// latest), or a SavedModel's.
//
// A value is called by its key, "model/kernel/.ATTRIBUTES/VARIABLE_VALUE", or by its path in the object graph, with
// dots as in LoadStatus, "model.kernel", or with slashes as in the key, "model/kernel"; an optimizer's slot variable "m"
// of that is "optimizer.m.model.kernel". What is a key is one first, then what is a path. Patterns are a shell's: "*" is
// any text, also none, "?" one character, "[ab]" one of these; they are compared with keys and with every path. What a
// pattern fits is taken by its path where it fits one, with all that is below, else by its key.
//
// In a checkpoint of TensorFlow 1, which has no graph, names are keys: "net/w" is the tensor of that name alone, or, where
// there is none, all that is in the scope "net/w"; "net/w/" is the scope in any case.
//
//   edit/checkpoint_reader.hpp  CheckpointReader, load_checkpoint: TensorFlow's reader
//   edit/variables.hpp          list_variables, load_variable
//   edit/checkpoint_view.hpp    CheckpointView: the object graph: children, descendants, match and diff with a program
//   edit/trackable_view.hpp     TrackableView: the same for a program's objects
//   edit/checkpoint_editor.hpp  CheckpointEditor: set, add, erase, rename, copy, cast, merge, average, write
//   edit/diff.hpp               diff: what two checkpoints differ in
//   edit/convert.hpp            convert: checkpoints as safetensors and npz, and back
//   edit/safetensors.hpp        read_safetensors, save_safetensors
//   edit/npz.hpp                read_npz, save_npz
//   edit/npy.hpp                read_npy, save_npy: one array
//   edit/tensor_file.hpp        TensorFile: what is between two formats
//
// Not included here, because few programs need them and a page is in them:
//   edit/picture.hpp            picture, write_picture: a page for a browser, or a drawing for Graphviz
//   edit/statistics.hpp         statistics: smallest, largest, mean, histogram, … of a tensor of any size
//
// Behind them: value_names.hpp (keys and paths); fitting.hpp (patterns); edited_checkpoint.hpp, edits.hpp and
// combine.hpp (what an editor does); edited_graph.hpp, graph_moves.hpp and merged_graph.hpp (the object graph, kept true); new_value.hpp,
// edited_value.hpp and write_edited.hpp (the values); tensor_names.hpp and tensor_notes.hpp (what checkpoints have and
// other formats have not); safetensors_header.hpp, json_text.hpp, npy_header.hpp, npy_data.hpp, zip_format.hpp,
// zip_reader.hpp, zip_writer.hpp, inflate.hpp, crc32.hpp, base64.hpp, publish_file.hpp (those formats).
#pragma once

#include "graph/refusals.hpp"

#include "edit/checkpoint_editor.hpp"
#include "edit/checkpoint_reader.hpp"
#include "edit/checkpoint_view.hpp"
#include "edit/convert.hpp"
#include "edit/diff.hpp"
#include "edit/npy.hpp"
#include "edit/npz.hpp"
#include "edit/safetensors.hpp"
#include "edit/tensor_file.hpp"
#include "edit/trackable_view.hpp"
#include "edit/variables.hpp"
