// exchange: checkpoints as files of other programs, and back: safetensors, npz and npy.
//
//   cairn::convert("training/ckpt-3", cairn::FileFormat::safetensors, "model.safetensors");
//   cairn::convert("model.safetensors", cairn::FileFormat::tensorflow, "imported/ckpt");
//
//   const cairn::TensorFile file = cairn::read_npz("model.npz");          // the tensors of a file, by name
//   const cairn::AnyTensor kernel = file.read("model.kernel");
//   cairn::save_npy(kernel, "kernel.npy");
//
// The object graph is in the file as a note, so that the way back gives a checkpoint that restores as the first one
// did. The note survives when another program loads all tensors and saves them again. A file without the note gets a
// graph from its names.
//
// Any thread may call the functions of this folder. When two of them write one file, one result replaces the other.
//
//   exchange/convert.hpp      convert, tensors_of, save_checkpoint: any of the formats to any other
//   exchange/safetensors.hpp  read_safetensors, save_safetensors
//   exchange/npz.hpp          read_npz, save_npz
//   exchange/npy.hpp          read_npy, save_npy: one array
//   exchange/tensor_file.hpp  TensorFile: the tensors of a file of any format, on their way to another one
//   exchange/hdf5.hpp         keras::load_weights, save_weights, read_keras: Keras' own files; it needs the HDF5 library,
//                             and is included by itself
#pragma once

#include "reflect/detail/refusals.hpp"

#include "exchange/convert.hpp"
#include "exchange/npy.hpp"
#include "exchange/npz.hpp"
#include "exchange/safetensors.hpp"
#include "exchange/tensor_file.hpp"
