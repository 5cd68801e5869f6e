// Checkpoint: the state of a program as a whole, saved and restored.
//
//   cairn::Checkpoint checkpoint{training};                        // a struct: its members are the children
//   using namespace cairn::literals;
//   cairn::Checkpoint checkpoint{"model"_a = training.model, "step"_a = training.step};   // or named objects
//   const std::string path = checkpoint.save("run/ckpt");          // "run/ckpt-1"
//   checkpoint.restore(path).assert_consumed();
#pragma once

#include "../core/detail/shared.hpp"
#include "../core/detail/vec.hpp"
#include "../core/path_argument.hpp"
#include "../graph/detail/container_types.hpp"
#include "../graph/detail/copied_types.hpp"
#include "../graph/detail/keyed_map_type.hpp"
#include "../graph/detail/several_tensors.hpp"
#include "../graph/detail/struct_type.hpp"
#include "../graph/detail/tracked_slot.hpp"
#include "../graph/detail/valarray_type.hpp"
#include "../graph/detail/variant_type.hpp"
#include "../graph/slot_variables.hpp"
#include "../reflect/detail/static_form.hpp"
#include "detail/child_path.hpp"
#include "detail/restore/late.hpp"
#include "detail/tracked_state.hpp"
#include "named.hpp"

#include <array>
#include <concepts>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace CAIRN_NAMESPACE {

template <class... Children>
class Checkpoint;

namespace checkpoint::detail {

// A temporary object, which a Checkpoint refuses.
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
// The name of a child. An object as the root is a child with the name "root", too.
template <class Child>
struct ChildName {
  static constexpr std::string_view value = "root";
};
template <FixedString name, class T>
struct ChildName<Named<name, T>> {
  static constexpr std::string_view value = name.view();
};

// Returns true when all names differ: two children of one name could not be told apart in the file.
template <class... Children>
[[nodiscard]] consteval bool names_differ() {
  const std::array<std::string_view, sizeof...(Children)> names{ChildName<Children>::value...};
  for (std::size_t i = 0; i < names.size(); ++i)
    for (std::size_t j = i + 1; j < names.size(); ++j)
      if (names[i] == names[j]) return false;
  return true;
}

template <FixedString name, class T>
[[nodiscard]] graph::detail::RootChild root_child(Named<name, T> named) {
  return {std::string(name.view()), graph::detail::tracked_slot(*named.object)};
}

inline void sort_by_name(core::detail::Vec<graph::detail::RootChild>& children) {
  for (std::size_t i = 1; i < children.size(); ++i)
    for (std::size_t k = i; k > 0 && children[k].name < children[k - 1].name; --k)
      std::swap(children[k], children[k - 1]);
}

// Makes a root of a struct. TensorFlow's Checkpoint(root) writes an edge "root" from the root to itself, among the
// sorted keyword names. cairn writes it, too, unless the struct has a member of that name; a restore does not need it
// (tests/interop/root_object).
template <class T, class... Children>
[[nodiscard]] graph::detail::Root make_root(RootOf<T> root, Children... children) {
  static_assert(!std::is_const_v<T>,
                "cairn: a const object cannot be tracked, because a restore writes to it. Pass an object that is not "
                "const.");
  const graph::detail::Slot slot = graph::detail::tracked_slot(*root.object);
  graph::detail::Root made{.object = slot.get(), .children = {root_child(children)...}};
  bool has_own = false;
  made.object.type->children(made.object.address,
                             [&](const graph::detail::Child& child) { has_own = has_own || child.name == "root"; });
  if (!has_own) made.children.push_back({"root", slot});
  sort_by_name(made.children);
  return made;
}
template <class T>
[[nodiscard]] graph::detail::Root make_root(const Temporary<T>&) {
  return {};
}
// Makes a root of named objects. They are children in the order of their names, in whatever order they are given, as
// TensorFlow's keywords are.
template <FixedString... names, class... T>
[[nodiscard]] graph::detail::Root make_root(Named<names, T>... children) {
  graph::detail::Root made{.object = {}, .children = {root_child(children)...}};
  sort_by_name(made.children);
  return made;
}

// The members of a Checkpoint that a CheckpointManager shares: the state, and the objects that a manager of another
// format archives.
struct CheckpointAccess {
  template <class CheckpointType>
  [[nodiscard]] static const auto& state(const CheckpointType& checkpoint) noexcept {
    return checkpoint.state_;
  }
  template <class CheckpointType>
  [[nodiscard]] static const auto& children(const CheckpointType& checkpoint) noexcept {
    return checkpoint.children_;
  }
};

template <class T>
inline constexpr bool is_checkpoint = false;
template <class... Children>
inline constexpr bool is_checkpoint<Checkpoint<Children...>> = true;

}  // namespace checkpoint::detail

