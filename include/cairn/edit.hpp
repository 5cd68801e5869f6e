// edit: a checkpoint without the program that wrote it: reading, comparing and changing it.
//
//   cairn::CheckpointEditor editor{"training/ckpt-3"};
//   editor.set("optimizer.learning_rate", 0.0005f);
//   editor.erase("optimizer.*");
//   editor.write("shipped/ckpt");
//
//   const cairn::CheckpointReader reader = cairn::load_checkpoint("training");    // the latest checkpoint in there
//   std::cout << reader.get_tensor("model.kernel") << '\n';
//   std::cout << cairn::diff("training/ckpt-2", "training/ckpt-3");
//
// A path is that of a checkpoint ("training/ckpt-3", also with ".index"), that of a directory with a file `checkpoint`
// (its latest checkpoint), or that of a SavedModel.
//
// A value has two names: its key, "model/kernel/.ATTRIBUTES/VARIABLE_VALUE", and its path in the object graph, with
// dots as in LoadStatus, "model.kernel", or with slashes as in the key, "model/kernel". The slot variable "m" that an
// optimizer has for this value is "optimizer.m.model.kernel". A name that is a key means that key; any other name is a
// path.
//
// A pattern is one of a shell: "*" fits any text, also none, "?" one character, "[ab]" one of these characters. It is
// compared with all keys and with every path. An object or value whose path fits is taken by its path, with everything
// below it. A value whose key alone fits is taken by its key.
//
// A checkpoint of TensorFlow 1 has no object graph, and its names are keys: "net/w" is the tensor of that name. Where
// no tensor has the name, it is everything in the scope "net/w"; "net/w/" is always the scope.
//
// Any thread may call the functions of this folder; each class says who may call its members.
//
//   edit/checkpoint_reader.hpp  CheckpointReader, load_checkpoint: TensorFlow's reader
//   edit/variables.hpp          list_variables, load_variable
//   edit/checkpoint_view.hpp    CheckpointView: the object graph: children, descendants, match and diff with a program
//   edit/trackable_view.hpp     TrackableView: the same for the objects of a program
//   edit/checkpoint_editor.hpp  CheckpointEditor: set, add, erase, rename, copy, cast, merge, average, write
//   edit/new_value.hpp          NewValue: the values that an editor takes
//   edit/checkpoint_change.hpp  CheckpointChange, LastEdit: what an editor will do, and did
//   edit/diff.hpp               diff: the differences between two checkpoints
//   edit/propose_renames.hpp    propose_renames: the renames that restore what has other names, as model.export() writes
#pragma once

#include "reflect/detail/refusals.hpp"

#include "edit/checkpoint_change.hpp"
#include "edit/checkpoint_editor.hpp"
#include "edit/checkpoint_reader.hpp"
#include "edit/checkpoint_view.hpp"
#include "edit/diff.hpp"
#include "edit/new_value.hpp"
#include "edit/propose_renames.hpp"
#include "edit/trackable_view.hpp"
#include "edit/variables.hpp"
