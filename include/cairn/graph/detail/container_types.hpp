// Lists, dicts and tuples: nodes whose children come and go at run time.
//
// A list that the checkpoint has is what the checkpoint says of it: it grows to the length it was saved with, by
// default elements, or loses those at its end; an element that may be empty is so where it was. Elements that stay are
// restored where they are. A dict loses the keys that were not saved and gains those that were.
#pragma once

#include "../../core/detail/sort.hpp"
#include "../../core/detail/type_name.hpp"
#include "../../core/detail/vec.hpp"
#include "../../reflect/detail/index_name.hpp"
#include "object_type.hpp"
#include "records.hpp"
#include "slot_types.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <tuple>
#include <type_traits>

namespace CAIRN_NAMESPACE::graph::detail {

// Of elements that may be empty, and then have no child, so many in a row are made for the next one that has.
inline constexpr std::size_t max_empty_elements = 1000;

// How many elements a list of `present` elements gets from children of these names: as long as the highest index below
// its present length says, longer only while index follows index, or after no more than `max_gap` missing ones. A
// single child "4000000000" makes no list of that length; it stays unmatched.
[[nodiscard]] inline std::size_t restored_size(std::span<const std::string_view> saved, std::size_t present,
                                               std::size_t max_gap = 0) {
  core::detail::Vec<std::size_t> indices;
  for (const std::string_view name : saved)
    if (const auto index = reflect::detail::index_of(name)) indices.push_back(*index);
  core::detail::sort(indices);
  std::size_t size = 0;
  for (const std::size_t index : indices)
    if (index < present || index <= size + max_gap) size = std::max(size, index + 1);
  return size;
}

template <class C>
class TypeOf<C, reflect::detail::Kind::list> final : public ObjectType {
  using T = typename C::value_type;
  static constexpr bool can_resize =
      reflect::detail::Resizable<C> && std::is_default_constructible_v<T> && std::is_move_assignable_v<T>;

 public:
  [[nodiscard]] std::string_view name() const noexcept override { return core::detail::type_name<C>(); }
  [[nodiscard]] bool is_list() const noexcept override { return true; }

  void children(void* object, const ChildSink& sink) const override {
    std::size_t index = 0;
    for (T& element : *static_cast<C*>(object))
      sink({.name = reflect::detail::IndexName(index++).view(), .slot = slot_of(element)});
  }

  [[nodiscard]] core::detail::Own<Resize> resize(void* object, std::span<const std::string_view> saved) const override {
    if constexpr (can_resize) {
      C& list = *static_cast<C*>(object);
      const std::size_t size = restored_size(
          saved, list.size(), reflect::detail::kind_of<T>() == reflect::detail::Kind::pointer ? max_empty_elements : 0);
      if (size < list.size()) return core::detail::make_own<Shrink>(list, size);
      if (size > list.size()) return core::detail::make_own<Grow>(list, size);
    }
    return nullptr;
  }

 private:
  class Shrink final : public Resize {
   public:
    Shrink(C& list, std::size_t size) : list_(list), size_(size) {}
    void children(const ChildSink& sink) const override {
      std::size_t index = 0;
      for (T& element : list_) {
        if (index == size_) break;
        sink({.name = reflect::detail::IndexName(index++).view(), .slot = slot_of(element)});
      }
    }
    void commit() noexcept override {
      list_.erase(std::next(list_.begin(), static_cast<std::ptrdiff_t>(size_)), list_.end());
    }
    void spare(core::detail::FunctionRef<bool(const Object&)> is_needed) override {
      std::size_t index = 0;
      for (T& element : list_) {
        const Object object = slot_of(element).get();
        if (++index > size_ && object && is_needed(object)) size_ = index;
      }
    }

   private:
    C& list_;
    std::size_t size_;
  };

  // The elements that stay are restored in place and moved over at the end; the new ones begin in the new list.
  class Grow final : public Resize {
   public:
    Grow(C& list, std::size_t size) : list_(list) { longer_.resize(size); }
    [[nodiscard]] bool moves_children() const noexcept override { return !list_.empty(); }
    void children(const ChildSink& sink) const override {
      std::size_t index = 0;
      for (T& element : list_) sink({.name = reflect::detail::IndexName(index++).view(), .slot = slot_of(element)});
      for (auto place = std::next(longer_.begin(), static_cast<std::ptrdiff_t>(index)); place != longer_.end(); ++place)
        sink({.name = reflect::detail::IndexName(index++).view(), .slot = slot_of(*place)});
    }
    // An assignment that may fail may also demand something, as that of a boost::multi_array demands equal shapes: an
    // element of such a class is made anew.
    void commit() noexcept override {
      if constexpr (std::is_nothrow_move_assignable_v<T> || !std::is_move_constructible_v<T>) {
        std::move(list_.begin(), list_.end(), longer_.begin());
      } else {
        auto place = longer_.begin();
        for (T& element : list_) {
          std::destroy_at(&*place);
          std::construct_at(&*place++, std::move(element));
        }
      }
      std::swap(list_, longer_);
    }
    void list_moves(const MoveSink& sink) const override {
      auto place = longer_.begin();
      for (T& element : list_) sink(&element, sizeof(T), &*place++);
    }

