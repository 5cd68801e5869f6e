// register_checkpoint_saver: functions of the program that save and restore objects themselves, all of a kind at once.
//
//   cairn::register_checkpoint_saver({
//       .name = "stacks",                                                          // "Custom.stacks" in the file
//       .predicate = [](const cairn::Trackable& object) { return object.is<Stack>(); },
//       .save_fn = [](const cairn::Trackables& stacks, const std::string& file_prefix) {
//         cairn::bundle::Writer writer(file_prefix);
//         ...                                                                      // a tensor for each of them
//         writer.finish();
//         return std::vector<std::string>{file_prefix};                            // becomes part of the checkpoint
//       },
//       .restore_fn = [](const cairn::Trackables& stacks, const std::string& merged_prefix) {
//         cairn::bundle::Reader reader(merged_prefix);
//         ...                                                                      // read and check
//         return [...]() { ... };                                                  // put into the stacks
//       }});
//
// The function is TensorFlow's tf.train.experimental.register_checkpoint_saver, and the files are TensorFlow's: a saver
// of the same package and name in Python restores what this one saved, and the other way round. One thing differs: here
// restore_fn checks first, and returns the function that changes the objects.
#pragma once

#include "../core/detail/function_ref.hpp"
#include "../core/detail/own.hpp"
#include "../core/detail/vec.hpp"
#include "../core/error.hpp"
#include "detail/object.hpp"
#include "detail/object_type.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace cairn {

// A tracked object, as a registered saver sees it. It refers to the object, which must outlive it.
class Trackable {
 public:
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

namespace graph::detail {

// All savers that were registered at one moment. It refers to them, as nobody takes one away.
class RegisteredSavers {
 public:
  // The saver of this name, or the one that takes this object; null when there is none.
  [[nodiscard]] const CheckpointSaver* find(std::string_view registered_name) const {
    for (const CheckpointSaver* const saver : savers_)
      if (saver->registered_name() == registered_name) return saver;
    return nullptr;
  }
  [[nodiscard]] const CheckpointSaver* find(const Object& object) const {
    for (std::size_t i = savers_.size(); i-- > 0;)
      if (savers_[i]->predicate(Trackable(object))) return savers_[i];
    return nullptr;
  }
  // The saver is never destroyed.
  void add(CheckpointSaver saver) {
    core::detail::Own<CheckpointSaver> added = core::detail::make_own<CheckpointSaver>(std::move(saver));
    savers_.push_back(added.get());
    static_cast<void>(added.release());
  }

 private:
  core::detail::Vec<const CheckpointSaver*> savers_;
};

// The objects of each saver, as a walk or a match comes to them.
class ObjectsOfSavers {
 public:
  void add(const CheckpointSaver& saver, std::string_view name, const Object& object) {
    bool is_known = false;
    for (const CheckpointSaver* const known : savers_) is_known |= known == &saver;
    if (!is_known) savers_.push_back(&saver);
    objects_.push_back({&saver, std::string(name), object});
  }
  [[nodiscard]] bool empty() const noexcept { return savers_.empty(); }
  void clear() noexcept {
    savers_.clear();
    objects_.clear();
  }
  // Calls use(saver, objects) for each saver. Of two objects of one name the last one counts, as in TensorFlow.
  void for_each(core::detail::FunctionRef<void(const CheckpointSaver&, const Trackables&)> use) const {
    for (const CheckpointSaver* const saver : savers_) {
      Trackables objects;
      for (const Named& each : objects_)
        if (each.saver == saver) objects.insert_or_assign(each.name, Trackable(each.object));
      use(*saver, objects);
    }
  }

 private:
  struct Named {
    const CheckpointSaver* saver;
    std::string name;
    Object object;
  };
  core::detail::Vec<const CheckpointSaver*> savers_;
  core::detail::Vec<Named> objects_;
};

struct SaverRegistry {
  std::mutex mutex;
  RegisteredSavers savers;
};
// It outlives all that may save or restore, objects with static duration among them: it is never destroyed.
[[nodiscard]] inline SaverRegistry& saver_registry() {
  static SaverRegistry& registry = *new SaverRegistry;
  return registry;
}
[[nodiscard]] inline RegisteredSavers registered_savers() {
  SaverRegistry& registry = saver_registry();
  const std::lock_guard lock(registry.mutex);
  return registry.savers;
}

}  // namespace graph::detail

// Registers a saver for the rest of the program; every later save and restore asks it. Throws Error with
// ErrorCode::already_exists when a saver of that package and name is registered; ErrorCode::invalid_argument when the
// name is empty, when package or name have other characters than letters, digits, ".", "_" and "-", or when a function
// is missing. Nothing is registered then. Any thread may call it at any time.
inline void register_checkpoint_saver(CheckpointSaver saver) {
  const std::string name = saver.registered_name();
  bool is_legal = !saver.name.empty();
  for (const char c : name)
    is_legal &=
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  if (!is_legal)
    throw Error(ErrorCode::invalid_argument, "a checkpoint saver cannot be called \"" + name +
                                                 "\"; package and name are letters, digits and \"._-\"");
  if (!saver.predicate || !saver.save_fn || !saver.restore_fn)
    throw Error(ErrorCode::invalid_argument,
                "the checkpoint saver " + name + " needs a predicate, a save_fn and a restore_fn");
  graph::detail::SaverRegistry& registry = graph::detail::saver_registry();
  const std::lock_guard lock(registry.mutex);
  if (registry.savers.find(name) != nullptr)
    throw Error(ErrorCode::already_exists,
                "a checkpoint saver called " + name + " is registered already; give this one another name or package");
  registry.savers.add(std::move(saver));
}

}  // namespace cairn
