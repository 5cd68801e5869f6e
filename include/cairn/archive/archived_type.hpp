// Whatever else cereal can archive (variants, sets, polymorphic pointers, std::chrono): one string tensor that holds
// cereal's portable binary bytes.
//
// The user includes cereal's header for the type (<cereal/types/variant.hpp>, ...) before the checkpoint is made.
#pragma once

#include "../core/error.hpp"
#include "../core/type_name.hpp"
#include "bounded_input.hpp"
#include "class_type.hpp"
#include "types.hpp"

#include <cereal/archives/portable_binary.hpp>

#include <sstream>

namespace cairn::detail {

template <class T>
class ArchivedType : public LeafType {
  static_assert(this_class_cannot_be_restored<T, Replaceable<T>>::ok);

 public:
  [[nodiscard]] std::string_view name() const noexcept override { return type_name<T>(); }
  [[nodiscard]] DType dtype() const noexcept override { return DT_STRING; }
  [[nodiscard]] LeafValue value(const void* object) const override {
    std::ostringstream stream;
    {
      cereal::PortableBinaryOutputArchive archive(stream);
      archive(*static_cast<const T*>(object));
    }
    auto bytes = std::make_shared<std::string>(std::move(stream).str());
    const std::span<const std::string> strings(bytes.get(), 1);
    return {TensorView(Shape{}, strings), std::move(bytes)};
  }
  [[nodiscard]] bool accepts(const void*, const Shape& shape) const override { return shape.rank() == 0; }
  [[nodiscard]] std::string accepted(const void*) const override { return "[]"; }
  [[nodiscard]] std::unique_ptr<Landing> land(void* object, const Shape&) const override {
    return std::make_unique<Unarchive>(*static_cast<T*>(object));
  }

 private:
  class Unarchive final : public Landing {
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
        throw Error(ErrorCode::data_loss, "the bytes saved for a " + std::string(type_name<T>()) +
                                              " are not what cereal writes for one: " + error.what() +
                                              "; was it another type when it was saved?");
      }
    }
    void commit() noexcept override { replacement_.commit(); }

   private:
    Replacement<T> replacement_;
    std::string bytes_;
  };
};

template <class T>
concept PortableBinary = !std::is_pointer_v<T> && !std::is_arithmetic_v<T> && !std::is_array_v<T> &&
                         cereal::traits::is_output_serializable<T, cereal::PortableBinaryOutputArchive>::value &&
                         cereal::traits::is_input_serializable<T, BoundedInputArchive>::value;

template <PortableBinary T>
struct ArchivedAs<T> {
  using type = ArchivedType<T>;
};

}  // namespace cairn::detail
