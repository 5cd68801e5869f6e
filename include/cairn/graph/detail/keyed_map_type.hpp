// A map whose keys are no names: integers, enums, paths, or strings that may come several times. It is a node with two
// children: "keys", a tensor, and "values", which is what a std::vector of the values is. Both are in the order of the
// keys.
//
//   std::map<int, float>   ->   "keys": int32 [2], "values": float32 [2]
//   std::map<int, Item>    ->   "keys": int32 [2], "values": a node with the children "0" and "1", or Item's columns
//
// A map that is restored has the keys that were saved, as many times as they were saved. Entries that stay are restored
// where they are.
#pragma once

#include "../../core/detail/fail.hpp"
#include "../../core/detail/sort.hpp"
#include "../../core/detail/type_name.hpp"
#include "../../core/detail/vec.hpp"
#include "../../reflect/detail/index_name.hpp"
#include "../../reflect/detail/records.hpp"
#include "../../tensor/detail/scattered_elements.hpp"
#include "copied_types.hpp"
#include "landings.hpp"
#include "leaf_types.hpp"
#include "object_type.hpp"
#include "records.hpp"
#include "scattered_landing.hpp"
#include "slot_types.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::graph::detail {

template <class M>
class KeyOrder {
 public:
  explicit KeyOrder(const M& map) : map_(map) {}
  [[nodiscard]] bool operator()(const typename M::key_type& a, const typename M::key_type& b) const {
    if constexpr (requires { map_.key_comp(); })
      return map_.key_comp()(a, b);
    else
      return a < b;
  }

 private:
  const M& map_;
};
template <class M>
using EntriesOf = core::detail::Vec<typename M::iterator>;

// The entries in the order of their keys.
template <class M>
[[nodiscard]] EntriesOf<M> entries_in_order(M& map) {
  EntriesOf<M> entries;
  for (auto place = map.begin(); place != map.end(); ++place) entries.push_back(place);
  if constexpr (requires { typename M::hasher; })
    core::detail::sort(entries, [](const auto& a, const auto& b) { return a->first < b->first; });
  return entries;
}
template <class M>
using ValuesOf = core::detail::Vec<typename M::mapped_type*>;
template <class M>
[[nodiscard]] std::size_t number_of_values(const M& map) noexcept {
  return map.size();
}
template <class M>
void note_values_taken(M&) noexcept {}
template <class M>
[[nodiscard]] ValuesOf<M> values_in_order(M& map) {
  ValuesOf<M> values;
  for (const auto& entry : entries_in_order(map)) values.push_back(&entry->second);
  return values;
}

// The keys as they are now, which a restore that keeps the map's structure compares.
template <class M>
class KeysType final : public LeafType {
  using E = AsElement<typename M::key_type>;

 public:
  [[nodiscard]] std::string_view name() const noexcept override { return core::detail::type_name<M>(); }
  [[nodiscard]] DType dtype(const void*, DType) const noexcept override { return dtype_of<E>; }
  [[nodiscard]] LeafValue value(const void* object) const override {
    M& map = *static_cast<M*>(const_cast<void*>(object));
    std::shared_ptr<E[]> copy(new E[map.size()]());
    const std::span<E> keys(copy.get(), map.size());
    copy_keys(map, keys);
    return {view_of<E>(Shape{static_cast<std::int64_t>(keys.size())}, keys), std::move(copy)};
  }
  [[nodiscard]] bool accepts(const void* object, const Shape& shape) const override {
    return shape.rank() == 1 && shape[0] == static_cast<std::int64_t>(static_cast<const M*>(object)->size());
  }
  [[nodiscard]] std::string accepted(const void* object) const override {
    return "[" + std::to_string(static_cast<const M*>(object)->size()) + "]";
  }
  [[nodiscard]] core::detail::Own<Landing> land(void* object, DType, const Shape&) const override {
    return core::detail::make_own<SameKeys>(*static_cast<M*>(object));
  }

 private:
  static void copy_keys(M& map, std::span<E> out) {
    std::size_t i = 0;
    for (const auto& entry : entries_in_order(map)) out[i++] = element_of(entry->first);
  }