// A Checkpoint refers to the objects that it tracks: they must outlive it and must not be moved. It belongs to one
// thread at a time, and no other thread may change tracked values during a call. (A save with enable_async has copied
// them when it returns.)
//
// Besides the codes that a member lists, a call that fails in the file system throws Error with
// ErrorCode::permission_denied, resource_exhausted (disk full, quota, memory) or unavailable (a failing disk).
template <class... Children>
class Checkpoint {
 public:
  static_assert(
      (!checkpoint::detail::is_temporary<Children> && ...),
      "cairn: a Checkpoint keeps references to what it tracks, and a temporary is gone before the first save. "
      "Give it a variable that lives as long as the Checkpoint.");
  static_assert(
      ((checkpoint::detail::is_temporary<Children> || checkpoint::detail::is_root<Children> ||
        checkpoint::detail::is_named<Children>) &&
       ...),
      "cairn: Checkpoint<Model> is not the type of a Checkpoint of a Model. Write cairn::CheckpointOf<Model>.");
  static_assert(checkpoint::detail::names_differ<Children...>(),
                "cairn: two objects are tracked under the same name. Give each a name of its own.");

  // Tracks named objects, "model"_a = model, "step"_a = step; or one object as the root, with named ones beside its
  // members. Throws Error with ErrorCode::already_exists when the root object has a member of a name that is given,
  // too.
  explicit Checkpoint(Children... children)
      : children_(children...),
        state_(
            core::detail::make_shared<checkpoint::detail::TrackedState>(checkpoint::detail::make_root(children...))) {
    state_->belongs_to(this);
  }

  Checkpoint(const Checkpoint&) = delete;
  Checkpoint& operator=(const Checkpoint&) = delete;
  Checkpoint(Checkpoint&& other) noexcept : children_(other.children_), state_(std::move(other.state_)) {
    if (state_) state_->belongs_to(this);
  }
  Checkpoint& operator=(Checkpoint&& other) noexcept {
    children_ = other.children_;
    state_ = std::move(other.state_);
    if (state_) state_->belongs_to(this);
    return *this;
  }
  ~Checkpoint() = default;

  // Saves the state under the next number and returns the path: "run/ckpt" gives "run/ckpt-1", then "run/ckpt-2", and
  // run/checkpoint names it. The number is one more than save_counter(), or than the highest number of that name on the
  // disk: unlike in TensorFlow, a program that starts again without a restore does not write over earlier checkpoints.
  //
  // When it throws, the counter and every earlier checkpoint are what they were before, unless the sentence says that
  // the checkpoint is complete. With enable_async, the failure of the save before is thrown here.
  //
  // Throws Error with ErrorCode::invalid_argument for a prefix that ends without a name, options that do not go
  // together, a path in `frozen` that nothing has, two values with the same key, and a name that is not UTF-8;
  // ErrorCode::out_of_range when there is no higher number; ErrorCode::failed_precondition when a tracked object has
  // the name save_counter and is no int64, when a value was moved from, when cereal cannot save a value, and in a write
  // callback; ErrorCode::unimplemented for slot variables that have no key in TensorFlow's format.
  std::string save(const PathArgument& prefix, const CheckpointOptions& options = {}) {
    return state_->save(prefix.string(), options);
  }

  // Waits for a save that is under way in the background (CheckpointOptions::enable_async). When that save failed, its
  // Error is thrown, once. Throws ErrorCode::failed_precondition in a write callback.
  void sync() { state_->sync(); }

  // Writes the state to this path, without a number and without the file `checkpoint`; returns the path. A checkpoint
  // of that path is replaced: at every instant the path leads to the old or the new one. When it throws, the path has
  // the old one, unless the sentence says that the checkpoint is complete. Throws Error with
  // ErrorCode::invalid_argument, failed_precondition and unimplemented for the reasons that save() gives.
  std::string write(const PathArgument& prefix, const CheckpointOptions& options = {}) {
    return state_->write(prefix.string(), options);
  }

  // Restores a checkpoint that save() wrote, or TensorFlow: every tracked value that the checkpoint has, found by the
  // names of members. `path` is that of a checkpoint, or of a directory, which means its latest checkpoint or that of a
  // SavedModel; nullopt restores nothing, so that the result of latest_checkpoint() can be handed on. Values that only
  // one side has are no Error, but are listed in the status: ask it.
  //
  // When restore() throws, every tracked value is what it was before, with one exception. A restore of more than 6 MiB
  // over values that are not zero checks the bytes first, and then reads them a second time, straight into place. When
  // the disk fails between the two, or the file is overwritten, old and new values are mixed, and the Error
  // (ErrorCode::data_loss) says so.
  //
  // Throws Error with ErrorCode::not_found when there is no such checkpoint; ErrorCode::data_loss when it is damaged;
  // ErrorCode::invalid_argument when the dtype or shape of a value differs, when a registered saver cannot restore an
  // object, and for options that fit nothing in the checkpoint; ErrorCode::out_of_range for a number that options.cast
  // cannot convert; ErrorCode::unimplemented for a checkpoint of a newer format, and when a list that grows holds
  // variables with slot variables; ErrorCode::failed_precondition for a checkpoint of a CheckpointManager with another
  // format, and when a value was moved from.
  [[nodiscard]] LoadStatus restore(const std::optional<PathArgument>& path, const RestoreOptions& options = {}) {
    return path ? state_->restore(path->string(), options, true) : LoadStatus();
  }

