// cairn: TensorFlow checkpoints for C++, with plain structs as models. A program that trains includes this header.
//
//   core        the types that all other folders use: Error, DType, Shape
//   tensor      values in memory: Variable, Tensor, AnyTensor
//   reflect     what the type of a struct says: members, NotSaved, describe, static_keys
//   graph       what a user's object holds: Rename, NamedTensors, SlotVariables
//   checkpoint  what is saved, matched and kept: Checkpoint, CheckpointManager, LoadStatus, latest_checkpoint
//   cereal      cereal's classes as members, and its archives over a bundle: BundleOutputArchive, BundleInputArchive
//   edit        only list_variables, load_variable and CheckpointReader
//   ops, keras  a training step: GradientTape, Dense, Sequential, Adam
//
// The other parts have doors of their own, because they take longer to compile. <cairn/all.hpp> includes most of them.
//
//   <cairn/edit.hpp>      a checkpoint without its program: CheckpointView, CheckpointEditor, diff
//   <cairn/exchange.hpp>  a checkpoint as safetensors, npz or npy, and back: convert
//   <cairn/picture.hpp>   a checkpoint as a page or a drawing: write_picture, statistics
//   <cairn/schema.hpp>    checks a struct against a checkpoint at compile time: schema::matches, print_struct
//   <cairn/bundle.hpp>    named tensors in files: merge, rewrite, verify
//   <cairn/json.hpp>      checkpoints that people can read
//   <cairn/testing.hpp>   file systems that fail
#pragma once

#include "reflect/detail/refusals.hpp"

#include "cereal.hpp"
#include "checkpoint.hpp"
#include "core.hpp"
#include "fwd.hpp"
#include "graph.hpp"
#include "keras.hpp"
#include "ops.hpp"
#include "reflect.hpp"
#include "tensor.hpp"
#include "version.hpp"
