// schema: a checkpoint's index beside a program's structs.
//
//   std::cout << cairn::print_struct(view.object_graph(), values, {.name = "Training"});
//
//   schema/print_struct.hpp   print_struct: the structs that a checkpoint restores into, as the text of a header
//
// Behind it: print_plan.hpp (who owns whom), print_values.hpp, print_types.hpp and print_names.hpp.
#pragma once

#include "schema/print_struct.hpp"
