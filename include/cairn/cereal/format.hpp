// format::Cereal: any of cereal's archives as the format of a CheckpointManager. Numbers, the file `checkpoint`,
// retention, the lock, saves in the background and all promises are the same as for TensorFlow's format.
//
//   using Json = cairn::format::Cereal<cereal::JSONOutputArchive, cereal::JSONInputArchive>;   // or <cairn/json.hpp>
//   cairn::CheckpointManager<decltype(checkpoint), Json> manager{checkpoint, "training"};
//   manager.save();                                                                            // training/ckpt-1.json
//
// TensorFlow cannot read these files. With XML and portable binary they end with .xml and .portable_binary.
#pragma once

#include "../checkpoint/detail/archive_form.hpp"
#include "../checkpoint/named.hpp"
#include "../core/detail/needs_cereal.hpp"
#include "detail/bounded_input.hpp"
#include "detail/can_be_archived.hpp"

#include <cereal/cereal.hpp>

#include <cstdint>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace cereal {
class JSONOutputArchive;
class XMLOutputArchive;
class PortableBinaryOutputArchive;
class PortableBinaryInputArchive;
}  // namespace cereal

namespace CAIRN_NAMESPACE::format {

// A pair of cereal's archives as a CheckpointManager's second template argument.
template <class OutputArchive, class InputArchive>
struct Cereal {
  // The ending of a checkpoint's file, behind its number. Specialise it for an archive of your own.
  static constexpr std::string_view extension = std::is_same_v<OutputArchive, cereal::JSONOutputArchive>  ? ".json"
                                                : std::is_same_v<OutputArchive, cereal::XMLOutputArchive> ? ".xml"
                                                : std::is_same_v<OutputArchive, cereal::PortableBinaryOutputArchive>
                                                    ? ".portable_binary"
                                                    : ".cereal";
};

}  // namespace CAIRN_NAMESPACE::format

namespace CAIRN_NAMESPACE::archive::detail {

template <class Archive, FixedString name, class T>
void archive_child(Archive& archive, const Named<name, T>& child) {
  archive(cereal::make_nvp(std::string(name.view()), *child.object));
}
template <class Archive, class T>
void archive_child(Archive& archive, const checkpoint::detail::RootOf<T>& child) {
  archive(cereal::make_nvp("root", *child.object));
}

// The archive that reads: BoundedInputArchive for cereal's portable binary, whose own archive trusts every length
// (detail/bounded_input.hpp).
template <class InputArchive>
using CheckedInput = std::conditional_t<std::is_same_v<InputArchive, cereal::PortableBinaryInputArchive>,
                                        BoundedInputArchive, InputArchive>;

template <class Format, class... Children>
class CerealForm;

template <class OutputArchive, class InputArchive, class... Children>
class CerealForm<format::Cereal<OutputArchive, InputArchive>, Children...> final
    : public checkpoint::detail::ArchiveForm {
 public:
  explicit CerealForm(const std::tuple<Children...>& children)
      : checkpoint::detail::ArchiveForm(format::Cereal<OutputArchive, InputArchive>::extension), children_(children) {}

  [[nodiscard]] std::string encode(std::int64_t save_counter) const override {
    std::ostringstream stream(std::ios::binary);
    {
      OutputArchive archive(stream);  // the archive writes its end in its destructor
      archive(cereal::make_nvp("save_counter", save_counter));
      std::apply([&](const auto&... child) { (archive_child(archive, child), ...); }, children_);
    }
    return std::move(stream).str();
  }

  [[nodiscard]] std::int64_t decode(const std::string& bytes) override {
    if constexpr (std::is_same_v<CheckedInput<InputArchive>, BoundedInputArchive>) {
      BoundedInputArchive archive(bytes);
      return decode_from(archive);
    } else {
      std::istringstream stream(bytes, std::ios::binary);
      InputArchive archive(stream);
      return decode_from(archive);
    }
  }

  [[nodiscard]] std::vector<std::string> names() const override {
    return {name_of(static_cast<Children*>(nullptr))...};
  }

 private:
  template <class Archive>
  std::int64_t decode_from(Archive& archive) {
    std::int64_t save_counter = 0;
    archive(cereal::make_nvp("save_counter", save_counter));
    std::apply([&](const auto&... child) { (archive_child(archive, child), ...); }, children_);
    return save_counter;
  }
  template <FixedString name, class T>
  [[nodiscard]] static std::string name_of(const Named<name, T>*) {
    return std::string(name.view());
  }
  template <class T>
  [[nodiscard]] static std::string name_of(const checkpoint::detail::RootOf<T>*) {
    return "root";
  }

  std::tuple<Children...> children_;
};

}  // namespace CAIRN_NAMESPACE::archive::detail

namespace CAIRN_NAMESPACE {

template <class OutputArchive, class InputArchive>
struct checkpoint::detail::FormOf<format::Cereal<OutputArchive, InputArchive>> {
  template <class... Children>
  [[nodiscard]] static core::detail::Own<checkpoint::detail::ArchiveForm> make(
      const std::tuple<Children...>& children) {
    if constexpr ((archive::detail::can_be_archived<std::remove_pointer_t<decltype(Children::object)>, OutputArchive,
                                                    archive::detail::CheckedInput<InputArchive>> &&
                   ...))
      return core::detail::make_own<
          archive::detail::CerealForm<format::Cereal<OutputArchive, InputArchive>, Children...>>(children);
    else
      return nullptr;
  }
};

}  // namespace CAIRN_NAMESPACE
