// cairn convert: a checkpoint as safetensors or npz, and back.
#include "command.hpp"
#include "keras_file.hpp"
#include "output.hpp"
#include "progress.hpp"

#include <cairn/exchange/convert.hpp>

namespace tool {

namespace {

using cairn::FileFormat;

[[nodiscard]] FileFormat format_named(const std::string& name) {
  if (name == "tf") return FileFormat::tensorflow;
  if (name == "safetensors") return FileFormat::safetensors;
  if (name == "npz") return FileFormat::npz;
  throw WrongUsage{"there is no format \"" + name + "\"; --to takes tf, safetensors, npz or weights.h5"};
}

}  // namespace

int convert(Arguments& arguments) {
  std::string path, to, out, like;
  bool by_keys = false, skip = false;
  arguments.describe(
      "Writes the tensors of a checkpoint as a safetensors or an npz file, or such a file as a checkpoint. What PATH "
      "is "
      "is seen from its first bytes. OUT is old or new at every instant.");
  arguments.describe(
      "Tensors are called by their paths, model.kernel, or with --keys by TensorFlow's keys. The object graph goes "
      "along "
      "in notes: in an npz file as __metadata__, in a safetensors file as a tensor of bytes, __tensorflow__. Programs "
      "that load all tensors, change some and save them again keep it, and the way back gives the checkpoint that it "
      "was, with the new values: with an object graph, or name-based as TensorFlow 1 saves. A file without notes gets "
      "an "
      "object graph from its names, between dots or slashes; with --keys its names are keys, as TensorFlow 1 reads "
      "them.");
  arguments.describe(
      "Of a file of Keras (.keras, .weights.h5, .h5) the weights are read: a tensor is called by the groups that it "
      "lies in, layers.dense.vars.0.");
  arguments.describe(
      "--to weights.h5 writes the weights of a checkpoint as Keras' save_weights does, for the model of the file that "
      "--like names: its layers say the names. A layer is found in the checkpoint by its name, or else by the order of "
      "the layers whose variables have its shapes; each pair is printed. The optimizer is left out.");
  arguments.describe(
      "NumPy has no dtype for bfloat16, float8 and int4: in Python, array.view(ml_dtypes.bfloat16) gives an npz file's "
      "their meaning. How tensors were partitioned and laid out in several data files is lost.");
  arguments.example("cairn convert training --to safetensors --out model.safetensors");
  arguments.example("cairn convert model.npz --to tf --out imported/ckpt");
  arguments.example("cairn convert model.keras --to tf --out imported/ckpt");
  arguments.example("cairn convert training --to weights.h5 --like model.keras --out trained.weights.h5");
  arguments.positional("PATH", path, "the checkpoint, or a safetensors, npz or Keras file");
  arguments.required_option("--to", "FORMAT", to, "tf, safetensors, npz or weights.h5");
  arguments.required_option("--out", "OUT", out, "the file, or the prefix of the checkpoint, to write");
  arguments.option("--like", "FILE", like, "with --to weights.h5, a file of Keras of the same model");
  arguments.flag("--keys", by_keys, "call tensors by their keys");
  arguments.flag("--skip", skip,
                 "leave out what cannot be converted, and say so: variants, arrays of Python objects, names and dtypes "
                 "that the other format does not have");
  arguments.without_json();
  arguments.parse();

  if ((to == "weights.h5") != !like.empty())
    throw WrongUsage{"--to weights.h5 and --like FILE go together: the file says how Keras calls the layers"};
  if (!like.empty()) {
    convert_like(find_checkpoint(path), like, out, arguments.quiet());
    return done;
  }
  const FileFormat format = format_named(to);
  const bool is_keras = is_keras_file(path);
  const FileFormat from = is_keras ? FileFormat::tensorflow : cairn::format_of(path);
  const std::string source = from == FileFormat::tensorflow && !is_keras ? find_checkpoint(path) : path;
  Progress progress(arguments.quiet(), "converting");
  const cairn::ConvertOptions options{.names = by_keys ? cairn::TensorNames::keys : cairn::TensorNames::paths,
                                      .skip = skip,
                                      .progress = progress.bar(),
                                      .stop = progress.stop()};
  const cairn::ConvertReport report = is_keras ? cairn::convert(read_keras_file(source), format, out, options)
                                               : cairn::convert(source, format, out, options);
  for (const auto& [name, reason] : report.left_out) print("left out " + shown(name) + ": " + shown(reason) + "\n");
  if (report.has_graph_from_names && !is_keras && !arguments.quiet())
    print(shown(path) +
          " has no object graph: one was made from the names of its tensors. Where they are the keys of a name-based "
          "checkpoint, as tf.compat.v1.train.Saver writes them, give --keys\n");
  return done;
}

}  // namespace tool
