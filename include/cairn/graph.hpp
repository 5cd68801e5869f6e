// graph: the objects of a program as TensorFlow's object graph.
//
//   struct Model { cairn::Variable<float, 784, 10> weights; cairn::Variable<float, 10> biases; };
//
//   node 0 --"weights"--> node 1 { VARIABLE_VALUE: weights/.ATTRIBUTES/VARIABLE_VALUE }
//          --"biases"---> node 2 { VARIABLE_VALUE: biases/.ATTRIBUTES/VARIABLE_VALUE }
//
// A save walks over the user's objects from the root, and makes a node for each and an edge for each member. A restore
// walks over them and over the checkpoint's graph side by side, by the names of the edges.
//
//   graph/named_tensors.hpp     NamedTensors: a class that is several tensors of one node
//   graph/slot_variables.hpp    SlotVariables: the state that an optimizer has for each variable
//   graph/rename.hpp            Rename: an old path and a new path for a restore
//   graph/mismatch.hpp          Mismatch, OnMismatch: a dtype or shape that differs, and what a restore does about it
#pragma once

#include "reflect/detail/refusals.hpp"

#include "graph/mismatch.hpp"
#include "graph/named_tensors.hpp"
#include "graph/rename.hpp"
#include "graph/slot_variables.hpp"
