// print_struct: the C++ structs that a checkpoint restores into, as the text of a header.
//
//   std::cout << cairn::print_struct(view.object_graph(), values, {.name = "Training"});
//
//   namespace saved {
//   struct Model {
//     cairn::Variable<float, 784, 10> kernel;
//     cairn::Variable<float, 10> bias;
//   };
//   struct Training {
//     Model model;
//     std::int64_t step = 0;
//   };
//   }  // namespace saved
//
// A struct for each object, a std::vector for a list of equal elements, a std::tuple for another, a std::map for more
// children than a struct can have members; a std::shared_ptr for what is held twice. Objects without values, such as
// Keras' own lists, have no member. What cannot be printed stands in a comment that says why.
#pragma once

#include "../core/error.hpp"
#include "../core/object_graph.hpp"
#include "print_names.hpp"
#include "print_plan.hpp"
#include "print_types.hpp"
#include "print_values.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cairn {

struct PrintStructOptions {
  std::string name = "State";            // of the root's struct
  std::string name_space = "saved";      // of all of them; none when empty
  std::string made_from = "checkpoint";  // what the first line says
};

// `graph` must be sound: every id in it is a node (detail::SavedGraph, CheckpointView). `values` are all values of the
// checkpoint by key. The text can be included as it is and needs <cairn/cairn.hpp> alone. Throws Error
// (invalid_argument) for options that are no names.
[[nodiscard]] inline std::string print_struct(const TrackableObjectGraph& graph, const PrintedValues& values,
                                              const PrintStructOptions& options = {}) {
  for (const std::string* const name : {&options.name, &options.name_space})
    if (!detail::is_member_name(*name) && !(name == &options.name_space && name->empty()))
      throw Error(ErrorCode::invalid_argument,
                  "\"" + *name + "\" is no name for a struct or a namespace; take letters, digits and underscores");
  if (graph.nodes.empty()) throw Error(ErrorCode::invalid_argument, "an object graph without a node has no root");
  const detail::PrintPlan plan = detail::PrintPlanner(graph, values).take();
  return detail::StructPrinter(plan, options.name, options.name_space).text(detail::in_comment(options.made_from));
}

}  // namespace cairn
