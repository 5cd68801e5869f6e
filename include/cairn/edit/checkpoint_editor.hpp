// CheckpointEditor: changes a checkpoint without the program that wrote it, and writes it anew.
//
//   cairn::CheckpointEditor editor{"training/ckpt-3"};
//   editor.set("optimizer.learning_rate", 0.0005f);
//   editor.rename("model.encoder", "model.backbone");
//   editor.erase("optimizer.*");
//   editor.write("shipped/ckpt");
//
//   cairn::CheckpointEditor{"training/ckpt-3"}.average({"training/ckpt-1", "training/ckpt-2"}).write("averaged/ckpt");
#pragma once

#include "../core/error.hpp"
#include "../core/path_argument.hpp"
#include "checkpoint_change.hpp"
#include "detail/combine.hpp"
#include "detail/edited_checkpoint.hpp"
#include "detail/edits.hpp"
#include "new_value.hpp"

#include <concepts>
#include <map>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE {

// How CheckpointEditor::set treats the shape.
struct SetOptions {
  // With `reshape`, the value may have another shape than the one that it replaces.
  bool reshape = false;
};

// Edits one checkpoint. Every edit is checked when it is called; when it throws, the editor is unchanged. The input is
// only read before write(). Values that are not edited are written byte for byte with their checksum, also those of
// unknown dtypes, and so are unknown fields, slices and the order of data files. The object graph follows each edit,
// and new keys are the ones that TensorFlow would give.
//
// A name is a key or a path, and may be a pattern where a member says so; edit.hpp has the rules. Every member that
// looks a name up throws Error with ErrorCode::not_found and the nearest name when the checkpoint does not have the
// name; ErrorCode::data_loss or unimplemented when it must read bytes that are damaged or of an unknown dtype;
// ErrorCode::permission_denied, resource_exhausted or unavailable when the disk fails. An editor belongs to one thread.
class CheckpointEditor {
 public:
  // Opens a checkpoint for editing. `path` is a checkpoint's, that of a directory (its latest), or a SavedModel's.
  // The object graph, and of a large index most entries, are read when an edit needs them. Throws Error with
  // ErrorCode::not_found when there is no checkpoint; ErrorCode::data_loss for an index that is damaged where it is
  // read, or a damaged file `checkpoint`; ErrorCode::failed_precondition for a checkpoint of a CheckpointManager with
  // another format than TensorFlow's; ErrorCode::unimplemented for one of a newer format. `files` must outlive the
  // editor.
  explicit CheckpointEditor(const PathArgument& path, io::FileSystem& files = io::native()) : state_(path, files) {}

  // Gives a value other numbers or texts. Its dtype and shape stay: numbers are converted, and a range fills a value of
  // any shape that has as many elements. With {.reshape = true} the value gets the shape of the new one, as when a
  // vocabulary grew. Throws Error with ErrorCode::out_of_range for a number that the dtype cannot hold, or only without
  // its fraction; ErrorCode::invalid_argument for another shape, and for texts in the place of numbers or numbers in
  // the place of texts.
  CheckpointEditor& set(std::string_view name, NewValue value, SetOptions options = {}) {
    edit::detail::set(state_, state_.require_value(name), std::move(value), options.reshape);
    last_ = {1, {}};
    return *this;
  }
  // Gives a value another tensor, of any dtype and shape. Throws Error with ErrorCode::not_found when there is no such
  // value.
  CheckpointEditor& replace(std::string_view name, NewValue value) {
    state_.give(state_.require_value(name), std::move(value).tensor());
    last_ = {1, {}};
    return *this;
  }
  // Adds a value, and the objects that its path asks for. Throws Error with ErrorCode::already_exists when there is a
  // value of that name; ErrorCode::invalid_argument for an empty name, or one that can be no path.
  CheckpointEditor& add(std::string_view name, NewValue value) {
    state_.give(state_.add_key(name), std::move(value).tensor());
    last_ = {1, {}};
    return *this;
  }

