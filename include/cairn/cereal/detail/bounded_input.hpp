// Reads what cereal's PortableBinaryOutputArchive wrote, from bytes that are not trusted: cereal's own input archive
// believes every length, and takes that much memory before it looks for the bytes.
//
//   u8 1 if little-endian, then the values one after the other: numbers as they are, lengths as u64
//
// A length is refused unless at least so many bytes are left; values may not lie deeper in each other than max_depth.
#pragma once

#include "../../core/detail/needs_cereal.hpp"
#include "../../core/error.hpp"

#include <cereal/archives/portable_binary.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

namespace CAIRN_NAMESPACE::archive::detail {

class BoundedInputArchive : public cereal::InputArchive<BoundedInputArchive, cereal::AllowEmptyClassElision> {
 public:
  // In a program, types nest a few levels deep; in a crafted text, a type that holds its like could until the stack
  // ends. Each level of a type is three or four of these.
  static constexpr int max_depth = 1000;

  // Throws cereal::Exception, as all the others, when there is not even a first byte. Does not copy the bytes.
  explicit BoundedInputArchive(std::string_view bytes)
      : cereal::InputArchive<BoundedInputArchive, cereal::AllowEmptyClassElision>(this), bytes_(bytes) {
    std::uint8_t little_endian = 0;
    load_binary<1>(&little_endian, 1);
    swapped_ = (little_endian != 0) != (cereal::portable_binary_detail::is_little_endian() != 0);
  }

  template <std::size_t NumberSize>
  void load_binary(void* to, std::uint64_t size) {
    require(size);
    if (size != 0) std::memcpy(to, bytes_.data(), static_cast<std::size_t>(size));
    bytes_.remove_prefix(static_cast<std::size_t>(size));
    if (!swapped_) return;
    auto* const begin = static_cast<std::uint8_t*>(to);
    for (std::size_t i = 0; i + NumberSize <= size; i += NumberSize)
      cereal::portable_binary_detail::swap_bytes<NumberSize>(begin + i);
  }

  // Throws unless `size` bytes are left.
  void require(std::uint64_t size) const {
    if (size > bytes_.size())
      throw cereal::Exception("it has " + std::to_string(bytes_.size()) + " bytes left where " + std::to_string(size) +
                              " are announced");
  }

  void enter() {
    if (++depth_ > max_depth) throw cereal::Exception("its values lie deeper in each other than those of a program do");
  }
  void leave() noexcept { --depth_; }

 private:
  std::string_view bytes_;
  bool swapped_ = false;
  int depth_ = 0;
};

template <class T>
  requires std::is_arithmetic_v<T>
void CEREAL_LOAD_FUNCTION_NAME(BoundedInputArchive& archive, T& number) {
  archive.load_binary<sizeof(T)>(std::addressof(number), sizeof number);
  if constexpr (std::is_same_v<T, bool>) {
    std::uint8_t byte = 0;
    std::memcpy(&byte, std::addressof(number), 1);
    number = byte != 0;
  }
}
template <class T>
void CEREAL_LOAD_FUNCTION_NAME(BoundedInputArchive& archive, cereal::NameValuePair<T>& pair) {
  archive(pair.value);
}
template <class T>
void CEREAL_LOAD_FUNCTION_NAME(BoundedInputArchive& archive, cereal::SizeTag<T>& tag) {
  archive(tag.size);
  archive.require(static_cast<std::uint64_t>(tag.size));
}
template <class T>
void CEREAL_LOAD_FUNCTION_NAME(BoundedInputArchive& archive, cereal::BinaryData<T>& data) {
  archive.load_binary<sizeof(std::remove_pointer_t<T>)>(data.data, data.size);
}

template <class T>
void prologue(BoundedInputArchive& archive, const T&) {
  archive.enter();
}
template <class T>
void epilogue(BoundedInputArchive& archive, const T&) {
  archive.leave();
}

}  // namespace CAIRN_NAMESPACE::archive::detail

// For pointers to polymorphic types: a type that is registered after this header is known to this archive, too.
CEREAL_REGISTER_ARCHIVE(cairn::archive::detail::BoundedInputArchive)
