// picture: the contents of a checkpoint as one page for a browser, or as a drawing for Graphviz.
//
//   cairn::write_picture("training/ckpt-3", "ckpt-3.html");
//   cairn::write_picture("training/ckpt-3", "ckpt-3.dot");  // for Graphviz: dot -Tsvg ckpt-3.dot
//
// The page is one file that loads nothing else. It shows the object graph (for a checkpoint of TensorFlow 1, the names)
// as a tree with sizes, and has a search. For each tensor it shows the place of its bytes, whether the checksum is
// right, statistics, a histogram and the first values. An object that is reached more than once has one place in the
// tree; the other places refer to it.
#pragma once

#include "../bundle/find_checkpoint.hpp"
#include "../bundle/reader.hpp"
#include "../core/durability.hpp"
#include "../core/path_argument.hpp"
#include "../edit/checkpoint_reader.hpp"
#include "../io/native.hpp"
#include "../io/publish.hpp"
#include "detail/dot.hpp"
#include "detail/html.hpp"
#include "detail/tensor.hpp"
#include "detail/tree.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE {

// How a picture is made.
struct PictureOptions {
  // With `statistics`, all tensors are read. Without it only the index and the object graph are read, and the page
  // shows no checksums, statistics and values.
  bool statistics = true;
  // The largest number of rows of the tree. A larger tree is cut there, breadth first, and says how many rows are left
  // out. With this number a browser is still quick.
  std::size_t max_rows = 250'000;
  // The size of the page in bytes. The statistics take the room that the tree leaves: the figures of all tensors, and
  // the histograms and first values of as many of the largest tensors as there is room for. A page of this size has all
  // of 15,000 tensors.
  std::size_t max_page_bytes = 6'000'000;
};

// A checkpoint that was opened to be drawn. All members may be called by several threads at the same time.
class Picture {
 public:
  // Opens a checkpoint. `path` is a checkpoint's, that of a directory (its latest), or a SavedModel's. Throws Error
  // with ErrorCode::not_found when there is no checkpoint; ErrorCode::data_loss for a damaged index, object graph or
  // file `checkpoint`; ErrorCode::failed_precondition for a checkpoint of a CheckpointManager with another format than
  // TensorFlow's.
  explicit Picture(const PathArgument& path, PictureOptions options = {}, io::FileSystem& files = io::native())
      : reader_(bundle::find_checkpoint(path, files), files), options_(options) {
    if (const auto graph = edit::detail::read_saved_graph(reader_))
      tree_ = pictures::detail::ObjectTree(reader_, *graph, options.max_rows).make();
    else
      tree_ = pictures::detail::tree_of_names(reader_, options.max_rows);
  }

  Picture(const Picture&) = delete;
  Picture& operator=(const Picture&) = delete;
  ~Picture() = default;

  // Returns the page. Unless options say otherwise, all tensors are read. A tensor that cannot be read is no Error: the
  // page says what is wrong with it.
  [[nodiscard]] std::string html() const {
    std::vector<pictures::detail::PictureTensor> tensors;
    tensors.reserve(tree_.tensors.size());
    for (const auto& [key, entry] : tree_.tensors) tensors.push_back(pictures::detail::tensor_of_entry(key, *entry));
    if (options_.statistics) {
      pictures::detail::PictureReader contents(reader_);
      for (pictures::detail::PictureTensor& tensor : tensors) contents.read(tensor.key, tensor);
    }
    return pictures::detail::picture_html(reader_, tree_, tensors, options_.max_page_bytes);
  }
  // Returns the drawing, in DOT. No tensor is read.
  [[nodiscard]] std::string dot() const { return pictures::detail::picture_dot(reader_.prefix(), tree_); }

 private:
  bundle::Reader reader_;
  PictureOptions options_;
  pictures::detail::PictureTree tree_;
};

// Opens a checkpoint to be drawn: picture("training/ckpt-3").html() is the page. Throws Error with
// ErrorCode::not_found, data_loss and failed_precondition for the reasons that Picture's constructor gives.
[[nodiscard]] inline Picture picture(const PathArgument& path, PictureOptions options = {}) {
  return Picture(path, options);
}

// Writes the page to a file that ends with .html or .htm, the drawing to a file that ends with .dot or .gv. An old file
// is replaced when the new one is complete. Throws Error with ErrorCode::invalid_argument for another ending;
// ErrorCode::not_found, data_loss and failed_precondition for the reasons that Picture's constructor gives;
// ErrorCode::permission_denied, resource_exhausted or unavailable when the disk fails. The file is then unchanged.
inline void write_picture(const PathArgument& path, const PathArgument& file, PictureOptions options = {},
                          io::FileSystem& files = io::native()) {
  const std::string& name = file.string();
  const bool is_html = name.ends_with(".html") || name.ends_with(".htm");
  if (!is_html && !name.ends_with(".dot") && !name.ends_with(".gv"))
    throw Error(ErrorCode::invalid_argument,
                "\"" + name +
                    "\" does not say what to draw: name a file that ends with .html for a page, or with "
                    ".dot for Graphviz")
        .in_file(name);
  const Picture picture(path, options, files);
  io::write_file_atomically(files, name, is_html ? picture.html() : picture.dot(), Durability::none);
}

}  // namespace CAIRN_NAMESPACE
