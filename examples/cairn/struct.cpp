// cairn struct: the C++ structs that a checkpoint restores into.
#include "command.hpp"
#include "keras_file.hpp"
#include "output.hpp"
#include "progress.hpp"

#include <cairn/edit/checkpoint_reader.hpp>
#include <cairn/edit/checkpoint_view.hpp>
#include <cairn/schema/print_struct.hpp>

namespace tool {

namespace {

[[nodiscard]] std::string structs_of_checkpoint(const std::string& path, const std::string& name,
                                                const std::string& name_space) {
  FilesWithKeras files;
  const std::string prefix = files.find(path, FilesWithKeras::Values::left_out);
  const cairn::CheckpointView view(prefix, files);
  const std::string from = is_keras_file(path) ? "what cairn convert makes of " + prefix : prefix;
  const cairn::bundle::Reader reader(prefix, files);
  cairn::PrintedValues values;
  for (const auto& [key, entry] : reader.entries()) values.emplace(key, cairn::PrintedValue{entry.dtype, entry.shape});
  return cairn::print_struct(view.object_graph(), values, {.name = name, .name_space = name_space, .made_from = from});
}

}  // namespace

int print_struct(Arguments& arguments) {
  std::string path, name, name_space = "saved";
  arguments.describe(
      "Prints the C++ structs that a checkpoint restores into, as a header that can be included as it is: a struct for "
      "each object, a cairn::Variable for each value. Only the index and the object graph are read.");
  arguments.describe(
      "Objects that are held twice are shared pointers. Objects without values have no member. What no C++ type can "
      "hold "
      "is left out, in a comment that says why; the first lines say how to restore.");
  arguments.describe(
      "Of a model that Keras has saved with its configuration, .keras or .h5, it prints the layers: a "
      "keras::Sequential "
      "where cairn has all of them and they form one chain, otherwise a struct of those that it has; which it has not "
      "is said in the first lines, with the renames that restore the others.");
  arguments.example("cairn struct training > trained.hpp");
  arguments.example("cairn struct model.keras > model.hpp");
  arguments.example("cairn struct training --name Training --namespace mine > trained.hpp");
  arguments.positional("PATH", path, "the checkpoint, or a file of Keras");
  arguments.option("--name", "NAME", name, "what the root's struct is called (State; of a model of Keras Model)");
  arguments.option("--namespace", "NAME", name_space, "the namespace of all structs (saved)");
  arguments.parse();

  const SavedKerasModel saved = is_keras_file(path) ? saved_keras_model(path) : SavedKerasModel{};
  const bool is_model = !saved.config.empty();
  if (name.empty()) name = is_model ? "Model" : "State";
  const std::string text =
      is_model ? keras_struct(path, saved, name, name_space) : structs_of_checkpoint(path, name, name_space);
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
