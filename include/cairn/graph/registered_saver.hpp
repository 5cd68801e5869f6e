// Registered savers: functions of the program that save and restore objects in steps of their own, several at once.
//
//   cairn::register_checkpoint_saver({
//       .name = "stacks",                                                          // "Custom.stacks" in the file
//       .predicate = [](const cairn::Trackable& object) { return object.is<Stack>(); },
//       .save_fn = [](const cairn::Trackables& stacks, const std::string& file_prefix) {
//         cairn::bundle::Writer writer(file_prefix);
//         ...                                                                      // a tensor for each of them
//         writer.finish();
//         return std::vector<std::string>{file_prefix};                            // to be part of the checkpoint
//       },
//       .restore_fn = [](const cairn::Trackables& stacks, const std::string& merged_prefix) {
//         cairn::bundle::Reader reader(merged_prefix);
//         ...                                                                      // read and check
//         return [...]() { ... };                                                  // put into the stacks
//       }});
//
// TensorFlow's register_checkpoint_saver, and its files: a saver of the same package and name restores there what this
// one saved here, and the other way round. Differs in one thing: restore_fn has two phases, as every restore here.
#pragma once

#include "../core/error.hpp"
#include "object.hpp"
#include "object_type.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace cairn {

// An object that is tracked, as a saver sees it.
class Trackable {
 public:
  explicit Trackable(detail::Object object) noexcept : object_(object) {}

  // Null when it is of another type: the one it is tracked as.
  template <class T>
  [[nodiscard]] T* get_if() const {
    return is<T>() ? static_cast<T*>(object_.address) : nullptr;
  }
  template <class T>
  [[nodiscard]] bool is() const {
    return object_.type == &detail::object_type<T>();
  }

 private:
  detail::Object object_;
};
// By the names that a checkpoint has for them: their paths, as in its keys ("model/stack"). An object that was saved
// before it had a saver is called after the key of its first value.
using Trackables = std::map<std::string, Trackable>;

struct CheckpointSaver {
  std::string package = "Custom";
  std::string name = {};
  // Whether an object is saved and restored by this saver. Asked for every tracked object, those registered last first.
  std::function<bool(const Trackable&)> predicate = {};
  // Called before anything else is written, once for all objects, with a prefix that no other saver has. Returns the
  // prefixes of bundles that it wrote: they become part of the checkpoint, and their files go.
  std::function<std::vector<std::string>(const Trackables&, const std::string& file_prefix)> save_fn = {};
  // Called when all else has been read and checked; must change nothing yet, and throws what it finds wrong. What it
  // returns is called when all other values are in place, and must not throw. Below these objects a restore creates,
  // grows and ends nothing: their structure is the saver's.
  std::function<std::function<void()>(const Trackables&, const std::string& merged_prefix)> restore_fn = {};
  // Whether an object that was saved by this saver, but that the predicate does not take now, is an error, or is
  // skipped.
  bool strict_predicate_restore = true;

  [[nodiscard]] std::string registered_name() const { return package + "." + name; }
};

namespace detail {

// The savers as they were registered at one moment.
class RegisteredSavers {
 public:
  // Null when there is none.
  [[nodiscard]] const CheckpointSaver* find(std::string_view registered_name) const {
    for (const auto& saver : savers_)
      if (saver->registered_name() == registered_name) return saver.get();
    return nullptr;
  }
  [[nodiscard]] const CheckpointSaver* find(const Object& object) const {
    for (auto saver = savers_.rbegin(); saver != savers_.rend(); ++saver)
      if ((*saver)->predicate(Trackable(object))) return saver->get();
    return nullptr;
  }
  void add(CheckpointSaver saver) { savers_.push_back(std::make_shared<const CheckpointSaver>(std::move(saver))); }

 private:
  std::vector<std::shared_ptr<const CheckpointSaver>> savers_;
};

struct SaverRegistry {
  std::mutex mutex;
  RegisteredSavers savers;
};
[[nodiscard]] inline SaverRegistry& saver_registry() {
  static SaverRegistry registry;
  return registry;
}
[[nodiscard]] inline RegisteredSavers registered_savers() {
  SaverRegistry& registry = saver_registry();
  const std::lock_guard lock(registry.mutex);
  return registry.savers;
}

}  // namespace detail

// For the whole program, for ever. Throws Error: already_exists for a package and name that are taken; invalid_argument
// for other characters in them than letters, digits and "._-", or when a function is missing. Any thread may call it.
inline void register_checkpoint_saver(CheckpointSaver saver) {
  const std::string name = saver.registered_name();
  const auto is_legal = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  };
  if (saver.name.empty() || !std::all_of(name.begin(), name.end(), is_legal))
    throw Error(ErrorCode::invalid_argument, "a checkpoint saver cannot be called \"" + name +
                                                 "\"; package and name are letters, digits and \"._-\"");
  if (!saver.predicate || !saver.save_fn || !saver.restore_fn)
    throw Error(ErrorCode::invalid_argument,
                "the checkpoint saver " + name + " needs a predicate, a save_fn and a restore_fn");
  detail::SaverRegistry& registry = detail::saver_registry();
  const std::lock_guard lock(registry.mutex);
  if (registry.savers.find(name) != nullptr)
    throw Error(ErrorCode::already_exists,
                "a checkpoint saver called " + name + " is registered already; give this one another name or package");
  registry.savers.add(std::move(saver));
}

}  // namespace cairn