  // Restores a checkpoint that write() wrote, as restore() does, but without the save counter. When it throws, every
  // tracked value is what it was before, with the exception that restore() names. Throws Error with
  // ErrorCode::not_found, data_loss, invalid_argument, out_of_range, unimplemented and failed_precondition for the
  // reasons that restore() gives.
  [[nodiscard]] LoadStatus read(const std::optional<PathArgument>& path, const RestoreOptions& options = {}) {
    return path ? state_->restore(path->string(), options, false) : LoadStatus();
  }

  // Returns the number of times that this state was saved, over all processes that restored it. Throws Error with
  // ErrorCode::failed_precondition when a tracked object has the name save_counter and is no int64.
  [[nodiscard]] std::int64_t save_counter() { return state_->save_counter(); }

  // Adds a child of the root. When an earlier restore found values for that name, they are restored into the object
  // now, and the status of that restore changes. When it throws, the object is not tracked and is unchanged, with the
  // exception that restore() names. Throws Error with ErrorCode::already_exists when the name is taken;
  // ErrorCode::data_loss, invalid_argument and out_of_range for the reasons that restore() gives.
  template <class T>
  void track(std::string name, T& object) {
    state_->track(std::move(name), graph::detail::tracked_slot(object));
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

  // Returns a member by its path, which the compiler follows: get<"model.weights">(). The path begins with the name of
  // a tracked object, or with a member of the object that is the root. An unknown path does not compile. Objects that
  // track() adds have no such path.
  template <FixedString path>
  [[nodiscard]] auto& get() const noexcept {
    return checkpoint::detail::get_tracked<path>(children_);
  }

 private:
  friend checkpoint::detail::CheckpointAccess;

  std::tuple<Children...> children_;
  core::detail::Shared<checkpoint::detail::TrackedState> state_;
};

// The type of a Checkpoint of one object, for a data member of a class:
//
//   class Trainer {
//    public:
//     Trainer(Trainer&&) = delete;
//     ...
//    private:
//     Model model_;
//     cairn::CheckpointOf<Model> checkpoint_{model_};
//     cairn::CheckpointManager<cairn::CheckpointOf<Model>> manager_{checkpoint_, "training", {.max_to_keep = 3}};
//   };
//
// The members must stand in this order, and the object must stay in its place: the Checkpoint refers to the model, and
// the manager to the Checkpoint. A program that moves such objects holds each by std::unique_ptr. Where an object was
// moved all the same, the manager's next call throws Error with ErrorCode::failed_precondition.
template <class Model>
using CheckpointOf = Checkpoint<checkpoint::detail::RootOf<Model>>;

Checkpoint() -> Checkpoint<>;
template <FixedString... names, class... T>
Checkpoint(Named<names, T>...) -> Checkpoint<Named<names, T>...>;
template <class T, FixedString... names, class... Children>
  requires(!checkpoint::detail::is_named<T> && !checkpoint::detail::is_checkpoint<T>)
Checkpoint(T&, Named<names, Children>...) -> Checkpoint<checkpoint::detail::RootOf<T>, Named<names, Children>...>;
template <class T>
  requires(!std::is_lvalue_reference_v<T> && !checkpoint::detail::is_named<T> && !checkpoint::detail::is_checkpoint<T>)
Checkpoint(T&&) -> Checkpoint<checkpoint::detail::Temporary<T>>;

}  // namespace CAIRN_NAMESPACE

// Lists the children of the root, and named ones, for static_keys<Checkpoint<...>> and the like.
template <class... Children>
struct cairn::reflect::detail::StaticForm<cairn::Checkpoint<Children...>> {
  template <class Saved, class Visit>
  static constexpr void list(const Saved& saved, Visit& visit) {
    (list_child(static_cast<const Children*>(nullptr), saved, visit), ...);
  }

 private:
  template <class T, class Saved, class Visit>
  static constexpr void list_child(const cairn::checkpoint::detail::RootOf<T>*, const Saved& saved, Visit& visit) {
    list_static_children<T>(saved, visit);
  }
  template <FixedString name, class T, class Saved, class Visit>
  static constexpr void list_child(const Named<name, T>*, const Saved&, Visit& visit) {
    visit.template child<T>({.shown = name.view(), .name = name.view()});
  }
};
