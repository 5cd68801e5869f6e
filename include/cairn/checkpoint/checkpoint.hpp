// Checkpoint: the user's state as a whole, saved and restored.
//
//   cairn::Checkpoint checkpoint{training};                        // a struct: its members are the children
//   cairn::Checkpoint checkpoint{"model"_a = training.model, "step"_a = training.step};   // or named objects
//   const std::string path = checkpoint.save("run/ckpt");          // "run/ckpt-1"
//   checkpoint.restore(path).assert_consumed();
#pragma once

#include "../archive/archived_type.hpp"
#include "../archive/class_type.hpp"
#include "../graph/container_types.hpp"
#include "../graph/registered_saver.hpp"
#include "../graph/several_tensors.hpp"
#include "../graph/slot_variables.hpp"
#include "../graph/static_form.hpp"
#include "../graph/struct_type.hpp"
#include "../graph/tracked_slot.hpp"
#include "child_path.hpp"
#include "live_state.hpp"
#include "named.hpp"
#include "tracked_state.hpp"

#include <algorithm>
#include <array>
#include <concepts>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace cairn {

template <class... Children>
class Checkpoint;

namespace detail {

// Stands for an rvalue, which is refused.
template <class T>
struct Temporary {
  Temporary(const T&) {}  // NOLINT(google-explicit-constructor): only so that the refusal stays the only error
};
template <class T>
inline constexpr bool is_temporary = false;
template <class T>
inline constexpr bool is_temporary<Temporary<T>> = true;
template <class T>
inline constexpr bool is_root = false;
template <class T>
inline constexpr bool is_root<RootOf<T>> = true;
template <class Child>
struct ChildName {
  static constexpr std::string_view value = "root";  // an object as the root is a child of that name, too
};
template <FixedString name, class T>
struct ChildName<Named<name, T>> {
  static constexpr std::string_view value = name.view();
};

// The names must differ: two children of one name could not be told apart in the file.
template <class... Children>
[[nodiscard]] consteval bool names_differ() {
  const std::array<std::string_view, sizeof...(Children)> names{ChildName<Children>::value...};
  for (std::size_t i = 0; i < names.size(); ++i)
    for (std::size_t j = i + 1; j < names.size(); ++j)
      if (names[i] == names[j]) return false;
  return true;
}

template <FixedString name, class T>
[[nodiscard]] RootChild root_child(Named<name, T> named) {
  return {std::string(name.view()), tracked_slot(*named.object)};
}

inline void sort_by_name(std::vector<RootChild>& children) {
  std::sort(children.begin(), children.end(), [](const RootChild& a, const RootChild& b) { return a.name < b.name; });
}

// A struct as the root. TensorFlow's Checkpoint(root) writes an edge "root" from the root to itself, among the sorted
// keyword names, and so do we, unless the struct has a member of that name; restoring does not need it
// (tests/interop/root_object).
template <class T, class... Children>
[[nodiscard]] Root make_root(RootOf<T> root, Children... children) {
  static_assert(!std::is_const_v<T>,
                "cairn: a const object cannot be tracked, because a restore writes to it. Pass an object that is not "
                "const.");
  const Slot slot = tracked_slot(*root.object);
  Root made{.object = slot.get(), .children = {root_child(children)...}};
  bool has_own = false;
  made.object.type->children(made.object.address,
                             [&](const Child& child) { has_own = has_own || child.name == "root"; });
  if (!has_own) made.children.push_back({"root", slot});
  sort_by_name(made.children);
  return made;
}
template <class T>
[[nodiscard]] Root make_root(const Temporary<T>&) {
  return {};
}
// Named objects: children in the order of their names, whatever order they are given in, as TensorFlow's keywords.
template <FixedString... names, class... T>
[[nodiscard]] Root make_root(Named<names, T>... children) {
  Root made{.object = {}, .children = {root_child(children)...}};
  sort_by_name(made.children);
  return made;
}

template <class T>
inline constexpr bool is_checkpoint = false;
template <class... Children>
inline constexpr bool is_checkpoint<Checkpoint<Children...>> = true;

}  // namespace detail

// Keeps references: what it tracks must outlive it, and must not be moved. One thread at a time may call it, and
// nothing may change the tracked values during a call.
template <class... Children>
class Checkpoint {
 public:
  static_assert(
      (!detail::is_temporary<Children> && ...),
      "cairn: a Checkpoint keeps references to what it tracks, and a temporary is gone before the first save. "
      "Give it a variable that lives as long as the Checkpoint.");
  static_assert(
      ((detail::is_temporary<Children> || detail::is_root<Children> || detail::is_named<Children>) && ...),
      "cairn: Checkpoint<Model> is not the type of a Checkpoint of a Model. Write cairn::CheckpointOf<Model>.");
  static_assert(detail::names_differ<Children...>(),
                "cairn: two objects are tracked under the same name. Give each a name of its own.");

  // Named objects, "model"_a = model, "step"_a = step; or an object as the root, and named ones beside its children.
  explicit Checkpoint(Children... children)
      : children_(children...), state_(detail::TrackedState::make(detail::make_root(children...))) {
    state_->belongs_to(this);
  }

  Checkpoint(const Checkpoint&) = delete;
  Checkpoint& operator=(const Checkpoint&) = delete;
  Checkpoint(Checkpoint&& other) noexcept : children_(other.children_), state_(std::move(other.state_)) {
    if (state_ != nullptr) state_->belongs_to(this);
  }
  Checkpoint& operator=(Checkpoint&& other) noexcept {
    children_ = other.children_;
    state_ = std::move(other.state_);
    if (state_ != nullptr) state_->belongs_to(this);
    return *this;
  }
  ~Checkpoint() = default;

