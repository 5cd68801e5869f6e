// cairn graph: a picture of a checkpoint, as a page for a browser or as a drawing.
#include "command.hpp"
#include "keras_file.hpp"
#include "output.hpp"
#include "progress.hpp"

#include <cairn/picture/picture.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>

namespace tool {

int graph(Arguments& arguments) {
  std::string path, out;
  bool has_no_statistics = false, is_index_only = false;
  std::optional<std::int64_t> max_bytes;
  arguments.describe(
      "Draws the object graph of a checkpoint with the sizes of its tensors, as the ending of FILE says: .html for a "
      "page "
      "that a browser opens, .dot for Graphviz. Of a checkpoint of TensorFlow 1, which has no graph, the names are "
      "drawn "
      "as a tree.");
  arguments.describe(
      "The page is one file that loads nothing from anywhere. Its tree unfolds by mouse or by keys; beside it stand, "
      "of "
      "the tensor that is chosen, dtype, shape, place, whether its checksum is right, the smallest and the largest "
      "number, mean, standard deviation, zeros, NaNs and infinities, a histogram and the first values. An object that "
      "is "
      "reached more than once has one place and is referred to from the others.");
  arguments.describe(
      "A page of up to 6 MB has all that, for some ten thousand tensors. Of more tensors it has the figures of each, "
      "in "
      "four digits, and histogram and first values of the largest; --max-bytes allows a larger page. It opens folded, "
      "and only the rows in view are drawn.");
  arguments.describe(
      "What FILE was is replaced when the picture is complete. Damaged tensors are shown as such. With --json: out and "
      "bytes of what was written.");
  arguments.example("cairn graph training --out training.html");
  arguments.example("cairn graph training/ckpt-3 --out ckpt-3.dot && dot -Tsvg ckpt-3.dot > ckpt-3.svg");
  arguments.positional("PATH", path, "the checkpoint, or a file of Keras");
  arguments.required_option("--out", "FILE", out, "the file to write: .html, .htm, .dot or .gv");
  arguments.flag("--no-statistics", has_no_statistics,
                 "read no tensor: no statistics, and quick whatever the checkpoint's size");
  arguments.flag("--index-only", is_index_only, "an older name of --no-statistics");
  arguments.option("--max-bytes", "N", max_bytes, "how large the page may become by statistics; 6000000 without it");
  arguments.parse();

  if (max_bytes && *max_bytes < 0) throw WrongUsage{"--max-bytes wants a number of bytes, not a negative one"};
  cairn::PictureOptions options{.statistics = !has_no_statistics && !is_index_only};
  if (max_bytes) options.max_page_bytes = static_cast<std::size_t>(*max_bytes);
  FilesWithKeras files;
  const std::string prefix =
      files.find(path, options.statistics ? FilesWithKeras::Values::whole : FilesWithKeras::Values::left_out);
  // Large tensors are read twice.
  Progress progress(arguments.quiet(), "reading", options.statistics ? 2 * data_bytes(prefix) : 0, files);
  try {
    cairn::write_picture(prefix, out, options, progress);
  } catch (const cairn::Error& error) {
    if (error.code() == cairn::ErrorCode::invalid_argument && error.file() == out) throw WrongUsage{error.what()};
    throw;
  }
  const std::uint64_t bytes = std::filesystem::file_size(out);
  if (arguments.json())
    print(Json().begin('{').key("out").value(out).key("bytes").value(bytes).end('}').text());
  else if (!arguments.quiet())
    print("wrote " + shown(out) + ": " + bytes_in_words(bytes) + "\n");
  return done;
}

}  // namespace tool
