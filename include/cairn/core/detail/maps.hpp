// FlatMap, HashMap: the engine's std::map and std::unordered_map, each a Vec of items. g++ 12 -O0 makes some 15 functions
// for a pair of types where the standard's take 90.
//
//   HashMap<std::string, std::size_t> places;
//   places["w"] = 3;
//   if (const std::size_t* const place = places.find("w")) use(*place);
#pragma once

#include "hash_index.hpp"
#include "vec.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace CAIRN_NAMESPACE::core::detail {

template <class Key, class Value>
struct MapItem {
  Key key;
  Value value;
};

// What a map is asked by: a std::string's map by any text.
template <class Key>
using AskedBy = std::conditional_t<std::is_same_v<Key, std::string>, std::string_view, Key>;

[[nodiscard]] inline std::size_t hash_of(std::string_view text) noexcept { return std::hash<std::string_view>{}(text); }
[[nodiscard]] inline std::size_t hash_of(std::uint64_t number) noexcept { return static_cast<std::size_t>(number); }
[[nodiscard]] inline std::size_t hash_of(std::int32_t number) noexcept { return static_cast<std::uint32_t>(number); }
[[nodiscard]] inline std::size_t hash_of(const void* place) noexcept { return reinterpret_cast<std::size_t>(place); }

// A map in the order of its keys. A key that is inserted before others moves them, so it is for few keys, or for keys
// that come in order. Pointers to values, and iterators, end with the next insertion or erasure.
template <class Key, class Value>
class FlatMap {
 public:
  using Item = MapItem<Key, Value>;

  [[nodiscard]] std::size_t size() const noexcept { return items_.size(); }
  [[nodiscard]] bool empty() const noexcept { return items_.empty(); }
  [[nodiscard]] Item* begin() noexcept { return items_.begin(); }
  [[nodiscard]] Item* end() noexcept { return items_.end(); }
  [[nodiscard]] const Item* begin() const noexcept { return items_.begin(); }
  [[nodiscard]] const Item* end() const noexcept { return items_.end(); }
  void clear() noexcept { items_.clear(); }

  // Null when there is none.
  [[nodiscard]] const Value* find(const AskedBy<Key>& key) const noexcept {
    const std::size_t place = lower_bound(key);
    return place < items_.size() && items_[place].key == key ? &items_[place].value : nullptr;
  }
  [[nodiscard]] Value* find(const AskedBy<Key>& key) noexcept {
    return const_cast<Value*>(static_cast<const FlatMap*>(this)->find(key));
  }
  [[nodiscard]] bool contains(const AskedBy<Key>& key) const noexcept { return find(key) != nullptr; }
  // The value of the key; Value() is inserted where there was none.
  Value& operator[](const AskedBy<Key>& key) {
    const std::size_t place = lower_bound(key);
    if (place == items_.size() || !(items_[place].key == key))
      items_.insert(items_.begin() + place, Item{Key(key), Value()});
    return items_[place].value;
  }
  // False, and nothing is changed, when the key is there.
  bool insert(Key key, Value value) {
    const std::size_t place = lower_bound(key);
    if (place < items_.size() && items_[place].key == key) return false;
    items_.insert(items_.begin() + place, Item{static_cast<Key&&>(key), static_cast<Value&&>(value)});
    return true;
  }
  // False when there was none.
  bool erase(const AskedBy<Key>& key) noexcept {
    const std::size_t place = lower_bound(key);
    if (place == items_.size() || !(items_[place].key == key)) return false;
    items_.erase(items_.begin() + place);
    return true;
  }

 private:
  // Where the first key that is not less is.
  [[nodiscard]] std::size_t lower_bound(const AskedBy<Key>& key) const noexcept {
    if (!items_.empty() && items_.back().key < key) return items_.size();
    std::size_t first = 0, last = items_.size();
    while (first < last) {
      const std::size_t middle = first + (last - first) / 2;
      if (items_[middle].key < key)
        first = middle + 1;
      else
        last = middle;
    }
    return first;
  }

  Vec<Item> items_;
};

// A map in the order of insertion, for any number of keys. Pointers to values end with the next insertion. No key is
// erased.
template <class Key, class Value>
class HashMap {
 public:
  using Item = MapItem<Key, Value>;

  [[nodiscard]] std::size_t size() const noexcept { return items_.size(); }
  [[nodiscard]] bool empty() const noexcept { return items_.empty(); }
  [[nodiscard]] Item* begin() noexcept { return items_.begin(); }
  [[nodiscard]] Item* end() noexcept { return items_.end(); }
  [[nodiscard]] const Item* begin() const noexcept { return items_.begin(); }
  [[nodiscard]] const Item* end() const noexcept { return items_.end(); }
  void clear() noexcept {
    items_.clear();
    index_.clear();
  }
  void reserve(std::size_t count) {
    items_.reserve(count);
    index_.reserve(count);
  }

  // Null when there is none.
  [[nodiscard]] const Value* find(const AskedBy<Key>& key) const {
    const std::size_t place = find_place(key);
    return place == HashIndex::none ? nullptr : &items_[place].value;
  }
  [[nodiscard]] Value* find(const AskedBy<Key>& key) {
    return const_cast<Value*>(static_cast<const HashMap*>(this)->find(key));
  }
  [[nodiscard]] bool contains(const AskedBy<Key>& key) const { return find(key) != nullptr; }
  // The value of the key; Value() is inserted where there was none.
  Value& operator[](const AskedBy<Key>& key) { return items_[place_of(key)].value; }
  // False, and nothing is changed, when the key is there.
  bool insert(const AskedBy<Key>& key, Value value) {
    const std::size_t count = items_.size(), place = place_of(key);
    if (place < count) return false;
    items_[place].value = static_cast<Value&&>(value);
    return true;
  }

 private:
  [[nodiscard]] std::size_t find_place(const AskedBy<Key>& key) const {
    if (items_.empty()) return HashIndex::none;  // without a look at the whole key, for its hash
    return index_.find(hash_of(key), [&](std::size_t i) { return items_[i].key == key; });
  }
  [[nodiscard]] std::size_t place_of(const AskedBy<Key>& key) {
    const std::size_t found = find_place(key);
    if (found != HashIndex::none) return found;
    index_.reserve(items_.size() + 1);  // so that only this and the next line can throw
    items_.push_back(Item{Key(key), Value()});
    index_.insert_new(hash_of(key), items_.size() - 1);
    return items_.size() - 1;
  }

  Vec<Item> items_;
  HashIndex index_;
};

}  // namespace CAIRN_NAMESPACE::core::detail
