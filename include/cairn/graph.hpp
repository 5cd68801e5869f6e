// graph: what the user's struct holds.
//
//   struct Model { cairn::Variable<float, 784, 10> weights; cairn::Variable<float, 10> biases; };
//
//   node 0 --"weights"--> node 1 { VARIABLE_VALUE: weights/.ATTRIBUTES/VARIABLE_VALUE }
//          --"biases"---> node 2 { VARIABLE_VALUE: biases/.ATTRIBUTES/VARIABLE_VALUE }
//
// Compile time: which type becomes what
//   graph/reflect.hpp      a plain struct's members, through Boost.PFR; require.hpp refuses what cannot be taken apart
//   graph/members.hpp      members renamed, aliased or left out, without touching the type
//   graph/trackable.hpp    the table of kinds; adapter.hpp is how other types join
//   graph/named_tensors.hpp  a class that is several tensors of one node; several_tensors.hpp makes it an object
//   graph/slot_variables.hpp what an optimizer keeps for each variable; slot_variable_set.hpp is it without types
//   graph/path.hpp         "model.weights" to a member
//   graph/static_form.hpp  what a type alone says of its children and values; static_keys.hpp keys and sizes,
//                          describe.hpp the tree as text
// From types to objects
//   graph/object.hpp       Object, Slot, Landing, Change: a user's object without its type
//   graph/leaf_types.hpp, container_types.hpp, struct_type.hpp, slot_types.hpp   how each kind of type does it
// Run time: the walk
//   graph/walk.hpp         a live state as an object graph; root.hpp is where it begins, keys.hpp makes the keys,
//                          same_graph.hpp knows it again
//   graph/match.hpp        an object graph of a file and a live state, side by side; match_objects.hpp what follows
//                          from a pair that is found, match_values.hpp the values of two that are bound;
//                          restore_plan.hpp carries it out. node_table.hpp is the file's graph, checked;
//                          saved_graph.hpp all that it says
//   graph/registered_saver.hpp  functions of the program that save and restore objects in steps of their own
//   graph/pattern.hpp      patterns of names: "*", "?", "[ab]"
//   graph/rename.hpp       Rename: old path, new path; renamed_graph.hpp applies it to a file's graph, or takes a part
#pragma once

#include "graph/refusals.hpp"

#include "graph/container_types.hpp"
#include "graph/describe.hpp"
#include "graph/leaf_types.hpp"
#include "graph/match.hpp"
#include "graph/members.hpp"
#include "graph/path.hpp"
#include "graph/registered_saver.hpp"
#include "graph/rename.hpp"
#include "graph/renamed_graph.hpp"
#include "graph/several_tensors.hpp"
#include "graph/slot_types.hpp"
#include "graph/slot_variables.hpp"
#include "graph/static_form.hpp"
#include "graph/static_keys.hpp"
#include "graph/struct_type.hpp"
#include "graph/walk.hpp"
