// Files of Keras, as the commands see them that only look: as named tensors, or as the checkpoint that `cairn convert`
// would make of one.
#pragma once

#include "arguments.hpp"

#include <cairn/exchange/tensor_file.hpp>
#include <cairn/io/file_system.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tool {

// "with HDF5 1.10.8", or what this tool lacks.
[[nodiscard]] std::string_view hdf5_in_words();

// True for a .weights.h5, .keras or .h5 file, seen from its first bytes, and for all that is called so or .weights.json,
// whether it is there or not, unless a checkpoint is.
[[nodiscard]] bool is_keras_file(const std::string& path);

// Throws cairn::Error for such a file, which says how to make a checkpoint of it, or that there is none.
void refuse_keras_file(const std::string& path);

// Opens its weights. Throws cairn::Error, also where this tool was built without HDF5.
[[nodiscard]] cairn::TensorFile read_keras_file(const std::string& path);

// What `cairn struct` wants of a model: its configuration, which is JSON, and empty where a file has none; the names of its
// tensors; and whether layers are counted by class in those, as in all files but .h5.
struct SavedKerasModel {
  std::string config = {};
  std::vector<std::string> tensors = {};
  bool is_counted = true;
};
// Throws as read_keras_file.
[[nodiscard]] SavedKerasModel saved_keras_model(const std::string& path);

// The tensor that is called by its name, with dots or slashes. Throws cairn::Error, with the nearest name.
[[nodiscard]] const cairn::TensorFile::Tensor& tensor_of(const cairn::TensorFile& weights, const std::string& name);

// The files of this machine, and beside each file of Keras that was asked for a checkpoint in memory, under its path.
class FilesWithKeras final : public cairn::io::FileSystem {
 public:
  FilesWithKeras();
  ~FilesWithKeras() override;

  // Whether a checkpoint that is made has its values, or tells only dtypes and shapes, for which no value is read.
  enum class Values { whole, left_out };
  // The prefix of the checkpoint that a path means. Throws cairn::Error.
  [[nodiscard]] std::string find(const std::string& path, Values values);

  [[nodiscard]] std::unique_ptr<cairn::io::ReadableFile> open(const std::string& path) override;
  [[nodiscard]] std::unique_ptr<cairn::io::WritableFile> create(const std::string& path) override;
  void rename(const std::string& from, const std::string& to) override;
  void remove(const std::string& path) override;
  void sync_directory(const std::string& path) override;
  bool create_directory(const std::string& path) override;
  [[nodiscard]] bool exists(const std::string& path) override;
  [[nodiscard]] bool is_directory(const std::string& path) override;
  [[nodiscard]] std::vector<std::string> list_directory(const std::string& path) override;
  [[nodiscard]] std::unique_ptr<cairn::io::FileLock> lock(const std::string& path, std::string_view owner) override;

 private:
  [[nodiscard]] cairn::io::FileSystem& of(const std::string& path);

  std::unique_ptr<cairn::io::FileSystem> memory_;  // made for the first file of Keras
};

// What the commands do with a file of Keras, each beside what it does with a checkpoint.
int ls_keras(const Arguments& arguments, const std::string& path, bool with_sha256);
// The text of a header with the model's layers, from its configuration. Throws WrongUsage, and cairn::Error.
[[nodiscard]] std::string keras_struct(const std::string& path, const SavedKerasModel& saved, const std::string& name,
                                       const std::string& name_space);

// Writes the values of a checkpoint as the .weights.h5 file that Keras would write for the model of another file. Throws
// WrongUsage, and cairn::Error for a layer that the checkpoint does not have; OUT is then what it was.
void convert_like(const std::string& prefix, const std::string& like, const std::string& out, bool is_quiet);

}  // namespace tool
