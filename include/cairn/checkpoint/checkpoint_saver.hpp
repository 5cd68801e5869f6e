// CheckpointSaver: what register_checkpoint_saver takes, and Trackable, by which its functions see the objects.
#pragma once

#include "../graph/detail/object.hpp"
#include "../graph/detail/object_type.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace CAIRN_NAMESPACE {

// A tracked object, as a registered saver sees it. It refers to the object, which must outlive it.
class Trackable {
 public:
  // Saves and restores call it.
  explicit Trackable(graph::detail::Object object) noexcept : object_(object) {}

  // A pointer to the object if it is tracked as a T; null otherwise. is<T>() tells only whether it is.
  template <class T>
  [[nodiscard]] T* get_if() const {
    return is<T>() ? static_cast<T*>(object_.address) : nullptr;
  }
  template <class T>
  [[nodiscard]] bool is() const {
    return object_.type == &graph::detail::object_type<T>();
  }

 private:
  graph::detail::Object object_;
};
// The objects of one saver, by the names that the checkpoint has for them. A name is the object's path as in the
// checkpoint's keys: "model/stack". In a restore, an object that was saved without a saver has the key of its first
// value as its name.
using Trackables = std::map<std::string, Trackable>;

// A saver: "package.name" is what a checkpoint calls it, and the three functions must be given. A save and a restore
// call them in the thread that called save or restore. Any exception that a function throws ends the save or restore,
// and reaches its caller.
struct CheckpointSaver {
  // TensorFlow calls the saver package.name. A name must be given.
  std::string package = "Custom";
  std::string name = {};
  // Tells whether this saver saves and restores the object. It is called for every tracked object. Where several savers
  // take an object, the one that was registered last counts.
  std::function<bool(const Trackable&)> predicate = {};
  // Writes the objects. A save calls it once for all objects, before it writes anything itself, with a prefix of files
  // that no other saver is given. It returns the prefixes of the bundles that it wrote: the save copies their tensors
  // into the checkpoint and deletes their files.
  std::function<std::vector<std::string>(const Trackables&, const std::string& file_prefix)> save_fn = {};
  // Reads the objects from the checkpoint, when everything else has been read and checked. It must change nothing yet,
  // and throws when something is wrong. The function that it returns is called when all other values are in place; it
  // puts the values into the objects, and must not throw. Below these objects, a restore makes no object, sets no
  // pointer and resizes no container: that is left to the saver.
  std::function<std::function<void()>(const Trackables&, const std::string& merged_prefix)> restore_fn = {};
  // An object that this saver saved, but that the predicate does not take in a restore, makes the restore throw Error
  // with ErrorCode::invalid_argument if this is true, and is left as it is if this is false.
  bool strict_predicate_restore = true;

  // The name in the checkpoint, such as "Custom.stacks".
  [[nodiscard]] std::string registered_name() const { return package + "." + name; }
};

}  // namespace CAIRN_NAMESPACE