  // Removes values. A key, or a pattern of keys, removes these values from all objects that hold them. A path, or a
  // pattern of paths, removes the object or value at that path with everything below it. Parts that another object
  // holds, too, stay there: erase("optimizer.*") leaves a Keras model whole, whose weights the optimizer lists.
  // last_edit() says which are still held, and where. Throws Error with ErrorCode::invalid_argument for the key of the
  // object graph.
  CheckpointEditor& erase(std::string_view pattern) {
    last_ = edit::detail::erase(state_, pattern);
    return *this;
  }

  // Gives an object, a slot variable or a value another path, with everything below it. A "*" in `to` stands for the
  // text that the "*" in `from` fitted: rename("model.layer_*", "model.block_*"). Keys follow their paths. A pattern
  // leaves the root's save_counter alone. Throws Error with ErrorCode::already_exists when something has the new path;
  // ErrorCode::invalid_argument for a new path that can be none, for the root, and for a slot variable that would
  // belong to another optimizer or variable.
  CheckpointEditor& rename(std::string_view from, std::string_view to) {
    last_ = edit::detail::rename(state_, from, to);
    return *this;
  }

  // Copies values from another checkpoint, unchanged and of any dtype: the value that `name` means there, or everything
  // that an object's path or a pattern holds, as in copy("other/ckpt", "encoder", "model.encoder"). `name` is looked up
  // in the other checkpoint, `to` is the place in this one, with "*" as in rename(); an empty `to` means the same name.
  // A value that has that name here is replaced. Slot variables are copied with their optimizer, for variables that are
  // here. Throws Error with ErrorCode::not_found when there is no other checkpoint; ErrorCode::data_loss when its index
  // or object graph is damaged; ErrorCode::invalid_argument for an object that is copied into a checkpoint of
  // TensorFlow 1; ErrorCode::already_exists when something else has the new path.
  CheckpointEditor& copy(const PathArgument& other, std::string_view name, std::string_view to = {}) {
    last_ = edit::detail::copy(state_, other, name, to.empty() ? name : to);
    return *this;
  }

  // Converts numbers to another dtype: the value that a name means, or all values that a pattern or an object's path
  // holds, slot variables among them. When a pattern or an object holds them, only floating numbers become floating
  // ones and integers become integers, so that cast("*", DT_BFLOAT16) leaves counters alone. With Cast::saturate, a
  // number that the dtype cannot hold becomes the nearest one that it holds. Throws Error with ErrorCode::out_of_range
  // for such a number otherwise, with its key and index; ErrorCode::invalid_argument when nothing can be converted.
  CheckpointEditor& cast(std::string_view pattern, DType dtype, Cast how = Cast::any) {
    last_ = edit::detail::cast(state_, pattern, dtype, how);
    return *this;
  }

  // Adds everything that another checkpoint has. Values that both have must be equal; of the root's save_counter this
  // checkpoint's stays. Throws Error with ErrorCode::already_exists for a value that differs;
  // ErrorCode::invalid_argument when only one of the two has an object graph; ErrorCode::not_found when there is no
  // other checkpoint; ErrorCode::data_loss when it is damaged.
  CheckpointEditor& merge(const PathArgument& other) {
    edit::detail::merge(state_, other);
    return *this;
  }

  // Makes every floating value the mean of itself and of the values of the other checkpoints, computed in double; every
  // other value stays. Values are found by their paths, so that another order of saving does no harm. `others` may hold
  // this checkpoint's own path, which is skipped: average(manager.checkpoints()). Throws Error with
  // ErrorCode::not_found when another checkpoint is not there, or does not have a value; ErrorCode::invalid_argument
  // when the value has another dtype or shape there.
  CheckpointEditor& average(const std::vector<std::string>& others) {
    edit::detail::average(state_, others);
    return *this;
  }
  template <std::convertible_to<PathArgument> Path>
  CheckpointEditor& average(const std::vector<Path>& others) {
    std::vector<std::string> paths;
    for (const PathArgument& other : others) paths.push_back(other.string());
    return average(paths);
  }

