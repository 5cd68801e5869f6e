// cairn cat: the values of a tensor.
#include "command.hpp"
#include "keras_file.hpp"
#include "names.hpp"
#include "output.hpp"
#include "progress.hpp"
#include "values.hpp"

#include <cairn/edit/checkpoint_reader.hpp>
#include <cairn/exchange/npy.hpp>

namespace tool {

int cat(Arguments& arguments) {
  std::string path, name, npy;
  bool full = false;
  arguments.describe(
      "Prints the values of one tensor, in NumPy's way: rows in brackets; of more than 1,000 elements only the first "
      "and "
      "the last three of each axis. KEY is a key as `cairn ls` shows it, or the path in the object graph, with dots "
      "(model.kernel) or with slashes (model/kernel).");
  arguments.describe(
      "With --json: an object with key, dtype, shape and all values in nested lists. NaN and infinities are the "
      "strings "
      "\"NaN\", \"Infinity\" and \"-Infinity\", a complex number is a pair, and a byte that is no UTF-8 is a lone "
      "surrogate, as Python's surrogateescape has it.");
  arguments.example("cairn cat training optimizer.learning_rate");
  arguments.example("cairn cat training/ckpt-3 model/kernel --full");
  arguments.example("cairn cat training model.kernel --npy kernel.npy");
  arguments.positional("PATH", path, "the checkpoint, or a file of Keras");
  arguments.positional("KEY", name, "the tensor");
  arguments.flag("--full", full, "all values, and all digits of float64");
  arguments.option("--npy", "FILE", npy, "write the tensor to this file, for numpy.load, and print nothing");
  arguments.parse();

  std::string key;
  cairn::AnyTensor tensor;
  if (is_keras_file(path)) {
    const cairn::TensorFile weights = read_keras_file(path);
    const cairn::TensorFile::Tensor& found = tensor_of(weights, unescaped(name));
    key = found.name;
    tensor = cairn::TensorFile::read(found);
  } else {
    const std::string prefix = find_checkpoint(path);
    Progress progress(arguments.quiet(), "reading", data_bytes(prefix));
    const cairn::CheckpointReader reader(prefix, progress);
    key = key_of(reader, name);
    tensor = reader.get_tensor(key);
  }
  if (!npy.empty()) {
    cairn::save_npy(tensor, npy);
    return done;
  }
  if (!arguments.json()) {
    print(values_text(tensor, full) + "\n");
    return done;
  }
  Json json;
  json.begin('{').key("key").value(key).key("dtype").value(cairn::name(tensor.dtype()));
  json.key("shape").list(tensor.shape()).key("values");
  values_json(json, tensor);
  print(json.end('}').text());
  return done;
}

}  // namespace tool
