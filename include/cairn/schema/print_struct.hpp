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
// Each object becomes a struct. A list becomes a std::vector where its elements are of one type, and a std::tuple where
// they are not; an object with more children than a struct can have members becomes a std::map. An object that is held
// twice is behind a std::shared_ptr. Objects without values, such as Keras' own lists, have no member. A value that
// cannot be printed is in a comment that tells the reason.
#pragma once

#include "../core/error.hpp"
#include "../core/object_graph.hpp"
#include "detail/print_plan.hpp"
#include "detail/print_types.hpp"
#include "detail/print_words.hpp"
#include "print_values.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace CAIRN_NAMESPACE {

// The names in the text that print_struct returns.
struct PrintStructOptions {
  std::string name = "State";            // the name of the root's struct
  std::string name_space = "saved";      // the namespace of all structs; when it is empty, there is no namespace
  std::string made_from = "checkpoint";  // the name of the checkpoint in the first line, a comment
};

// Returns the structs that a checkpoint restores into, as the text of a header, which needs <cairn/cairn.hpp> only.
// Each node id in `graph` must be the number of a node: CheckpointView::object_graph() returns such a graph. `values`
// has the dtype and shape of every value of the checkpoint. Throws Error with ErrorCode::invalid_argument when `name`
// or `name_space` is no name of C++, and for a graph without nodes.
[[nodiscard]] inline std::string print_struct(const ObjectGraph& graph, const PrintedValues& values,
                                              const PrintStructOptions& options = {}) {
  for (const std::string* const name : {&options.name, &options.name_space})
    if (!schema::detail::is_member_name(*name) && !(name == &options.name_space && name->empty()))
      throw Error(ErrorCode::invalid_argument,
                  "\"" + *name + "\" is no name for a struct or a namespace; take letters, digits and underscores");
  if (graph.empty()) throw Error(ErrorCode::invalid_argument, "an object graph without a node has no root");
  const schema::detail::PrintPlan plan = schema::detail::PrintPlanner(graph, values).take();
  return schema::detail::StructPrinter(plan, options.name, options.name_space)
      .text(schema::detail::in_comment(options.made_from));
}

}  // namespace CAIRN_NAMESPACE
