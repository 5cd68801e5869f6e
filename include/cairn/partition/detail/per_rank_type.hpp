// A PerRank as a node of the graph: a list of which only the element of this rank is here.
//
//   "random" -> { "0": rank 0's, "1": rank 1's, ... }
//
// One rank's walk has one of the children. The others belong to the other ranks: a restore leaves them to those.
#pragma once

#include "../../core/detail/fail.hpp"
#include "../../core/detail/own.hpp"
#include "../../core/detail/type_name.hpp"
#include "../../core/error.hpp"
#include "../../graph/detail/object.hpp"
#include "../../graph/detail/object_type.hpp"
#include "../../graph/detail/restore_plan.hpp"
#include "../../graph/mismatch.hpp"
#include "../../reflect/detail/index_name.hpp"
#include "present_rank.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace CAIRN_NAMESPACE::partition::detail {

// The number of ranks that have saved the node of the loader: that of its children "0", "1", ...
[[nodiscard]] inline int saved_ranks(const graph::detail::NodeLoader& loader) {
  int size = 0;
  for (const ObjectReference child : loader.plan.saved(loader.item).children)
    if (reflect::detail::index_of(child.local_name)) ++size;
  return size;
}

// Reads what that rank has saved, at once. Throws Error with ErrorCode::out_of_range and data_loss.
inline void read_rank(graph::detail::NodeLoader& loader, int rank, int size, graph::detail::Slot slot) {
  const std::string path = loader.plan.path(loader.item);
  if (rank < 0 || rank >= size)
    core::detail::fail(ErrorCode::out_of_range, {"the value of the rank ", rank, " was asked for in ", path, ", which ",
                                                 size, " ranks have saved"});
  if (!loader.load(reflect::detail::IndexName(static_cast<std::size_t>(rank)).view(), slot))
    core::detail::fail(ErrorCode::data_loss,
                       {loader.plan.file(), " has no value of the rank ", rank, " in ", path,
                        ", but of higher ones; the checkpoint was cut down"},
                       {.file = loader.plan.file()});
}

// Leaves what all ranks have saved, but for one, in the checkpoint.
inline void leave_ranks(graph::detail::NodeLoader& loader, int but_for = -1) {
  for (const ObjectReference child : loader.plan.saved(loader.item).children)
    if (but_for < 0 || child.local_name != reflect::detail::IndexName(static_cast<std::size_t>(but_for)).view())
      loader.leave(child.node_id);
}

// Throws Error with ErrorCode::invalid_argument; lists a mismatch instead where those are to be skipped.
inline void refuse_other_ranks(graph::detail::NodeLoader& loader, int size) {
  const std::string path = loader.plan.path(loader.item), file = loader.plan.file();
  const auto of_ranks = [](int number) {
    return "a value of each of " + std::to_string(number) + (number == 1 ? " rank" : " ranks");
  };
  const std::string found = of_ranks(size), expected = of_ranks(PresentRank::ranks());
  if (loader.plan.on_mismatch(path) == OnMismatch::skip) {
    leave_ranks(loader);
    return loader.plan.add_mismatch_by_saver(loader.item, {path, "", expected, found});
  }
  core::detail::fail(ErrorCode::invalid_argument,
                     {path, " in ", file, " is ", found, " in the checkpoint, ", expected,
                      " in the program; nothing was restored. Restore on as many ranks as have saved, or give the "
                      "cairn::PerRank a rule for others: cairn::OnOtherRanks::keep, drop, or a function that makes one "
                      "rank's value of all saved ones"},
                     {.file = file, .expected = expected, .found = found});
}

// A PerRank of any type.
class AnyPerRankType : public graph::detail::ObjectType {
 public:
  void children(void* object, const graph::detail::ChildSink& sink) const override {
    const reflect::detail::IndexName name(static_cast<std::size_t>(PresentRank::rank()));
    sink({.name = name.view(), .slot = slot(object)});
  }

  // Nothing is resized: says what becomes of what the ranks have saved.
  [[nodiscard]] core::detail::Own<graph::detail::Resize> resize_as_told(
      void* object, graph::detail::NodeLoader& loader) const override {
    using Kept = core::detail::Own<graph::detail::Resize>;
    const int size = saved_ranks(loader), rank = PresentRank::rank(), ranks = PresentRank::ranks();
    if (size == 0) return nullptr;  // it was saved as something else
    leave_ranks(loader, rank);
    if (size == ranks) return nullptr;
    if (Kept made = make(object, loader, size); made != nullptr) return made;
    switch (rule(object)) {
      case Rule::keep:
        if (rank < size) return nullptr;
        break;
      case Rule::drop:
        leave_ranks(loader);
        break;
      case Rule::error:
        refuse_other_ranks(loader, size);
    }
    return Kept(new graph::detail::KeptChildren);
  }

 protected:
  // OnOtherRanks, which is declared where users look for it.
  enum class Rule { error, keep, drop };

  [[nodiscard]] virtual graph::detail::Slot slot(void* object) const = 0;
  [[nodiscard]] virtual Rule rule(const void* object) const noexcept = 0;
  // Calls the user's function, where there is one; null where there is none.
  [[nodiscard]] virtual core::detail::Own<graph::detail::Resize> make(void* object, graph::detail::NodeLoader& loader,
                                                                      int size) const = 0;
};

// `P` is a PerRank; `Saved` is what its function takes.
template <class P, class Saved>
class PerRankType : public AnyPerRankType {
  using T = typename P::value_type;

 public:
  [[nodiscard]] std::string_view name() const noexcept override { return core::detail::type_name<P>(); }

 private:
  class Made final : public graph::detail::Resize {
   public:
    Made(T& target, T made) : target_(target), made_(std::move(made)) {}
    void children(const graph::detail::ChildSink&) const override {}
    void commit() noexcept override { target_ = std::move(made_); }

   private:
    T& target_;
    T made_;
  };

  [[nodiscard]] graph::detail::Slot slot(void* object) const override {
    return graph::detail::slot_of(static_cast<P*>(object)->value());
  }
  [[nodiscard]] Rule rule(const void* object) const noexcept override {
    return static_cast<Rule>(static_cast<const P*>(object)->on_other_ranks());
  }
  [[nodiscard]] core::detail::Own<graph::detail::Resize> make(void* object, graph::detail::NodeLoader& loader,
                                                              int size) const override {
    if constexpr (std::is_move_constructible_v<T> && std::is_move_assignable_v<T>) {
      P& per_rank = *static_cast<P*>(object);
      if (per_rank.function() == nullptr) return nullptr;
      Saved saved(loader, size, per_rank.value());
      auto made = core::detail::make_own<Made>(per_rank.value(), per_rank.function()(saved));
      leave_ranks(loader);
      return made;
    } else {
      return nullptr;
    }
  }
};

}  // namespace CAIRN_NAMESPACE::partition::detail
