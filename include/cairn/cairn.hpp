// cairn: TensorFlow checkpoints for C++, with plain structs as the model.
//
//   core        the words that all parts share: Error, DType, Shape
//   tensor      values in memory: Variable, Tensor, AnyTensor
//   io          how bytes reach the disk: a small file interface, publication by rename
//   format      how bytes are laid out: tables, checksums, protobuf messages
//   bundle      named tensors in files: bundle::Writer, bundle::Reader
//   reflect     what the type of a struct says: members, NotSaved, describe, static_keys
//   graph       what a user's object holds: Rename, NamedTensors, SlotVariables, registered savers
//   checkpoint  what is saved, matched and kept: Checkpoint, CheckpointManager
//   cereal      cereal's archives over a bundle, and its classes as members: BundleOutputArchive, BundleInputArchive
//   edit        a checkpoint without its program: CheckpointReader, CheckpointView, CheckpointEditor, diff
//   exchange    a checkpoint as safetensors, npz or npy, and back: convert
//   schema      the compiler checks a struct against a checkpoint (schema::matches), or is given one (print_struct)
//   ops, keras  a training step: GradientTape, Dense, Sequential, Adam
#pragma once

#include "reflect/detail/refusals.hpp"

#include "bundle.hpp"
#include "cereal.hpp"
#include "checkpoint.hpp"
#include "core.hpp"
#include "edit.hpp"
#include "exchange.hpp"
#include "format.hpp"
#include "graph.hpp"
#include "io.hpp"
#include "keras.hpp"
#include "ops.hpp"
#include "reflect.hpp"
#include "schema.hpp"
#include "tensor.hpp"
#include "version.hpp"
