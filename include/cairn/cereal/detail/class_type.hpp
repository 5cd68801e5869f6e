// A class with cereal's serialize, or save and load: a node with a child per value that it archives.
//
// Restoring loads into a copy of the object, which is moved into place when everything else has been checked; what the
// class does not archive stays as it was. A class that cannot be copied begins from its default instead.
#pragma once

#include "../../core/detail/needs_cereal.hpp"
#include "../../core/detail/type_name.hpp"
#include "../../graph/detail/replacement.hpp"
#include "class_archives.hpp"

#include <cereal/details/traits.hpp>

namespace CAIRN_NAMESPACE::archive::detail {

template <class T>
concept CerealClass =
    std::is_class_v<T> && !core::detail::is_std_type<T> && !is_variable<T> && !is_tensor<T> &&
    !reflect::detail::joins_as_array<T> && cereal::traits::is_output_serializable<T, DiscoverArchive>::value &&
    cereal::traits::is_input_serializable<T, LoadArchive>::value;

template <class T>
class ClassType : public graph::detail::ObjectType {
  static_assert(reflect::detail::this_class_cannot_be_restored<T, graph::detail::Replaceable<T>>::ok);

 public:
  [[nodiscard]] std::string_view name() const noexcept override { return core::detail::type_name<T>(); }
  void children(void* object, const graph::detail::ChildSink& sink) const override {
    DiscoverArchive archive(object, sizeof(T), sink);
    archive.discover(*static_cast<const T*>(object));
  }
  [[nodiscard]] bool loads_itself() const noexcept override { return true; }
  [[nodiscard]] core::detail::Own<graph::detail::Change> load(void* object,
                                                              graph::detail::NodeLoader& loader) const override {
    auto replacement = core::detail::make_own<graph::detail::Replacement<T>>(*static_cast<T*>(object));
    LoadArchive archive(loader);
    archive.load(replacement->fresh);
    return replacement;
  }
};

}  // namespace CAIRN_NAMESPACE::archive::detail

namespace CAIRN_NAMESPACE {

template <archive::detail::CerealClass T>
struct reflect::detail::Adapter<T> {
  using type = archive::detail::ClassType<T>;
  using Refusal = std::conditional_t<graph::detail::Replaceable<T>, reflect::detail::nothing_to_refuse,
                                     reflect::detail::this_class_cannot_be_restored<T, false>>;
};

}  // namespace CAIRN_NAMESPACE
