// std::variant: a node with two children: "index", the number of the alternative that it holds, and "value", what that
// alternative is by itself. A restore makes the alternative that was saved; one that is held already is restored where it
// is.
#pragma once

#include "../../core/detail/fail.hpp"
#include "../../core/detail/type_list.hpp"
#include "../../core/detail/type_name.hpp"
#include "landings.hpp"
#include "leaf_types.hpp"
#include "object_type.hpp"
#include "slot_types.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace CAIRN_NAMESPACE::graph::detail {

template <class V>
using AlternativesOf = typename reflect::detail::ElementsOf<V>::type;

// The place of the alternative that the variant holds. Throws Error: failed_precondition where it holds none.
template <class V>
[[nodiscard]] Slot slot_of_alternative(V& variant) {
  Slot slot;
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    ((variant.index() == I ? static_cast<void>(slot = slot_of(*get_if<I>(&variant))) : static_cast<void>(0)), ...);
  }(std::make_index_sequence<AlternativesOf<V>::size>{});
  if (slot.place == nullptr)
    core::detail::fail(ErrorCode::failed_precondition,
                       {"a ", core::detail::type_name<V>(),
                        " holds no alternative, since an exception came when it was last assigned to; assign to it "
                        "before it is saved or restored"});
  return slot;
}

template <class V>
class IndexType final : public LeafType {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return core::detail::type_name<V>(); }
  [[nodiscard]] DType dtype(const void*, DType) const noexcept override { return DT_INT64; }
  [[nodiscard]] LeafValue value(const void* object) const override {
    auto index = std::make_shared<std::int64_t>(static_cast<std::int64_t>(static_cast<const V*>(object)->index()));
    return {view_of<std::int64_t>(Shape{}, {index.get(), 1}), index};
  }
  [[nodiscard]] bool accepts(const void*, const Shape& shape) const override { return shape.rank() == 0; }
  [[nodiscard]] std::string accepted(const void*) const override { return "[]"; }
  [[nodiscard]] core::detail::Own<Landing> land(void* object, DType, const Shape&) const override {
    return core::detail::make_own<SameIndex>(*static_cast<const V*>(object));
  }

 private:
  // A restore that keeps the variant's structure compares.
  class SameIndex final : public IntoElements<std::int64_t> {
   public:
    explicit SameIndex(const V& variant) : variant_(variant) { elements_ = {&index_, 1}; }
    void prepare() override {
      if (index_ != static_cast<std::int64_t>(variant_.index()))
        core::detail::fail(ErrorCode::failed_precondition,
                           {"a ", core::detail::type_name<V>(), " that keeps its alternative in this restore holds ",
                            variant_.index(), ", and the checkpoint has ", index_, "; give it that one"});
    }

   private:
    const V& variant_;
    std::int64_t index_ = 0;
  };
};

// A variant that gets another alternative, or keeps the one that it has.
template <class V>
class Chosen final : public Resize {
 public:
  explicit Chosen(V& target) : target_(target) {}

  // False when the alternative of that number cannot be made.
  [[nodiscard]] bool choose(std::size_t index) {
    if (index == target_.index()) return true;
    if constexpr (std::is_move_assignable_v<V>)
      [&]<std::size_t... I>(std::index_sequence<I...>) {
        ((I == index ? make<I>() : static_cast<void>(0)), ...);
      }(std::make_index_sequence<AlternativesOf<V>::size>{});
    return fresh_.has_value();
  }

  void children(const ChildSink& sink) const override {
    sink({.name = reflect::detail::value_name, .slot = slot_of_alternative(fresh_.has_value() ? *fresh_ : target_)});
  }
  void commit() noexcept override {
    if constexpr (std::is_move_assignable_v<V>)
      if (fresh_.has_value() && !is_spared_) std::swap(target_, *fresh_);
  }
  void spare(core::detail::FunctionRef<bool(const Object&)> is_needed) override {
    if (!fresh_.has_value() || target_.valueless_by_exception()) return;
    const Object present = slot_of_alternative(target_).get();
    is_spared_ = present && is_needed(present);
  }
  void list_moves(const MoveSink& sink) const override {
    if (fresh_.has_value()) sink(&*fresh_, sizeof(V), &target_);
  }

 private:
  template <std::size_t I>
  void make() {
    using Alternative = typename std::remove_pointer_t<decltype(get_if<I>(&target_))>;
    if constexpr (std::is_default_constructible_v<Alternative>) fresh_.emplace(std::in_place_index<I>);
  }

  V& target_;
  mutable std::optional<V> fresh_;  // listing children hands out places to restore into
  bool is_spared_ = false;
};

template <class V>
class TypeOf<V, reflect::detail::Kind::variant> final : public ObjectType {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return core::detail::type_name<V>(); }
  [[nodiscard]] const LeafType* earlier_form() const noexcept override { return earlier_form_of<V>(); }
  void children(void* object, const ChildSink& sink) const override {
    sink({.name = reflect::detail::index_name, .slot = {object, &slot_of_part<IndexType<V>>}});
    sink({.name = reflect::detail::value_name, .slot = slot_of_alternative(*static_cast<V*>(object))});
  }
  [[nodiscard]] core::detail::Own<Resize> resize_as_told(void* object, NodeLoader& loader) const override {
    if (!loader.has(reflect::detail::index_name)) return nullptr;
    constexpr std::size_t count = AlternativesOf<V>::size;
    std::int64_t index = 0;
    if (!loader.read(reflect::detail::index_name, slot_of(index))) return core::detail::make_own<KeptChildren>();
    auto change = core::detail::make_own<Chosen<V>>(*static_cast<V*>(object));
    if (index >= 0 && static_cast<std::uint64_t>(index) < count && change->choose(static_cast<std::size_t>(index)))
      return change;
    const bool is_one = index >= 0 && static_cast<std::uint64_t>(index) < count;
    loader.refuse(reflect::detail::index_name,
                  is_one ? std::string("int64 of an alternative that can be made without a value")
                         : "int64 below " + std::to_string(count),
                  "int64 " + std::to_string(index));
    return core::detail::make_own<KeptChildren>();
  }
};

}  // namespace CAIRN_NAMESPACE::graph::detail
