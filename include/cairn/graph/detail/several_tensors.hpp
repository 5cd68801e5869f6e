// A class that is several tensors of one node: it has serialize_to_tensors() and restore_from_tensors().
//
// Saving asks the object once, and keeps what it answers until the file is written. Restoring asks it, too, for the
// names and dtypes that the checkpoint must have, then calls restore_from_tensors() on a copy of the object, which is
// moved into place when everything else has been checked. So that function may throw, and must change nothing outside
// of its object. A class that cannot be copied begins from its default instead.
//
// A class may have `static constexpr std::string_view saveable_name`: TensorFlow's legacy saveable names.
//
//   saveable_name "table", tensors "-keys", "-values"    ->    <path>/.ATTRIBUTES/table-keys, .../table-values
#pragma once

#include "../../core/detail/refuse.hpp"
#include "../../core/detail/type_name.hpp"
#include "../named_tensors.hpp"
#include "replacement.hpp"
#include "tensors_of_object.hpp"

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

namespace CAIRN_NAMESPACE::graph::detail {

// Refuses a class that could be saved but not restored.
template <class Class>
struct this_class_cannot_be_restored_from_tensors {
  static_assert(Replaceable<Class>,
                "cairn: this class has serialize_to_tensors but cannot be restored. Make it copyable, or default "
                "constructible, and assignable: a restore makes a new object and assigns it when all is checked.");
};
template <class Class>
struct this_class_needs_restore_from_tensors {
  static_assert(!std::is_same_v<Class, Class>,
                "cairn: this class has serialize_to_tensors but no restore_from_tensors. Give it a member function "
                "void restore_from_tensors(const cairn::NamedTensors&).");
};

template <class T>
class TypeOf<T, reflect::detail::Kind::tensors> final : public SeveralTensorsType {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return core::detail::type_name<T>(); }
  [[nodiscard]] std::string_view saveable_name() const noexcept override {
    if constexpr (requires { std::string_view(T::saveable_name); }) return T::saveable_name;
    return {};
  }
  [[nodiscard]] NamedTensors serialize(const void* object) const override {
    return static_cast<const T*>(object)->serialize_to_tensors();
  }
  [[nodiscard]] core::detail::Own<Change> restore(void* object, const NamedTensors& tensors) const override {
    if constexpr (!Replaceable<T>) {
      static_cast<void>(core::detail::refuse<this_class_cannot_be_restored_from_tensors<T>>());
    } else if constexpr (requires(T& target) { target.restore_from_tensors(tensors); }) {
      auto replacement = core::detail::make_own<Replacement<T>>(*static_cast<T*>(object));
      replacement->fresh.restore_from_tensors(tensors);
      return replacement;
    } else {
      static_cast<void>(core::detail::refuse<this_class_needs_restore_from_tensors<T>>());
    }
    return nullptr;
  }
  void walk(const void* object, const std::string& path, LiveGraph& live) const override {
    walk_tensors(*this, object, path, live);
  }
  [[nodiscard]] bool match(RestorePlan& plan, std::uint32_t item) const override {
    return plan.take_tensors(item, *this);
  }
};

}  // namespace CAIRN_NAMESPACE::graph::detail
