// schema: does this program's model fit that checkpoint? says the compiler.
//
//   #include "trained.hpp"                        // made by cairn_embed from trained/ckpt-1, when the program is built
//
//   struct Training { Model model; std::int64_t step = 0; };
//   static_assert(cairn::schema::matches<Training>(cairn::schema::parse(trained)));
//
// Each member whose place, dtype and shape the struct's type says must be in the checkpoint and have them; what only
// the checkpoint has is no matter. Where it does not fit, the refusal names all members that differ, what the struct
// has and what the checkpoint has, and for one that is missing the nearest name. What only the running program knows is
// left to the restore: lists, maps, pointers and optionals are checked as far as the checkpoint shows them; classes
// that cereal archives are not.
//
// With the object graph (cairn_embed puts it in) the check goes by names from the root, as a restore does. With the
// index alone it goes by the keys, which say the same unless an object was saved under a shorter path: Keras'
// optimizers take the model's weights under theirs, and then only the graph says where they belong.
//
// cairn_embed is a program that Meson's find_program finds:
//
//   trained = custom_target('trained', input: 'trained/ckpt-1.index', output: 'trained.hpp',
//                           command: [find_program('cairn_embed'), '@INPUT@', '@OUTPUT@'])
//
// Elsewhere: python3 include/cairn/schema/embed.py trained/ckpt-1 trained.hpp. Where the compiler has #embed, arrays
// do: parse<index>(), parse<index, graph or data file>().
//
// An index of 1000 tensors takes seconds; larger ones need more steps than compilers take unasked:
//   clang  -fconstexpr-steps=100000000
//   g++    -fconstexpr-ops-limit=1000000000 -fconstexpr-loop-limit=10000000
//
//   schema/file.hpp       parse
//   schema/matches.hpp    matches, differences
//   schema/report.hpp     what differs, as a constant
//   schema/match.hpp      a type and a checkpoint's tree, side by side
//   schema/tree.hpp       that tree: from the object graph, or from keys
//   schema/index.hpp, block.hpp, bytes.hpp   the index; growing_array.hpp memory in constant expressions
//
//   std::cout << cairn::print_struct(view.object_graph(), values, {.name = "Training"});
//
//   schema/print_struct.hpp   print_struct: the structs that a checkpoint restores into, as the text of a header; behind
//                         it print_plan.hpp (who owns whom), print_values.hpp, print_types.hpp and print_names.hpp
#pragma once

#include "schema/file.hpp"
#include "schema/match.hpp"
#include "schema/matches.hpp"
#include "schema/print_struct.hpp"
#include "schema/report.hpp"
