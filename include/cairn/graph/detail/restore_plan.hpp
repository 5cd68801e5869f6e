// Which saved node is which live object: both graphs are walked side by side from their roots, by the names of edges.
//
//   RestorePlan plan = match(graph, source, root);   // match.hpp
//   plan.check();                                    // reads and checks; nothing of the user's has changed
//   plan.commit();
//   plan.status();                                   // what fits and what does not
//
// Keys and full names play no part (TensorFlow's python/checkpoint/restore.py): a node's key may change from one save
// to the next. The first object that a node meets is the one it is bound to. Then its values are planned
// (match_values.hpp), its children bound by name, empty pointers filled, lists made longer (match_objects.hpp); slot
// variables of optimizers come last (match_slots.hpp).
#pragma once

#include "../../core/detail/maps.hpp"
#include "../../core/detail/text_pool.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/error.hpp"
#include "../../core/object_graph.hpp"
#include "../mismatch.hpp"
#include "byte_claim.hpp"
#include "casting.hpp"
#include "left_out.hpp"
#include "match_item.hpp"
#include "mismatch_policy.hpp"
#include "object.hpp"
#include "object_set.hpp"
#include "path_list.hpp"
#include "pointer_feature.hpp"
#include "restore_actions.hpp"
#include "root.hpp"
#include "saved_children.hpp"
#include "savers.hpp"
#include "tensor_source.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE {
class AnyTensor;
}

namespace CAIRN_NAMESPACE::graph::detail {

struct MatchOptions {
  MismatchPolicy on_mismatch = {};
  Casting cast = {};
  bool skip_slot_variables = false;
  bool is_made_up = false;  // the program made the graph for its own objects: it may give a key to several
};

// A live child on its way to the saved child of its name, whose node it is; -1 where there is none.
struct Visit {
  const Child& child;
  SavedChildren& saved;
  std::uint32_t parent;
  bool is_passing;
  std::string_view saved_name;
  std::int32_t node;
  Object object;         // empty for a pointer that leads nowhere
  bool is_made = false;  // the object is new, and not in its place yet
};

// What a match has found. The paths of matched are made when they are asked for.
struct MatchStatus {
  PathList matched;
  std::vector<Mismatch> mismatched;
  std::vector<std::string> only_in_checkpoint;
  std::vector<std::string> only_in_program;
  bool is_nontrivial = false;  // more than the root was bound
};

class RestorePlan {
 public:
  static const PointerFeature pointer_feature;

  // Nothing is matched yet. The graph's ids are right (ObjectGraph::require_ids); it and the source outlive the plan.
  RestorePlan(const ObjectGraph& saved, const TensorSource& source, MatchOptions options = {});

  // Binds node 0 to the root and what is below to what is below. Throws Error with ErrorCode::invalid_argument naming
  // every value that differs in dtype or shape, unless they are to be skipped; Error with ErrorCode::not_found when a
  // value's key is missing.
  void match(const Root& root);
  // A child that comes to the root after match() was committed; `root` is without it. True when the checkpoint has
  // something for it that was still pending. After a throw, roll_back.
  bool match_child(const Root& root, std::string_view name, Slot slot);

  // These are RestoreActions' functions of these names, for all that was matched since the last commit().
  void check() { actions_.check(source_); }
  bool read() { return actions_.read(); }
  void undo() noexcept { actions_.undo(); }
  void commit() { actions_.commit(source_); }

  [[nodiscard]] MatchStatus status() const;

  // How far matching has come, to return to when a match_child, or what follows it, fails.
  struct Progress {
    core::detail::Vec<bool> is_bound;
    std::size_t items, left_out, matched, mismatched, left_attributes;
    core::detail::Vec<EmptyPlace> left_empty;
    ByteClaim bytes;
  };
  [[nodiscard]] Progress progress() const;
  void roll_back(const Progress& progress);

  // True while the root has saved children with values that no live child has claimed.
  [[nodiscard]] bool is_pending() const;
  // True when all that is pending here has the name of a root's child in the newer one's checkpoint, which then goes
  // first.
  [[nodiscard]] bool is_superseded_by(const RestorePlan& newer) const;

  // An object of several tensors that is bound (tensors_of_object.hpp): each that it has now must be saved, with its
  // dtype. False when none is. An error of the class itself for values that it cannot take is a mismatch, too.
  bool take_tensors(std::uint32_t item, const SeveralTensorsType& type);

  // For registered savers: an item is a live object that is bound.
  [[nodiscard]] const Object& object(std::uint32_t item) const { return items_[item].object; }
  [[nodiscard]] ObjectGraph::Node saved(std::uint32_t item) const { return saved_[items_[item].node]; }
  [[nodiscard]] std::string path(std::uint32_t item) const { return path_of(items_[item].parent, items_[item].name); }
  [[nodiscard]] std::string file() const { return source_.name(); }
  [[nodiscard]] OnMismatch on_mismatch(std::string_view path) const { return options_.on_mismatch.of(path); }
  [[nodiscard]] core::detail::Own<RestoredBySavers>& by_savers(std::uint32_t item) {
    return actions_of(item).by_savers();
  }
  // The item's object is matched as a whole, or differs as a whole.
  void add_matched_by_saver(std::uint32_t item) {
    claim(items_[item].node);
    matched_.push_back(item);
  }
  void add_mismatch_by_saver(std::uint32_t item, Mismatch mismatch) {
    claim(items_[item].node);
    const std::string path = mismatch.path;
    add_mismatch(std::move(mismatch), path);
  }

 private:
  friend struct NodeLoader;
  friend class SlotsOfPlan;  // match_slots.hpp