   private:
    C& list_;
    mutable C longer_;  // listing children hands out places to restore into
  };
};

// std::map, std::unordered_map and their like. Keys are saved in sorted order, so that files are reproducible.
template <class M>
class TypeOf<M, reflect::detail::Kind::dict> final : public ObjectType {
  using T = typename M::mapped_type;

 public:
  [[nodiscard]] std::string_view name() const noexcept override { return core::detail::type_name<M>(); }

  void children(void* object, const ChildSink& sink) const override { list(*static_cast<M*>(object), nullptr, sink); }

  [[nodiscard]] core::detail::Own<Resize> resize(void* object, std::span<const std::string_view> saved) const override {
    if constexpr (std::is_default_constructible_v<T>) {
      M& map = *static_cast<M*>(object);
      auto change = core::detail::make_own<Rekey>(map, saved);
      change->add_missing();
      for (auto place = map.begin(); place != map.end(); ++place)
        if (!change->is_saved(place->first)) change->removed.push_back(place);
      if (change->added.empty() && change->removed.empty()) return nullptr;
      if constexpr (requires { map.reserve(std::size_t{}); }) map.reserve(map.size() + change->added.size());
      return change;
    } else {
      return nullptr;
    }
  }

 private:
  static void list(M& map, M* more, const ChildSink& sink, const auto& left_out) {
    core::detail::Vec<typename M::value_type*> entries;
    for (auto place = map.begin(); place != map.end(); ++place)
      if (!left_out(place)) entries.push_back(&*place);
    if (more != nullptr)
      for (auto& entry : *more) entries.push_back(&entry);
    core::detail::sort(entries, [](const auto* a, const auto* b) { return a->first < b->first; });
    for (auto* entry : entries) sink({.name = entry->first, .slot = slot_of(entry->second)});
  }
  static void list(M& map, M* more, const ChildSink& sink) {
    list(map, more, sink, [](auto) { return false; });
  }

  class Rekey final : public Resize {
   public:
    Rekey(M& map, std::span<const std::string_view> saved) : map_(map), saved_(saved.begin(), saved.end()) {
      core::detail::sort(saved_);
    }
    void add_missing() {
      for (const std::string_view key : saved_)
        if (map_.empty() || map_.find(std::string(key)) == map_.end())
          added.try_emplace(added.end(), std::string(key));  // where the map has an order, it is this one
    }
    [[nodiscard]] bool is_saved(std::string_view key) const {
      return std::binary_search(saved_.begin(), saved_.end(), key);
    }
    void children(const ChildSink& sink) const override {
      list(map_, &added, sink, [&](auto place) { return !is_saved(place->first); });
    }
    void commit() noexcept override {
      for (const auto& place : removed) map_.erase(place);
      if constexpr (is_like_any_other)
        if (map_.empty()) return map_.swap(added);
      map_.merge(added);
    }
    void spare(core::detail::FunctionRef<bool(const Object&)> is_needed) override {
      erase_if(removed, [&](const auto& place) {
        const Object object = slot_of(place->second).get();
        return object && is_needed(object);
      });
    }

    mutable M added;  // listing children hands out places to restore into
    core::detail::Vec<typename M::iterator> removed;

   private:
    // An ordered map whose order and memory are those of every other one of its type.
    static constexpr bool is_like_any_other = [] {
      if constexpr (requires { typename M::key_compare; })
        return std::is_empty_v<typename M::key_compare> &&
               std::allocator_traits<typename M::allocator_type>::is_always_equal::value;
      return false;
    }();

    M& map_;
    core::detail::Vec<std::string_view> saved_;
  };
};

// std::tuple and std::pair: children "0", "1", ... as TensorFlow's tuples.
template <class T>
class TypeOf<T, reflect::detail::Kind::tuple> final : public ObjectType {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return core::detail::type_name<T>(); }
  [[nodiscard]] bool is_list() const noexcept override { return true; }
  void children(void* object, const ChildSink& sink) const override {
    std::size_t index = 0;
    std::apply(
        [&](auto&... element) {
          (sink({.name = reflect::detail::IndexName(index++).view(), .slot = slot_of(element)}), ...);
        },
        *static_cast<T*>(object));
  }
};

}  // namespace CAIRN_NAMESPACE::graph::detail
