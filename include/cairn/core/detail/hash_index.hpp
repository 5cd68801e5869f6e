// HashIndex: a hash table of numbers. Each number is the index of an element that somebody else owns, and is found by
// the element's hash. There is no allocation for each number.
//
//   Vec<std::string> names;  HashIndex index;
//   const auto [number, is_new] =
//       index.insert(hash(name), names.size(), [&](std::size_t i) { return names[i] == name; });
#pragma once

#include "function_ref.hpp"
#include "vec.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

namespace CAIRN_NAMESPACE::core::detail {

// It holds up to 2^32 - 2 numbers, each once.
class HashIndex {
 public:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  using Equal = FunctionRef<bool(std::size_t number)>;

  // Returns the number for which equal(number) is true, or `none`. `hash` is the hash of the element that is looked
  // for.
  [[nodiscard]] std::size_t find(std::size_t hash, Equal equal) const {
    if (slots_.empty()) return none;
    const Slot& slot = slots_[place_of(hash, equal)];
    return slot.number == 0 ? none : slot.number - 1;
  }
  // Returns {the number for which equal(number) is true, false}; where there is none, inserts `number` and returns
  // {number, true}.
  std::pair<std::size_t, bool> insert(std::size_t hash, std::size_t number, Equal equal) {
    if (2 * (count_ + 1) > slots_.size()) grow();
    Slot& slot = slots_[place_of(hash, equal)];
    if (slot.number != 0) return {slot.number - 1, false};
    slot = {mixed(hash), static_cast<std::uint32_t>(number + 1)};
    ++count_;
    return {number, true};
  }
  // Inserts the number of an element that is known not to be there.
  void insert_new(std::size_t hash, std::size_t number) {
    if (2 * (count_ + 1) > slots_.size()) grow();
    place_new({mixed(hash), static_cast<std::uint32_t>(number + 1)});
    ++count_;
  }
  // Makes room for `count` numbers in all.
  void reserve(std::size_t count) {
    while (2 * (count + 1) > slots_.size()) grow();
  }
  void clear() noexcept {
    slots_ = {};
    count_ = 0;
  }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t number = 0;  // the number plus one; 0 in an empty cell
  };

  // A hash that is an address differs from other addresses in its middle bits only. The multiplication spreads them
  // over the upper bits; first_place() takes the topmost, since others are alike for objects that lie in a row.
  [[nodiscard]] static std::uint32_t mixed(std::size_t hash) noexcept {
    return static_cast<std::uint32_t>((std::uint64_t{hash} * 0x9e3779b97f4a7c15u) >> 32);
  }
  [[nodiscard]] std::size_t first_place(std::uint32_t mixed_hash) const noexcept {
    return mixed_hash >> (std::numeric_limits<std::uint32_t>::digits - bits_);
  }
  [[nodiscard]] std::size_t mask() const noexcept { return slots_.size() - 1; }

  [[nodiscard]] std::size_t place_of(std::size_t hash, Equal equal) const {
    const std::uint32_t wanted = mixed(hash);
    std::size_t place = first_place(wanted);
    while (slots_[place].number != 0 && !(slots_[place].hash == wanted && equal(slots_[place].number - 1)))
      place = (place + 1) & mask();
    return place;
  }
  void grow() {
    const int bits = slots_.empty() ? 4 : bits_ + 2;
    Vec<Slot> old(std::size_t{1} << bits);
    old.swap(slots_);
    bits_ = bits;
    for (const Slot& slot : old)
      if (slot.number != 0) place_new(slot);
  }
  void place_new(Slot slot) noexcept {
    std::size_t place = first_place(slot.hash);
    while (slots_[place].number != 0) place = (place + 1) & mask();
    slots_[place] = slot;
  }

  int bits_ = 0;     // slots_.size() is 2 to this power
  Vec<Slot> slots_;  // at most half of the cells are taken
  std::size_t count_ = 0;
};

}  // namespace CAIRN_NAMESPACE::core::detail