  class SameKeys final : public IntoElements<E> {
   public:
    explicit SameKeys(M& map) : map_(map), buffer_(new E[map.size()]()), present_(new E[map.size()]()) {
      this->elements_ = {buffer_.get(), map.size()};
    }
    void prepare() override {
      IntoElements<E>::prepare();
      copy_keys(map_, {present_.get(), map_.size()});
      for (std::size_t i = 0; i < this->elements_.size(); ++i)
        if (!(this->elements_[i] == present_[i]))
          core::detail::fail(
              ErrorCode::failed_precondition,
              {"a ", core::detail::type_name<M>(),
               " that keeps its keys in this restore has other keys than the checkpoint; give it those"});
    }

   private:
    M& map_;
    std::unique_ptr<E[]> buffer_, present_;
  };
};

// The values of a Source, which is a map or the change of one, as a list of nodes.
template <class M, class Source>
class NodeValuesType final : public ObjectType {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return core::detail::type_name<M>(); }
  [[nodiscard]] bool is_list() const noexcept override { return true; }
  void children(void* object, const ChildSink& sink) const override {
    std::size_t index = 0;
    for (auto* value : values_in_order(*static_cast<Source*>(object)))
      sink({.name = reflect::detail::IndexName(index++).view(), .slot = slot_of(*value)});
  }
};

// The same where they are numbers or std::arrays of numbers.
template <class M, class Source>
class NumberValuesType final : public LeafType {
  using V = typename M::mapped_type;
  using Flat = reflect::detail::Flat<V>;
  using E = typename Flat::type;

 public:
  [[nodiscard]] std::string_view name() const noexcept override { return core::detail::type_name<M>(); }
  [[nodiscard]] DType dtype(const void*, DType) const noexcept override { return dtype_of<E>; }
  [[nodiscard]] LeafValue value(const void* object) const override {
    Shape shape = shape_of(object);
    auto elements = std::make_shared<MemberOfEach>(places(object), sizeof(V), std::same_as<E, bool>, nullptr);
    const tensor::detail::ScatteredElements& scattered = *elements;
    return {TensorView(dtype_of<E>, std::move(shape), scattered), std::move(elements)};
  }
  [[nodiscard]] bool accepts(const void* object, const Shape& shape) const override {
    return shape == shape_of(object);
  }
  [[nodiscard]] std::string accepted(const void* object) const override { return shape_of(object).to_string(); }
  [[nodiscard]] const ObjectType* as_list() const noexcept override { return &part_type<NodeValuesType<M, Source>>(); }
  [[nodiscard]] core::detail::Own<Landing> land(void* object, DType, const Shape&) const override {
    note_values_taken(*static_cast<Source*>(object));
    return core::detail::make_own<IntoEach>(places(object));
  }

 private:
  class IntoEach final : public ScatteredLanding {
   public:
    explicit IntoEach(core::detail::Vec<std::byte*> each)
        : elements_(std::move(each), sizeof(V), std::same_as<E, bool>, nullptr) {}
    [[nodiscard]] tensor::detail::ScatteredElements* scattered() noexcept override { return &elements_; }
    [[nodiscard]] bool in_place() const noexcept override { return true; }

   private:
    MemberOfEach elements_;
  };

  [[nodiscard]] static core::detail::Vec<std::byte*> places(const void* object) {
    core::detail::Vec<std::byte*> each;
    for (V* value : values_in_order(*static_cast<Source*>(const_cast<void*>(object))))
      each.push_back(reinterpret_cast<std::byte*>(value));
    return each;
  }
  [[nodiscard]] static Shape shape_of(const void* object) {
    Shape shape{static_cast<std::int64_t>(number_of_values(*static_cast<const Source*>(object)))};
    for (const std::size_t extent : Flat::extents) shape.push_back(static_cast<std::int64_t>(extent));
    return shape;
  }
};

// The same where they are records, whose columns are the children.
template <class M, class Source>
class RecordValuesType final : public AnyRecordsType {
  using V = typename M::mapped_type;

 public:
  RecordValuesType() : AnyRecordsType(record_members<V>()) {}

