// A picture of a checkpoint: what it holds, as one page for a browser or as a drawing.
//
//   #include <cairn/edit/picture.hpp>                       // not part of <cairn/cairn.hpp>: the page is large
//   cairn::write_picture("training/ckpt-3", "ckpt-3.html");
//   cairn::write_picture("training/ckpt-3", "ckpt-3.dot");  // for Graphviz: dot -Tsvg ckpt-3.dot
//
// The page is one file that loads nothing: the object graph (or, of a checkpoint of TensorFlow 1, the names) as a tree
// with sizes; of each tensor where it is, whether its checksum is right, statistics, a histogram and its first values;
// a search. An object that is reached more than once has one place and is referred to from the others.
//
//   edit/picture_tree.hpp    the rows, from graph or names
//   edit/picture_tensor.hpp  what is read of a tensor
//   edit/picture_json.hpp    both, as the page is given them
//   edit/picture_text.hpp    names made harmless
//   edit/picture_html.hpp    the page; picture_style.hpp its look, picture_script.hpp what it does
//   edit/picture_dot.hpp     the drawing
//
// edit/statistics.hpp is useful alone, and part of the umbrella no more than this.
#pragma once

#include "../bundle/find_checkpoint.hpp"
#include "../bundle/reader.hpp"
#include "../io/posix.hpp"
#include "../io/publish.hpp"
#include "checkpoint_reader.hpp"
#include "picture_dot.hpp"
#include "picture_html.hpp"
#include "picture_tensor.hpp"
#include "picture_tree.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn {

struct PictureOptions {
  // Whether tensors are read, for all that their bytes say. Without it only the index and the object graph are.
  bool statistics = true;
  // The tree is cut there, breadth first, and says how much is left out. A browser is quick with this many.
  std::size_t max_rows = 250'000;
};

// A checkpoint, opened to be drawn. Its members may be called by several threads at the same time.
class Picture {
 public:
  // A path as of CheckpointReader. Throws Error as that, and data_loss for a damaged object graph.
  explicit Picture(const std::filesystem::path& path, PictureOptions options = {}, io::FileSystem& files = io::posix())
      : reader_(bundle::find_checkpoint(path, files), files), options_(options) {
    if (const auto graph = detail::read_saved_graph(reader_))
      tree_ = detail::ObjectTree(reader_, *graph, options.max_rows).make();
    else
      tree_ = detail::tree_of_names(reader_, options.max_rows);
  }

  Picture(const Picture&) = delete;
  Picture& operator=(const Picture&) = delete;
  ~Picture() = default;

  // The page. Reads the tensors; of one that is damaged the page says so.
  [[nodiscard]] std::string html() const {
    std::vector<detail::PictureTensor> tensors;
    tensors.reserve(tree_.tensors.size());
    for (const auto& [key, entry] : tree_.tensors) tensors.push_back(detail::tensor_of_entry(key, *entry));
    if (options_.statistics) {
      detail::PictureReader contents(reader_);
      for (detail::PictureTensor& tensor : tensors) contents.read(tensor.key, tensor);
    }
    return detail::picture_html(reader_, tree_, tensors);
  }
  // The drawing, in DOT. Reads no tensor.
  [[nodiscard]] std::string dot() const { return detail::picture_dot(reader_.prefix(), tree_); }

 private:
  bundle::Reader reader_;
  PictureOptions options_;
  detail::PictureTree tree_;
};

// The same as picture("training/ckpt-3").html().
[[nodiscard]] inline Picture picture(const std::filesystem::path& path, PictureOptions options = {}) {
  return Picture(path, options);
}

// Writes the page to a file that ends with .html or .htm, the drawing to one with .dot or .gv. What was there is
// replaced when all is written. Throws Error: invalid_argument for another ending; as Picture; as
// io::write_file_atomically.
inline void write_picture(const std::filesystem::path& path, const std::filesystem::path& file,
                          PictureOptions options = {}, io::FileSystem& files = io::posix()) {
  const std::string extension = file.extension().string();
  const bool is_html = extension == ".html" || extension == ".htm";
  if (!is_html && extension != ".dot" && extension != ".gv")
    throw Error(ErrorCode::invalid_argument,
                "\"" + file.string() +
                    "\" does not say what to draw: name a file that ends with .html for a page, or with "
                    ".dot for Graphviz")
        .in_file(file.string());
  const Picture picture(path, options, files);
  io::write_file_atomically(files, file.string(), is_html ? picture.html() : picture.dot(), false);
}

}  // namespace cairn