  // Writes the checkpoint under a prefix and returns the prefix. The checkpoint's own prefix may be given: it has the
  // old or the new checkpoint at every instant, and is opened anew afterwards. The file `checkpoint` is not changed.
  // When it throws, the files of the prefix are unchanged, unless the sentence says that the checkpoint is complete.
  // Throws Error with ErrorCode::data_loss when the input is damaged; ErrorCode::invalid_argument for a path without a
  // name, a directory, or a checkpoint of format V1.
  std::string write(const PathArgument& prefix, bundle::WriterOptions options = {}) {
    return state_.write(prefix.string(), options);
  }

  // Returns a value as it will be written. Throws Error with ErrorCode::not_found when there is no such value;
  // ErrorCode::data_loss when its bytes are damaged.
  [[nodiscard]] AnyTensor get(std::string_view name) const { return state_.get(state_.require_value(name)); }
  // Returns true when a key or path means a value.
  [[nodiscard]] bool contains(std::string_view name) const { return state_.find_value(name).has_value(); }
  // Returns the key of a value. Throws Error with ErrorCode::not_found when there is no such value.
  [[nodiscard]] std::string key_of(std::string_view name) const { return state_.require_value(name); }
  // Returns a value's dtype and shape. Throws Error with ErrorCode::not_found when there is no such value.
  [[nodiscard]] std::pair<DType, Shape> dtype_and_shape(std::string_view name) const {
    return state_.dtype_and_shape(state_.require_value(name));
  }
  // Returns the number of values; the object graph is not counted.
  [[nodiscard]] std::size_t size() const { return state_.size(); }
  // Returns the keys of all values, sorted, with dtype and shape. The object graph is no value.
  [[nodiscard]] std::map<std::string, std::pair<DType, Shape>> values() const { return state_.list(); }
  // Returns the object graph; an empty one for a checkpoint of TensorFlow 1.
  [[nodiscard]] ObjectGraph object_graph() const { return state_.object_graph(); }

  // Returns the effect of the last edit: the number of tensors that it took, and the objects that are still held
  // elsewhere.
  [[nodiscard]] const LastEdit& last_edit() const noexcept { return last_; }

  // Returns the changes that write() will make: first the values that are removed, then the others by key.
  [[nodiscard]] std::vector<CheckpointChange> changes() const {
    std::vector<CheckpointChange> changes;
    state_.for_each_change([&](CheckpointChange change) { changes.push_back(std::move(change)); });
    return changes;
  }
  // Returns changes() as text, one line for each:
  //
  //   erase    optimizer/_variables/2/.ATTRIBUTES/VARIABLE_VALUE  float32 [784, 10]
  //   rename   encoder/kernel/.ATTRIBUTES/VARIABLE_VALUE  to  backbone/kernel/.ATTRIBUTES/VARIABLE_VALUE
  //   change   step/.ATTRIBUTES/VARIABLE_VALUE  int64 []
  [[nodiscard]] std::string to_string() const {
    std::string text;
    state_.for_each_change([&](const CheckpointChange& each) {
      std::string line(name(each.kind));
      line.resize(9, ' ');
      if (each.kind == CheckpointChange::Kind::rename)
        line += each.from + "  to  " + each.key;
      else
        line += each.key + "  " + cairn::to_string(each.dtype) + " " + each.shape.to_string();
      (text += line) += '\n';
    });
    return text;
  }
  friend std::ostream& operator<<(std::ostream& out, const CheckpointEditor& editor) {
    return out << editor.to_string();
  }

 private:
  edit::detail::EditedCheckpoint state_;
  LastEdit last_;
};

}  // namespace CAIRN_NAMESPACE
