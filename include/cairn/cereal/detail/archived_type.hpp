// Whatever else cereal can archive (stacks, maps whose keys are structs, polymorphic pointers): one string tensor that
// holds cereal's portable binary bytes.
//
// The user includes cereal's header for the type (<cereal/types/stack.hpp>, ...) before the checkpoint is made. A
// class behind a polymorphic pointer is registered below an include of cairn, in whatever file that is.
#pragma once

#include "../../core/detail/type_name.hpp"
#include "../../core/error.hpp"
#include "bounded_input.hpp"
#include "can_be_archived.hpp"
#include "class_type.hpp"
#include "portable_output.hpp"
#include "types.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::archive::detail {

// What cereal throws when it saves: nearly always that a class behind a pointer is unknown to the archive.
[[nodiscard]] inline Error unwritable(std::string_view type, const std::string& reason) {
  if (reason.find("unregistered polymorphic type") == std::string::npos)
    return Error(ErrorCode::failed_precondition, "cereal cannot save a " + std::string(type) + ": " + reason);
  const std::size_t open = reason.find(" ("), close = reason.find(").");
  const std::string name = open < close && close != std::string::npos ? reason.substr(open + 2, close - open - 2) : "?";
  return Error(
      ErrorCode::failed_precondition,
      "a " + std::string(type) + " points to a " + name + ", which cairn could not restore: no CEREAL_REGISTER_TYPE(" +
          name +
          ") stands behind an include of cairn. Include <cairn/cairn.hpp> above it, in the file that registers "
          "the class, and CEREAL_REGISTER_POLYMORPHIC_RELATION beside it");
}

template <class T>
class ArchivedType : public graph::detail::LeafType {
  static_assert(reflect::detail::this_class_cannot_be_restored<T, graph::detail::Replaceable<T>>::ok);

 public:
  [[nodiscard]] std::string_view name() const noexcept override { return core::detail::type_name<T>(); }
  [[nodiscard]] DType dtype(const void*, DType) const noexcept override { return DT_STRING; }
  [[nodiscard]] graph::detail::LeafValue value(const void* object) const override {
    auto bytes = std::make_shared<std::string>();
    try {
      PortableOutputArchive archive(*bytes);
      archive(*static_cast<const T*>(object));
    } catch (const cereal::Exception& error) {
      throw unwritable(core::detail::type_name<T>(), error.what());
    }
    const std::span<const std::string> strings(bytes.get(), 1);
    return {TensorView(Shape{}, strings), std::move(bytes)};
  }
  [[nodiscard]] bool accepts(const void*, const Shape& shape) const override { return shape.rank() == 0; }
  [[nodiscard]] std::string accepted(const void*) const override { return "[]"; }
  [[nodiscard]] core::detail::Own<graph::detail::Landing> land(void* object, DType, const Shape&) const override {
    return core::detail::make_own<Unarchive>(*static_cast<T*>(object));
  }

 private:
  class Unarchive final : public graph::detail::Landing {
   public:
    explicit Unarchive(T& target) : replacement_(target) {}
    [[nodiscard]] std::span<std::string> strings() noexcept override { return {&bytes_, 1}; }
    void prepare() override {
      try {
        BoundedInputArchive archive(bytes_);
        archive(replacement_.fresh);
      } catch (const Error&) {
        throw;
      } catch (const std::exception& error) {
        throw Error(ErrorCode::data_loss, "the bytes saved for a " + std::string(core::detail::type_name<T>()) +
                                              " are not what cereal writes for one: " + error.what() +
                                              "; was it another type when it was saved?");
      }
    }
    void commit() noexcept override { replacement_.commit(); }

   private:
    graph::detail::Replacement<T> replacement_;
    std::string bytes_;
  };
};

template <class T>
concept PortableBinary = !std::is_pointer_v<T> && !std::is_arithmetic_v<T> && !std::is_array_v<T> &&
                         cereal::traits::is_output_serializable<T, PortableOutputArchive>::value &&
                         cereal::traits::is_input_serializable<T, BoundedInputArchive>::value;

}  // namespace CAIRN_NAMESPACE::archive::detail

namespace CAIRN_NAMESPACE {

template <archive::detail::PortableBinary T>
struct reflect::detail::ArchivedAs<T> {
  using type = archive::detail::ArchivedType<T>;
  using Refusal = std::conditional_t<graph::detail::Replaceable<T>, reflect::detail::nothing_to_refuse,
                                     reflect::detail::this_class_cannot_be_restored<T, false>>;
  using Search =
      archive::detail::ArchivedSearch<archive::detail::PortableOutputArchive, archive::detail::BoundedInputArchive>;
};

}  // namespace CAIRN_NAMESPACE
