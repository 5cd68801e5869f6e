// A class with cereal's serialize, or save and load: a node with a child per value that it archives.
//
// Restoring loads into a copy of the object, which is moved into place when everything else has been checked; what the
// class does not archive stays as it was. A class that cannot be copied begins from its default instead.
#pragma once

#include "../core/type_name.hpp"
#include "../graph/replacement.hpp"
#include "class_archives.hpp"

#include <cereal/details/traits.hpp>

namespace cairn::detail {

template <class T>
concept CerealClass = std::is_class_v<T> && !is_std_type<T> && !is_variable<T> && !is_tensor<T> &&
                      cereal::traits::is_output_serializable<T, DiscoverArchive>::value &&
                      cereal::traits::is_input_serializable<T, LoadArchive>::value;

template <class T>
class ClassType : public ObjectType {
  static_assert(this_class_cannot_be_restored<T, Replaceable<T>>::ok);

 public:
  [[nodiscard]] std::string_view name() const noexcept override { return type_name<T>(); }
  void children(void* object, const ChildSink& sink) const override {
    DiscoverArchive archive(object, sizeof(T), sink);
    archive.discover(*static_cast<const T*>(object));
  }
  [[nodiscard]] bool loads_itself() const noexcept override { return true; }
  [[nodiscard]] std::unique_ptr<Change> load(void* object, NodeLoader& loader) const override {
    auto replacement = std::make_unique<Replacement<T>>(*static_cast<T*>(object));
    LoadArchive archive(loader);
    archive.load(replacement->fresh);
    return replacement;
  }
};

template <CerealClass T>
struct Adapter<T> {
  using type = ClassType<T>;
  using Refusal = std::conditional_t<Replaceable<T>, nothing_to_refuse, this_class_cannot_be_restored<T, false>>;
};

}  // namespace cairn::detail