  [[nodiscard]] std::string_view name() const noexcept override { return core::detail::type_name<M>(); }
  [[nodiscard]] const ObjectType* as_list() const noexcept override { return &part_type<NodeValuesType<M, Source>>(); }
  [[nodiscard]] std::size_t record_bytes() const noexcept override { return sizeof(V); }
  [[nodiscard]] bool can_resize() const noexcept override { return false; }
  [[nodiscard]] RecordPlaces places(void* object) const override {
    RecordPlaces places{.count = number_of_values(*static_cast<Source*>(object))};
    for (V* value : values_in_order(*static_cast<Source*>(object)))
      places.each.push_back(reinterpret_cast<std::byte*>(value));
    return places;
  }
  [[nodiscard]] std::shared_ptr<void> resized(const void*, std::size_t) const override { return nullptr; }
  void swap(void*, void*) const noexcept override {}
};

// The same where they are elements that are not in memory as such.
template <class M, class Source>
class ElementValuesType final : public LeafType {
  using V = typename M::mapped_type;
  using E = AsElement<V>;

 public:
  [[nodiscard]] std::string_view name() const noexcept override { return core::detail::type_name<M>(); }
  [[nodiscard]] DType dtype(const void*, DType) const noexcept override { return dtype_of<E>; }
  [[nodiscard]] LeafValue value(const void* object) const override {
    const ValuesOf<M> values = get(object);
    std::shared_ptr<E[]> copy(new E[values.size()]());
    for (std::size_t i = 0; i < values.size(); ++i) copy[static_cast<std::ptrdiff_t>(i)] = element_of(*values[i]);
    return {view_of<E>(Shape{static_cast<std::int64_t>(values.size())}, std::span<const E>(copy.get(), values.size())),
            std::move(copy)};
  }
  [[nodiscard]] bool accepts(const void* object, const Shape& shape) const override {
    return shape == Shape{static_cast<std::int64_t>(number_of_values(*static_cast<const Source*>(object)))};
  }
  [[nodiscard]] std::string accepted(const void* object) const override {
    return "[" + std::to_string(number_of_values(*static_cast<const Source*>(object))) + "]";
  }
  [[nodiscard]] core::detail::Own<Landing> land(void* object, DType, const Shape&) const override {
    note_values_taken(*static_cast<Source*>(object));
    return core::detail::make_own<Scattered>(get(object));
  }

 private:
  [[nodiscard]] static ValuesOf<M> get(const void* object) {
    return values_in_order(*static_cast<Source*>(const_cast<void*>(object)));
  }

  class Scattered final : public IntoElements<E> {
   public:
    explicit Scattered(ValuesOf<M> values) : values_(std::move(values)), buffer_(new E[values_.size()]()) {
      this->elements_ = {buffer_.get(), values_.size()};
    }
    void commit() noexcept override {
      for (std::size_t i = 0; i < values_.size(); ++i) put_element(*values_[i], buffer_[i]);
    }

   private:
    ValuesOf<M> values_;
    std::unique_ptr<E[]> buffer_;
  };
};

// As what a std::vector of the values is.
template <class M>
inline constexpr bool has_number_values = reflect::detail::is_flat<typename M::mapped_type>;
template <class M>
inline constexpr bool has_one_tensor_of_values =
    has_number_values<M> || reflect::detail::ElementLike<typename M::mapped_type>;
template <class M, class Source>
[[nodiscard]] constexpr auto type_of_values() noexcept {
  if constexpr (has_number_values<M>)
    return std::type_identity<NumberValuesType<M, Source>>{};
  else if constexpr (has_one_tensor_of_values<M>)
    return std::type_identity<ElementValuesType<M, Source>>{};
  else if constexpr (reflect::detail::is_record<typename M::mapped_type>())
    return std::type_identity<RecordValuesType<M, Source>>{};
  else
    return std::type_identity<NodeValuesType<M, Source>>{};
}
template <class M, class Source>
using ValuesType = typename decltype(type_of_values<M, Source>())::type;

// A map that gets the keys of a checkpoint.
template <class M>
class Rekeyed final : public Resize {
  using Key = typename M::key_type;
  using Value = typename M::mapped_type;

 public:
  explicit Rekeyed(M& map) : map_(map), added_(like(map)) {}

