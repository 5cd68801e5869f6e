// Deletes the files of one checkpoint, and no others, so that whoever is killed on the way leaves what can be told.
//
//   remove ckpt-1.index, which has the second name ckpt-1.index.cairn-tmp-...   the checkpoint is gone, at one instant
//   -> remove its data files -> remove the second name
//
// What is left of a killed deletion is an index under a temporary name, which says which data files were its own
// (leftovers.hpp). Where it has no second name before, it gets one at the instant, by a rename.
#pragma once

#include "../../../bundle/naming.hpp"
#include "../../../core/error.hpp"
#include "../../../io/file_system.hpp"
#include "../../../io/path.hpp"
#include "../../../io/publish.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace CAIRN_NAMESPACE::checkpoint::detail {

// A checkpoint that is to be deleted. Keep it until remove() has returned: a disk that refused is asked again.
struct DroppedCheckpoint {
  std::string path;
  std::string extension = ".index";
  std::string second_name{};     // a temporary one of its index
  bool with_meta_graph = false;  // ckpt-1.meta, which tf.train.Saver writes beside it, goes as well
  bool is_unnamed = false;       // the state file on the disk no longer names it
  bool is_gone = false;          // then the index has no other name

  // For whoever finishes the deletion when this process is killed. Throws Error when the disk refuses.
  void add_second_name(io::FileSystem& files) {
    const std::string index = path + extension;
    if (!second_name.empty() || is_gone) return;
    if (const auto made = io::TemporaryFile::second_of(files, index, index)) second_name = made->release();
  }

  // Files that are gone already are fine. Names are compared, not globbed: TensorFlow deletes lookalikes of a name with
  // '*' or '['. Throws Error when the disk refuses. `listed` are the names that its directory had, sorted, at any time
  // since it was complete; the directory is listed where its index is not among them.
  CAIRN_COLD void remove(io::FileSystem& files, std::span<const std::string> listed = {}) {
    if (!is_gone) {
      const std::string index = path + extension;
      if (!second_name.empty())
        files.remove_if_there(index);
      else
        hide(files, index);
      is_gone = true;
    }
    const std::string directory = io::parent_directory(path);
    const std::string name = io::file_name(path);
    if (extension == ".index") {
      std::vector<std::string> now;
      if (!std::binary_search(listed.begin(), listed.end(), name + extension))
        listed = now = files.list_directory(directory);
      for (const std::string& file : listed)
        if (bundle::shards_of_data_name(file, name)) files.remove_if_there(io::join_path(directory, file));
    }
    if (with_meta_graph) files.remove_if_there(path + ".meta");
    if (!second_name.empty()) files.remove_if_there(second_name);
  }

 private:
  void hide(io::FileSystem& files, const std::string& index) {
    const std::string hidden = io::temporary_path(index);
    try {
      files.rename(index, hidden);
      second_name = hidden;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_found) throw;
    }
  }
};

}  // namespace CAIRN_NAMESPACE::checkpoint::detail
