// cairn struct: the C++ structs that a checkpoint restores into.
#include "command.hpp"
#include "output.hpp"
#include "progress.hpp"

#include <cairn/edit/checkpoint_reader.hpp>
#include <cairn/edit/checkpoint_view.hpp>
#include <cairn/schema/print_struct.hpp>

namespace tool {

int print_struct(Arguments& arguments) {
  std::string path, name = "State", name_space = "saved";
  arguments.describe(
      "Prints the C++ structs that a checkpoint restores into, as a header that can be included as it is: a struct for "
      "each object, a cairn::Variable for each value. Only the index and the object graph are read.");
  arguments.describe(
      "Objects that are held twice are shared pointers. Objects without values have no member. What no C++ type can "
      "hold "
      "is left out, in a comment that says why; the first lines say how to restore.");
  arguments.example("cairn struct training > trained.hpp");
  arguments.example("cairn struct training --name Training --namespace mine > trained.hpp");
  arguments.positional("PATH", path, "the checkpoint");
  arguments.option("--name", "NAME", name, "what the root's struct is called (State)");
  arguments.option("--namespace", "NAME", name_space, "the namespace of all structs (saved)");
  arguments.parse();

  const std::string prefix = find_checkpoint(path);
  const cairn::CheckpointView view(prefix);
  const cairn::bundle::Reader reader(prefix);
  cairn::PrintedValues values;
  for (const auto& [key, entry] : reader.entries()) values.emplace(key, cairn::PrintedValue{entry.dtype, entry.shape});
  const std::string text =
      cairn::print_struct(view.object_graph(), values, {.name = name, .name_space = name_space, .made_from = prefix});
  if (!arguments.json()) {
    print(text);
    return done;
  }
  Json json;
  print(json.begin('{')
            .key("name")
            .value(name)
            .key("namespace")
            .value(name_space)
            .key("header")
            .value(text)
            .end('}')
            .text());
  return done;
}

}  // namespace tool