  // Numbers and writes: "run/ckpt" gives "run/ckpt-1", then "run/ckpt-2", and run/checkpoint names it. Returns the
  // path. The number is one more than save_counter(), or than the highest one of that name on the disk: unlike
  // TensorFlow, a program that starts anew without restoring does not write over earlier checkpoints. Throws Error:
  // invalid_argument for a prefix that ends without a name; when the disk refuses. Then the counter and every earlier
  // checkpoint are what they were.
  std::string save(const std::filesystem::path& prefix, const CheckpointOptions& options = {}) {
    return state_->save(prefix.string(), std::nullopt, options,
                        [&files = state_->files(), directory = prefix.parent_path().string(),
                         durable = options.durability == Durability::full](const std::string& path) {
                          detail::write_state(files, directory, {path, {path}, {}, 0}, durable);
                        });
  }

  // Waits for a save that is under way in the background (CheckpointOptions::enable_async). Throws what went wrong in
  // it, once.
  void sync() { state_->sync(); }

  // Writes to this path, without numbering and without the state file. Where a checkpoint of that path exists, it is
  // the old or the new one at every instant. Returns the path.
  std::string write(const std::filesystem::path& prefix, const CheckpointOptions& options = {}) {
    return state_->write(prefix.string(), options);
  }

  // Restores what save() wrote, or TensorFlow: every tracked value that the checkpoint has, found by the names of
  // members. A path (also that of a SavedModel directory), or nullopt for nothing: latest_checkpoint()'s answer can be
  // handed on. Throws Error: not_found, data_loss, invalid_argument when dtype or shape of a value differ; when it
  // throws, every tracked value is what it was. One exception: where more than 6 MiB come over values that are not
  // zero, what was found whole is read a second time, into place; when the disk fails at that, old and new values are
  // mixed, and the Error (data_loss) says so. What is on one side only is no error but in the status: ask it.
  [[nodiscard]] LoadStatus restore(const std::optional<std::string>& path, const RestoreOptions& options = {}) {
    return path ? state_->restore(*path, options, true) : LoadStatus();
  }

  // The same for what write() wrote: the save counter takes no part.
  [[nodiscard]] LoadStatus read(const std::optional<std::string>& path, const RestoreOptions& options = {}) {
    return path ? state_->restore(*path, options, false) : LoadStatus();
  }

  // How often this state was saved, over all its processes.
  [[nodiscard]] std::int64_t save_counter() { return state_->save_counter(); }

  // Adds a child of the root. If an earlier restore found values for that name, they are restored into it now. Throws
  // Error: already_exists; what restore() throws. The object is not tracked then.
  template <class T>
  void track(std::string name, T& object) {
    state_->track(std::move(name), detail::tracked_slot(object));
  }
  template <FixedString name, class T>
  void track(Named<name, T> named) {
    track(std::string(name.view()), *named.object);
  }
  template <class T>
  void track(const std::string&, const T&&) {
    static_assert(!std::is_same_v<T, T>,
                  "cairn: track keeps a reference to the object, and a temporary is gone at once. Give it a variable "
                  "that lives as long as the Checkpoint.");
  }

  // A member by its path, followed by the compiler: get<"model.weights">(). The path begins with a tracked object's
  // name, or with a member of the object that is the root. An unknown path does not compile; objects that track() adds
  // have none.
  template <FixedString path>
  [[nodiscard]] auto& get() const noexcept {
    return detail::get_tracked<path>(children_);
  }

  // What a CheckpointManager of another format archives.
  [[nodiscard]] const std::tuple<Children...>& children() const noexcept { return children_; }

  // What a CheckpointManager shares with this checkpoint.
  [[nodiscard]] const std::shared_ptr<detail::TrackedState>& state() const noexcept { return state_; }

 private:
  std::tuple<Children...> children_;
  std::shared_ptr<detail::TrackedState> state_;
};

// The type of a Checkpoint of one object, where it must be written: as a member of a class.
//
//   class Trainer {
//     Model model_;
//     cairn::CheckpointOf<Model> checkpoint_{model_};
//     cairn::CheckpointManager<cairn::CheckpointOf<Model>> manager_{checkpoint_, "training", {.max_to_keep = 3}};
//   };
//
// The members must stay in this order, and the object in its place: what is tracked must not be moved.
template <class Model>
using CheckpointOf = Checkpoint<detail::RootOf<Model>>;

Checkpoint() -> Checkpoint<>;
template <FixedString... names, class... T>
Checkpoint(Named<names, T>...) -> Checkpoint<Named<names, T>...>;
template <class T, FixedString... names, class... Children>
  requires(!detail::is_named<T> && !detail::is_checkpoint<T>)
Checkpoint(T&, Named<names, Children>...) -> Checkpoint<detail::RootOf<T>, Named<names, Children>...>;
template <class T>
  requires(!std::is_lvalue_reference_v<T> && !detail::is_named<T> && !detail::is_checkpoint<T>)
Checkpoint(T&&) -> Checkpoint<detail::Temporary<T>>;

}  // namespace cairn

// For static_keys<Checkpoint<...>> and the like: the children of the root, and named ones.
template <class... Children>
struct cairn::detail::StaticForm<cairn::Checkpoint<Children...>> {
  template <class Saved, class Visit>
  static constexpr void list(const Saved& saved, Visit& visit) {
    (list_child(static_cast<const Children*>(nullptr), saved, visit), ...);
  }

 private:
  template <class T, class Saved, class Visit>
  static constexpr void list_child(const RootOf<T>*, const Saved& saved, Visit& visit) {
    list_static_children<T>(saved, visit);
  }
  template <FixedString name, class T, class Saved, class Visit>
  static constexpr void list_child(const Named<name, T>*, const Saved&, Visit& visit) {
    visit.template child<T>({.shown = name.view(), .name = name.view()});
  }
};
