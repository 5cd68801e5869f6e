// hdf5: Keras' own files: .weights.h5 and .keras of Keras 3, .h5 of Keras 1 to 3.
//
//   keras::Sequential<keras::Dense<784, 10, keras::relu>, keras::Dense<10, 10, keras::softmax>> model;
//   cairn::keras::load_weights(model, "model.keras").assert_existing_objects_matched();
//
//   const cairn::TensorFile weights = cairn::read_keras("model.keras");
//   cairn::save_checkpoint(weights, "imported/ckpt");           // or save_safetensors, save_npz
//
// This header needs the HDF5 C library (Debian: libhdf5-dev; pkg-config and Meson: hdf5) and is in no other door. cairn
// lets one thread at a time call the library. The library, and not cairn, reads the structure of a file: version 1.10
// was seen to crash on damaged lists of names, so give it only files of people whom you trust.
//
//   hdf5/load_weights.hpp  keras::load_weights: the weights in a file into a model, and an optimizer's state
//   hdf5/save_weights.hpp  keras::save_weights: a model and its optimizer as a file that Keras loads
//   hdf5/read_keras.hpp    read_keras: the weights in a file, as named tensors
#pragma once

#include "hdf5/load_weights.hpp"
#include "hdf5/read_keras.hpp"
#include "hdf5/save_weights.hpp"