  // Returns why the map cannot have these keys; nothing where it can.
  [[nodiscard]] std::string_view take(const std::vector<AsElement<Key>>& saved) {
    core::detail::Vec<Key> keys;
    keys.reserve(saved.size());
    for (AsElement<Key> each : saved) keys.push_back(from_element<Key>(each));
    const KeyOrder<M> is_less(map_);
    const core::detail::Vec<std::uint32_t> order = core::detail::sorted_order(
        keys.size(), [&](std::size_t a, std::size_t b) { return is_less(keys[a], keys[b]); });
    const EntriesOf<M> present = entries_in_order(map_);
    values_.resize(keys.size());
    std::size_t next = 0;
    const Key* before = nullptr;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const std::size_t number = order.empty() ? i : order[i];
      const Key& key = keys[number];
      if (reflect::detail::has_each_key_once<M> && before != nullptr && !is_less(*before, key))
        return "one of them twice";
      before = &key;
      while (next < present.size() && is_less(present[next]->first, key)) removed_.push_back(present[next++]);
      if (next < present.size() && !is_less(key, present[next]->first)) {
        values_[number] = &present[next++]->second;
      } else if constexpr (std::is_default_constructible_v<Value>) {
        values_[number] =
            &added_.emplace_hint(added_.end(), std::piecewise_construct, std::forward_as_tuple(key), std::tuple<>())
                 ->second;
      } else {
        return "others, for which no value can be made";
      }
    }
    while (next < present.size()) removed_.push_back(present[next++]);
    if constexpr (requires { map_.reserve(std::size_t{}); }) map_.reserve(map_.size() + added_.size());
    return {};
  }

  void children(const ChildSink& sink) const override {
    sink({.name = reflect::detail::values_name,
          .slot = {const_cast<Rekeyed*>(this), &slot_of_part<ValuesType<M, Rekeyed>>}});
  }
  void commit() noexcept override {
    if (has_one_tensor_of_values<M> && !takes_values_)
      return;  // a map whose values cannot be taken keeps its keys, too
    for (const auto& place : removed_) map_.erase(place);
    map_.merge(added_);
  }
  void spare(core::detail::FunctionRef<bool(const Object&)> is_needed) override {
    erase_if(removed_, [&](const auto& place) {
      const Object object = slot_of(place->second).get();
      return object && is_needed(object);
    });
  }

  // In the order of the saved keys.
  [[nodiscard]] friend ValuesOf<M> values_in_order(Rekeyed& change) { return change.values_; }
  [[nodiscard]] friend std::size_t number_of_values(const Rekeyed& change) noexcept { return change.values_.size(); }
  friend void note_values_taken(Rekeyed& change) noexcept { change.takes_values_ = true; }

 private:
  [[nodiscard]] static M like(const M& map) {
    if constexpr (requires { map.hash_function(); })
      return M(0, map.hash_function(), map.key_eq(), map.get_allocator());
    else
      return M(map.key_comp(), map.get_allocator());
  }

  M& map_;
  M added_;
  EntriesOf<M> removed_;
  ValuesOf<M> values_;
  bool takes_values_ = false;
};

template <class M>
class TypeOf<M, reflect::detail::Kind::keyed> final : public ObjectType {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return core::detail::type_name<M>(); }
  [[nodiscard]] const LeafType* earlier_form() const noexcept override { return earlier_form_of<M>(); }
  void children(void* object, const ChildSink& sink) const override {
    sink({.name = reflect::detail::keys_name, .slot = {object, &slot_of_part<KeysType<M>>}});
    sink({.name = reflect::detail::values_name, .slot = {object, &slot_of_part<ValuesType<M, M>>}});
  }
  [[nodiscard]] core::detail::Own<Resize> resize_as_told(void* object, NodeLoader& loader) const override {
    if (!loader.has(reflect::detail::keys_name)) return nullptr;
    std::vector<AsElement<typename M::key_type>> keys;
    if (!loader.read(reflect::detail::keys_name, slot_of(keys))) return core::detail::make_own<KeptChildren>();
    auto change = core::detail::make_own<Rekeyed<M>>(*static_cast<M*>(object));
    const std::string_view reason = change->take(keys);
    if (reason.empty()) return change;
    const std::string dtype = to_string(dtype_of<AsElement<typename M::key_type>>) + " keys, ";
    loader.refuse(reflect::detail::keys_name,
                  dtype + (std::is_default_constructible_v<typename M::mapped_type> ? "each once"
                                                                                    : "those that are there already"),
                  dtype + std::string(reason));
    return core::detail::make_own<KeptChildren>();
  }
};

}  // namespace CAIRN_NAMESPACE::graph::detail
