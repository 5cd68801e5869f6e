// schema: the compiler checks whether a program's model fits a checkpoint.
//
//   #include "trained.hpp"                        // cairn_embed made it from trained/ckpt-1 when the program was built
//
//   struct Training { Model model; std::int64_t step = 0; };
//   static_assert(cairn::schema::matches<Training>(cairn::schema::parse(trained)));
//
// Each member whose dtype and shape the struct's type tells must be in the checkpoint, with that dtype and shape. The
// checkpoint may have more values. Where the struct does not fit, the refusal names the first 24 members that differ,
// with their dtypes and shapes in the struct and in the checkpoint, and for a missing member the nearest name. Elements
// of lists and maps, and objects behind pointers and optionals, are checked where the checkpoint has them. A class that
// cereal archives is not checked.
//
// With the object graph, which cairn_embed puts into the header, the check follows the names from the root, as a
// restore does. With the index alone it compares the keys. They have the same names, unless an object was saved under a
// shorter path: a Keras optimizer lists the model's weights, too, and then only the graph tells where the weights
// belong.
//
// cairn_embed is a program that Meson's find_program finds:
//
//   trained = custom_target('trained', input: 'trained/ckpt-1.index', output: 'trained.hpp',
//                           command: [find_program('cairn_embed'), '@INPUT@', '@OUTPUT@'])
//
// Without Meson, a script does what cairn_embed does:
//
//   python3 include/cairn/schema/embed.py trained/ckpt-1 trained.hpp
//
// A compiler that has #embed needs no header: parse<index>() and parse<index, graph_or_data_file>() read arrays.
//
// The compiler takes seconds for an index of 1000 tensors. A larger index needs more steps than compilers allow by
// default:
//   clang  -fconstexpr-steps=100000000
//   g++    -fconstexpr-ops-limit=1000000000 -fconstexpr-loop-limit=10000000
//
// print_struct goes the other way: it writes the structs that a checkpoint restores into, as the text of a header.
//
//   std::cout << cairn::print_struct(view.object_graph(), values, {.name = "Training"});
//
//   schema/parse.hpp         parse: the index and object graph of a checkpoint as a constant
//   schema/matches.hpp       matches: refuses a struct that does not fit; differences: returns a Report
//   schema/report.hpp        Report, Difference: the differences as a constant, and as text
//   schema/print_struct.hpp  print_struct: the structs that a checkpoint restores into
//   schema/print_values.hpp  PrintedValues: the dtypes and shapes of a checkpoint, for print_struct
#pragma once

#include "schema/matches.hpp"
#include "schema/parse.hpp"
#include "schema/print_struct.hpp"
#include "schema/print_values.hpp"
#include "schema/report.hpp"
