// CheckpointEditor: a checkpoint changed without the program that wrote it, and written anew.
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
#include "combine.hpp"
#include "edited_checkpoint.hpp"
#include "edits.hpp"

#include <concepts>
#include <filesystem>
#include <map>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn {

struct SetOptions {
  bool reshape = false;  // the value may have another shape
};

// Every edit is checked when it is called: when it throws, nothing has changed. The input is only read, until write().
// What is not edited goes over byte for byte with its checksum: unknown dtypes, unknown fields, slices and data files
// among it. The object graph follows each edit: what is in it exists, and keys are what TensorFlow would call the
// values. Names and patterns are those of edit.hpp; a name that the checkpoint does not have is an Error (not_found)
// that says the nearest one. One thread at a time.
class CheckpointEditor {
 public:
  // A path as of CheckpointReader. Throws Error: not_found; data_loss for a damaged index or object graph.
  explicit CheckpointEditor(const std::filesystem::path& path, io::FileSystem& files = io::posix())
      : state_(path, files) {}

  // Gives a value other numbers or texts. dtype and shape stay: numbers are converted, and one that the dtype cannot
  // hold, or only without its fraction, is an Error (out_of_range). A range of as many elements fills any shape. With
  // {.reshape = true} the shape is the value's: set("embedding", rows, {.reshape = true}) for a vocabulary that grew.
  CheckpointEditor& set(std::string_view name, NewValue value, SetOptions options = {}) {
    detail::set(state_, state_.require_value(name), std::move(value), options.reshape);
    last_ = {1, {}};
    return *this;
  }
  // Gives a value another tensor, of any dtype and shape.
  CheckpointEditor& replace(std::string_view name, NewValue value) {
    state_.give(state_.require_value(name), std::move(value).tensor());
    last_ = {1, {}};
    return *this;
  }
  // Adds a value, and the objects that its path asks for. Throws Error (already_exists) where there is one.
  CheckpointEditor& add(std::string_view name, NewValue value) {
    state_.give(state_.add_key(name), std::move(value).tensor());
    last_ = {1, {}};
    return *this;
  }

  // Takes values out: by a key or a pattern of keys these values, wherever they are held; by a path or a pattern of
  // paths what is there, with all that is below. What something else holds, too, stays with that: erase("optimizer.*")
  // leaves a Keras model whole, whose weights the optimizer lists. last_edit() says what is held where.
  CheckpointEditor& erase(std::string_view pattern) {
    last_ = detail::erase(state_, pattern);
    return *this;
  }

  // Gives an object, a slot variable or a value another path, with all that is below; "*" in `to` is what "*" in `from`
  // stood for: rename("model.layer_*", "model.block_*"). Keys follow. A pattern leaves the root's save_counter alone.
  // Throws Error: already_exists where something has the new path.
  CheckpointEditor& rename(std::string_view from, std::string_view to) {
    last_ = detail::rename(state_, from, to);
    return *this;
  }

  // Takes values over from another checkpoint as they are, whatever their dtype: one by its name, or by a path or a
  // pattern all that it holds: copy("other/ckpt", "encoder", "model.encoder"). Where this one has a value of that name,
  // it is replaced. `name` is looked up there, `to` is the place here, with "*" as in rename(); without `to` they are the
  // same. Slot variables come with their optimizer, for variables that are here.
  CheckpointEditor& copy(const std::filesystem::path& other, std::string_view name, std::string_view to = {}) {
    last_ = detail::copy(state_, other, name, to.empty() ? name : to);
    return *this;
  }

  // Converts numbers to another dtype: of a name's value, or of all that a pattern or an object's path holds, slot
  // variables among it - then only floating numbers to floating ones, integers to integers, so that
  // cast("*", DT_BFLOAT16) leaves counters alone. Throws Error: out_of_range for a number that the dtype cannot hold,
  // with key, index and number - with Cast::saturate it becomes the nearest one; invalid_argument where nothing can be
  // converted.
  CheckpointEditor& cast(std::string_view pattern, DType dtype, Cast how = Cast::any) {
    last_ = detail::cast(state_, pattern, dtype, how);
    return *this;
  }

  // Adds all that another checkpoint has. Values that both have must be the same (already_exists), but for the root's
  // save_counter, of which this one's stays.
  CheckpointEditor& merge(const std::filesystem::path& other) {
    detail::merge(state_, other);
    return *this;
  }

  // Makes every floating value the mean of itself and those of the others; everything else stays. Values are found by
  // their paths, so that another order of saving does no harm. This checkpoint's own path among the others is passed
  // over, as in average(manager.checkpoints()). Throws Error: not_found where another one does not have a value,
  // invalid_argument where it has another dtype or shape.
  CheckpointEditor& average(const std::vector<std::filesystem::path>& others) {
    detail::average(state_, others);
    return *this;
  }
  template <std::convertible_to<std::filesystem::path> Path>
  CheckpointEditor& average(const std::vector<Path>& others) {
    return average(std::vector<std::filesystem::path>(others.begin(), others.end()));
  }

  // Writes the checkpoint under a prefix: its own is old or new at every instant, and is opened anew afterwards. The
  // file `checkpoint` is not touched. Returns the prefix. Throws Error as bundle::Writer, and data_loss where the input
  // is damaged; then the prefix is what it was.
  std::string write(const std::filesystem::path& prefix, bundle::WriterOptions options = {}) {
    return state_.write(prefix.string(), options);
  }

  // As it will be written.
  [[nodiscard]] AnyTensor get(std::string_view name) const { return state_.get(state_.require_value(name)); }
  [[nodiscard]] bool contains(std::string_view name) const { return state_.find_value(name).has_value(); }
  // The key of a value. Throws Error (not_found).
  [[nodiscard]] std::string key_of(std::string_view name) const { return state_.require_value(name); }
  // All keys but the object graph's, sorted, with dtype and shape.
  [[nodiscard]] std::map<std::string, std::pair<DType, Shape>> values() const { return state_.list(); }
  // The object graph; empty for a checkpoint of TensorFlow 1.
  [[nodiscard]] TrackableObjectGraph object_graph() const { return state_.object_graph(); }

  [[nodiscard]] const LastEdit& last_edit() const noexcept { return last_; }

  // What write() will do to values that are not what they were: what goes first, then by key.
  [[nodiscard]] std::vector<CheckpointChange> changes() const {
    std::vector<CheckpointChange> changes;
    state_.for_each_change([&](CheckpointChange change) { changes.push_back(std::move(change)); });
    return changes;
  }
  // The same, a line each:
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
  detail::EditedCheckpoint state_;
  LastEdit last_;
};

}  // namespace cairn