  // A pointer of the program, and what it leads to.
  struct RawPointer {
    Slot slot;
    Object object;
  };
  // An attribute of a node of which others were taken.
  struct LeftAttribute {
    std::int32_t node;
    std::string_view name;
  };
  using ChildList = core::detail::FunctionRef<void(const ChildSink& sink)>;

  static constexpr std::uint32_t no_parent = MatchItem::no_parent;
  // A value's number is that of its item, or this bit and the node of a slot variable, which is no item.
  static constexpr std::uint32_t is_slot = std::uint32_t{1} << 31;
  // How deep a restore makes new objects inside new objects: their destructors call each other.
  static constexpr std::size_t max_depth = 10000;
  // How deep classes that load themselves may call each other.
  static constexpr std::size_t max_loading = 500;

  [[nodiscard]] NodeBinding& binding(std::int32_t node) { return bound_[static_cast<std::size_t>(node)]; }
  [[nodiscard]] bool is_bound(std::int32_t node) const { return bound_[static_cast<std::size_t>(node)].is_bound; }
  [[nodiscard]] bool waits_for(const ObjectReference& child) const {
    return !is_bound(child.node_id) && saved_[child.node_id].has_checkpoint_values.value_or(true);
  }
  void claim(std::int32_t node) { binding(node).is_claimed = true; }
  [[nodiscard]] std::string path_of(std::uint32_t parent, std::string_view name) const {
    return detail::path_of(items_, parent, name);
  }
  [[nodiscard]] std::string path_of_value(std::uint32_t value) const {
    return (value & is_slot) != 0 ? saved_.path(static_cast<std::int32_t>(value & ~is_slot)) : path(value);
  }
  // What a class that loads itself asks for is there when it goes on; everything else waits for the end of all checks.
  [[nodiscard]] RestoreActions& actions_of(std::uint32_t item) { return actions(items_[item].is_passing); }
  [[nodiscard]] RestoreActions& actions(bool is_passing) { return is_passing ? *now_ : actions_; }

  // match_objects.hpp
  void run(std::size_t begin);
  void process(std::uint32_t item, ChildList list_children,
               const core::detail::Vec<std::string_view>& not_its_own = {});
  [[nodiscard]] Object as_saved(Object object, std::int32_t node) const;
  void visit(const Child& child, SavedChildren& saved, std::uint32_t parent, bool is_passing);
  void note_unmatched(const Object& object, std::uint32_t parent, std::string_view name, bool is_passing);
  void finish_match(const Root& root, std::size_t begin);
  bool load(std::uint32_t parent, std::string_view name, Slot slot);
  void require_shallow(std::uint32_t item) const;
  [[noreturn]] void refuse_depth(std::uint32_t item, std::size_t limit) const;

  [[nodiscard]] std::string_view name_of(const Visit& at) {
    return at.saved_name == at.child.name ? at.saved_name : names_.keep(at.child.name);
  }

  // match_pointers.hpp
  bool visit_pointer(Visit& at);
  [[nodiscard]] bool says_empty(Visit& at) const;
  void fill_later(const EmptyPlace& place, bool is_passing);
  void fill_places(const Root& root, std::size_t begin);
  [[nodiscard]] core::detail::Vec<Object> find_again(const Root& root, std::size_t begin) const;
  void look_for_left_empty(const Root& root, std::size_t begin);
  void follow_loose();

  // match_values.hpp
  bool take_earlier_form(std::uint32_t item);
  bool take_values(std::uint32_t item);
  bool take(std::int32_t node, const Object& object, const LeafType& leaf, std::uint32_t value,
            RestoreActions& actions);
  [[nodiscard]] TensorSource::Description find(std::int32_t node, std::string_view key, std::uint32_t value);
  [[nodiscard]] AnyTensor read(const std::string& key, const TensorSource::Description& saved, DType to) const;
  void add_mismatch(Mismatch mismatch, std::string_view path);
  [[nodiscard]] std::vector<std::string> unclaimed() const;

  const ObjectGraph& saved_;
  const TensorSource& source_;
  MatchOptions options_;
  const Savers* savers_ = registered_savers();

  core::detail::Vec<NodeBinding> bound_;                               // by node
  core::detail::HashMap<std::int32_t, std::shared_ptr<void>> owners_;  // of the bound objects that somebody shares
  MatchItems items_;                                                   // the live objects that are bound
  const PointerFeature* pointers_ = nullptr;                           // null until a place is one
  core::detail::TextPool names_;  // of items, where they are not those in the graph

  core::detail::Vec<std::uint32_t> matched_;  // values
  std::vector<Mismatch> mismatched_;
  std::vector<Mismatch> refused_;  // those for which the restore must be
  core::detail::Vec<LeftAttribute> left_attributes_;
  core::detail::Vec<EmptyPlace> left_empty_;  // of all matches: their slots may be gone
  LeftOut left_out_;
  ByteClaim bytes_;

  // Of the match that goes on.
  ObjectSet objects_;  // all live objects that are bound
  core::detail::Vec<MatchItem> loose_;
  core::detail::Vec<EmptyPlace> empty_places_;
  core::detail::Vec<RawPointer> raw_;
  ObjectSet pointed_to_;  // by those pointers: must not end

  RestoreActions actions_;
  RestoreActions* now_ = nullptr;  // those of the class that loads itself just now
  std::size_t loading_ = 0;
  // find_again(); set by match_child(), so that a program that calls no such thing has none of it.
  core::detail::Vec<Object> (*find_again_)(const RestorePlan& plan, const Root& root, std::size_t begin) = nullptr;
};

}  // namespace CAIRN_NAMESPACE::graph::detail
