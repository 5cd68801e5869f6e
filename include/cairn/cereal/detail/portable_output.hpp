// Writes the bytes of cereal's PortableBinaryOutputArchive, which bounded_input.hpp reads.
//
// An archive of our own, though the bytes are cereal's: cereal knows a polymorphic class only in the archives that were
// included before the class was registered. So what could not be read again is refused when it is saved.
#pragma once

#include "../../core/detail/needs_cereal.hpp"
#include "bounded_input.hpp"

#include <cereal/archives/portable_binary.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>

namespace CAIRN_NAMESPACE::archive::detail {

class PortableOutputArchive : public cereal::OutputArchive<PortableOutputArchive, cereal::AllowEmptyClassElision> {
 public:
  // Appends to `bytes`, in this machine's byte order, and says so first.
  explicit PortableOutputArchive(std::string& bytes)
      : cereal::OutputArchive<PortableOutputArchive, cereal::AllowEmptyClassElision>(this), bytes_(bytes) {
    bytes_ += static_cast<char>(cereal::portable_binary_detail::is_little_endian());
  }
  void save_binary(const void* from, std::size_t size) { bytes_.append(static_cast<const char*>(from), size); }

 private:
  std::string& bytes_;
};

template <class T>
  requires std::is_arithmetic_v<T>
void CEREAL_SAVE_FUNCTION_NAME(PortableOutputArchive& archive, const T& number) {
  archive.save_binary(std::addressof(number), sizeof number);
}
template <class T>
void CEREAL_SAVE_FUNCTION_NAME(PortableOutputArchive& archive, const cereal::NameValuePair<T>& pair) {
  archive(pair.value);
}
template <class T>
void CEREAL_SAVE_FUNCTION_NAME(PortableOutputArchive& archive, const cereal::SizeTag<T>& tag) {
  archive(tag.size);
}
template <class T>
void CEREAL_SAVE_FUNCTION_NAME(PortableOutputArchive& archive, const cereal::BinaryData<T>& data) {
  archive.save_binary(data.data, static_cast<std::size_t>(data.size));
}

}  // namespace CAIRN_NAMESPACE::archive::detail

CEREAL_REGISTER_ARCHIVE(cairn::archive::detail::PortableOutputArchive)
// Which archive writes what the other reads: cereal asks for classes with save_minimal.
CEREAL_SETUP_ARCHIVE_TRAITS(cairn::archive::detail::BoundedInputArchive, cairn::archive::detail::PortableOutputArchive)
