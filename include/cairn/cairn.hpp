// cairn: TensorFlow checkpoints for C++, with plain structs as the model.
//
//   core        the words that all parts share: Error, DType, Shape
//   tensor      values in memory: Variable, Tensor, AnyTensor
//   io          how bytes reach the disk: a small file interface, publication by rename
//   format      how bytes are laid out: tables, checksums, protobuf messages
//   bundle      named tensors in files: bundle::Writer, bundle::Reader
//   graph       what a user's struct holds: rename, NamedTensors, SlotVariables, registered savers
//   archive     how cereal meets a bundle: BundleOutputArchive, BundleInputArchive
//   checkpoint  what is saved, matched and kept: Checkpoint, CheckpointManager
//   edit        a checkpoint without its program: CheckpointReader, CheckpointView, CheckpointEditor, diff, convert
//   schema      the compiler checks a struct against a checkpoint (schema::matches), or is given one (print_struct)
//   ops, keras  a training step: GradientTape, Dense, Sequential, Adam
#pragma once

#include "graph/refusals.hpp"

#include "archive.hpp"
#include "bundle.hpp"
#include "checkpoint.hpp"
#include "core.hpp"
#include "edit.hpp"
#include "format.hpp"
#include "graph.hpp"
#include "io.hpp"
#include "keras.hpp"
#include "ops.hpp"
#include "schema.hpp"
#include "tensor.hpp"
#include "version.hpp"
