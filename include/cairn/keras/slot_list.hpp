// SlotList: a Variable like each of a list, which an optimizer keeps beside it.
//
//   optimizer.momentums.get<0>()      // cairn::Variable<float, 784, 10>&, of the model's first trainable Variable
#pragma once

#include "../core/type_list.hpp"
#include "../tensor/variable_list.hpp"

#include <array>
#include <cstddef>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

namespace cairn::keras::detail {

// A list without the types in its own.
struct AnySlotList {
  std::byte* begin = nullptr;  // null where there is none
  std::span<const std::size_t> offsets;
  std::span<const cairn::detail::ListedType> types;

  [[nodiscard]] void* operator[](std::size_t index) const noexcept { return begin + offsets[index]; }
};

// Where each lies, and how long they are together.
template <class... Variables>
inline constexpr std::array<std::size_t, sizeof...(Variables) + 1> slot_offsets = [] {
  constexpr std::size_t sizes[] = {sizeof(Variables)..., 0};
  constexpr std::size_t alignments[] = {alignof(Variables)..., 1};
  std::array<std::size_t, sizeof...(Variables) + 1> offsets{};
  std::size_t end = 0;
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    offsets[i] = (end + alignments[i] - 1) / alignments[i] * alignments[i];
    end = offsets[i] + sizes[i];
  }
  return offsets;
}();

// The Variables one behind the other, at first zero. Made and ended in one function each for all of them, since a
// std::tuple of a thousand is more than compilers stand.
template <class... Variables>
class SlotList {
 public:
  SlotList() {
    make([this](std::size_t& made) {
      const int each[] = {(::new (place(made)) Variables(), ++made, 0)..., 0};
      static_cast<void>(each);
    });
  }
  SlotList(const SlotList& other) {
    make([&](std::size_t& made) {
      const int each[] = {
          (::new (place(made)) Variables(*static_cast<const Variables*>(other.place(made))), ++made, 0)..., 0};
      static_cast<void>(each);
    });
  }
  SlotList(SlotList&& other) noexcept {
    std::size_t i = 0;
    const int each[] = {(::new (place(i)) Variables(std::move(*static_cast<Variables*>(other.place(i)))), ++i, 0)...,
                        0};
    static_cast<void>(each);
  }
  SlotList& operator=(const SlotList& other) {
    std::size_t i = 0;
    const int each[] = {
        (*static_cast<Variables*>(place(i)) = *static_cast<const Variables*>(other.place(i)), ++i, 0)..., 0};
    static_cast<void>(each);
    return *this;
  }
  SlotList& operator=(SlotList&& other) noexcept {
    std::size_t i = 0;
    const int each[] = {
        (*static_cast<Variables*>(place(i)) = std::move(*static_cast<Variables*>(other.place(i))), ++i, 0)..., 0};
    static_cast<void>(each);
    return *this;
  }
  ~SlotList() { end(size()); }

  template <std::size_t I>
  [[nodiscard]] auto& get() noexcept {
    return *static_cast<Slot<I>*>(place(I));
  }
  template <std::size_t I>
  [[nodiscard]] const auto& get() const noexcept {
    return *static_cast<const Slot<I>*>(place(I));
  }
  template <std::size_t I>
  [[nodiscard]] friend auto& get(SlotList& list) noexcept {
    return list.template get<I>();
  }
  template <std::size_t I>
  [[nodiscard]] friend const auto& get(const SlotList& list) noexcept {
    return list.template get<I>();
  }
  [[nodiscard]] static constexpr std::size_t size() noexcept { return sizeof...(Variables); }

  [[nodiscard]] AnySlotList untyped() noexcept {
    return {bytes_, slot_offsets<Variables...>, cairn::detail::listed_types<Variables...>};
  }

 private:
  template <std::size_t I>
  using Slot = cairn::detail::NthType<I, Variables...>;

  [[nodiscard]] void* place(std::size_t index) noexcept { return bytes_ + slot_offsets<Variables...>[index]; }
  [[nodiscard]] const void* place(std::size_t index) const noexcept {
    return bytes_ + slot_offsets<Variables...>[index];
  }

  // make_each counts those that are made: where one throws they end again.
  template <class MakeEach>
  void make(MakeEach make_each) {
    std::size_t made = 0;
    try {
      make_each(made);
    } catch (...) {
      end(made);
      throw;
    }
  }
  void end(std::size_t count) noexcept {
    std::size_t i = 0;
    const int each[] = {(i < count ? static_cast<Variables*>(place(i))->~Variables() : void(), ++i, 0)..., 0};
    static_cast<void>(each);
  }

  alignas(Variables...) std::byte bytes_[slot_offsets<Variables...>.back() + (sizeof...(Variables) == 0 ? 1 : 0)];
};

}  // namespace cairn::keras::detail

template <class... Variables>
struct std::tuple_size<cairn::keras::detail::SlotList<Variables...>>
    : std::integral_constant<std::size_t, sizeof...(Variables)> {};
template <std::size_t I, class... Variables>
struct std::tuple_element<I, cairn::keras::detail::SlotList<Variables...>> {
  using type = cairn::detail::NthType<I, Variables...>;
};
