// The two cereal archives that a class's own serialize (or save and load) meets: they turn what it names into children
// of a node.
//
//   template <class Archive> void serialize(Archive& archive) { archive(CEREAL_NVP(weights), CEREAL_NVP(step)); }
//
// becomes a node with the children "weights" and "step". Values without a name are "value0", "value1", ... as in
// cereal's JSON. Only the names come from cereal: what a child is, the walk decides, as for members of plain structs.
#pragma once

#include "../../core/detail/needs_cereal.hpp"
#include "../../graph/detail/container_types.hpp"
#include "../../graph/detail/copied_types.hpp"
#include "../../graph/detail/keyed_map_type.hpp"
#include "../../graph/detail/leaf_types.hpp"
#include "../../graph/detail/object.hpp"
#include "../../graph/detail/object_type.hpp"
#include "../../graph/detail/struct_type.hpp"
#include "../../graph/detail/valarray_type.hpp"
#include "../../graph/detail/variant_type.hpp"

#include <cereal/cereal.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace CAIRN_NAMESPACE::archive::detail {

template <class T>
inline constexpr bool is_nvp = false;
template <class T>
inline constexpr bool is_nvp<cereal::NameValuePair<T>> = true;
template <class T>
inline constexpr bool is_size_tag = false;
template <class T>
inline constexpr bool is_size_tag<cereal::SizeTag<T>> = true;
template <class T>
inline constexpr bool is_base_class = false;
template <class T>
inline constexpr bool is_base_class<cereal::base_class<T>> = true;
template <class T>
inline constexpr bool is_base_class<cereal::virtual_base_class<T>> = true;
template <class T>
inline constexpr bool is_deferred = false;
template <class T>
inline constexpr bool is_deferred<cereal::DeferredData<T>> = true;

// A base class that is abstract cannot be an object of its own: its values become the derived class's.
template <class T>
struct BaseIn : std::type_identity<void> {};
template <class T>
struct BaseIn<cereal::base_class<T>> : std::type_identity<T> {};
template <class T>
struct BaseIn<cereal::virtual_base_class<T>> : std::type_identity<T> {};
template <class T>
inline constexpr bool is_abstract_base = std::is_abstract_v<typename BaseIn<std::remove_cv_t<T>>::type>;

// Calls use(name, value&) for every value that is handed to an archive; the wrappers of cereal are taken off.
template <class T, class Use>
void unwrap(const std::string& name, T& value, Use& use) {
  using Plain = std::remove_cv_t<T>;
  if constexpr (is_nvp<Plain>)
    unwrap(std::string(value.name), value.value, use);
  else if constexpr (is_size_tag<Plain>)
    unwrap(name, value.size, use);
  else if constexpr (is_base_class<Plain>)
    unwrap(name, *value.base_ptr, use);
  else if constexpr (is_deferred<Plain>)
    unwrap(name, value.value, use);
  else
    use(name, value);
}

// Saving: lists the values of one object as children. The values of a save() may be local to it: what does not lie
// inside the object is copied, and the copy kept alive by whoever takes the child.
class DiscoverArchive : public cereal::OutputArchive<DiscoverArchive, cereal::AllowEmptyClassElision> {
  using Archive = cereal::OutputArchive<DiscoverArchive, cereal::AllowEmptyClassElision>;

 public:
  DiscoverArchive(const void* object, std::size_t size, const graph::detail::ChildSink& sink)
      : Archive(this), begin_(static_cast<const std::byte*>(object)), size_(size), sink_(sink) {}

  // Runs the object's own serialize or save on this archive.
  template <class T>
  void discover(const T& object) {
    Archive::operator()(object);
  }

  template <class... T>
  DiscoverArchive& operator()(T&&... values) {
    (take(values), ...);
    return *this;
  }
  template <class T>
  DiscoverArchive& operator&(T&& value) {
    return (*this)(value);
  }
  template <class T>
  DiscoverArchive& operator<<(T&& value) {
    return (*this)(value);
  }

  template <class T>
  void take(T& value) {
    if constexpr (is_abstract_base<T>) {
      discover(*value.base_ptr);
    } else {
      const auto use = [this](const std::string& name, auto& unwrapped) { this->add(name, unwrapped); };
      std::string name;
      if constexpr (!is_nvp<std::remove_cv_t<T>>) name = "value" + std::to_string(next_unnamed_++);
      unwrap(name, value, use);
    }
  }

 private:
  template <class T>
  void add(const std::string& name, T& value) {
    using Plain = std::remove_cv_t<T>;
    // A walk that saves only reads; the types of the walk are without const because a restore writes through them.
    auto& place = const_cast<Plain&>(value);
    const auto* address = reinterpret_cast<const std::byte*>(std::addressof(place));
    const bool inside = !std::less<>{}(address, begin_) && std::less<>{}(address, begin_ + size_);
    if constexpr (std::is_copy_constructible_v<Plain>) {
      if (!inside) {
        auto copy = std::make_shared<Plain>(place);
        sink_({.name = name, .slot = graph::detail::slot_of(*copy), .kept = copy});
        return;
      }
    }
    sink_({.name = name, .slot = graph::detail::slot_of(place)});
  }

  const std::byte* begin_;
  std::size_t size_;
  const graph::detail::ChildSink& sink_;
  std::size_t next_unnamed_ = 0;
};

// Restoring: gives the values their saved ones at once, since the next line of a load() may look at them. A value that
// was not saved stays as it is.
class LoadArchive : public cereal::InputArchive<LoadArchive, cereal::AllowEmptyClassElision> {
  using Archive = cereal::InputArchive<LoadArchive, cereal::AllowEmptyClassElision>;

 public:
  explicit LoadArchive(graph::detail::NodeLoader& loader) : Archive(this), loader_(loader) {}

  template <class T>
  void load(T& object) {
    Archive::operator()(object);
  }
  [[nodiscard]] bool has(std::string_view name) const { return loader_.has(name); }

  template <class... T>
  LoadArchive& operator()(T&&... values) {
    (take(values), ...);
    return *this;
  }
  template <class T>
  LoadArchive& operator&(T&& value) {
    return (*this)(value);
  }
  template <class T>
  LoadArchive& operator>>(T&& value) {
    return (*this)(value);
  }

  template <class T>
  void take(T& value) {
    if constexpr (is_abstract_base<T>) {
      load(*value.base_ptr);
    } else {
      const auto use = [this](const std::string& name, auto& unwrapped) {
        this->loader_.load(name, graph::detail::slot_of(unwrapped));
      };
      std::string name;
      if constexpr (!is_nvp<std::remove_cv_t<T>>) name = "value" + std::to_string(next_unnamed_++);
      unwrap(name, value, use);
    }
  }

 private:
  graph::detail::NodeLoader& loader_;
  std::size_t next_unnamed_ = 0;
};

}  // namespace CAIRN_NAMESPACE::archive::detail

// Which archive writes what the other reads: cereal asks for classes with save_minimal.
CEREAL_SETUP_ARCHIVE_TRAITS(cairn::archive::detail::LoadArchive, cairn::archive::detail::DiscoverArchive)

namespace CAIRN_NAMESPACE::archive::detail {

// What cereal itself hands to an archive while it runs a class's functions: the class version, and the values of
// save_minimal and load_minimal. Found through the archives' namespace.
template <class T>
void CEREAL_SAVE_FUNCTION_NAME(DiscoverArchive& archive, const cereal::NameValuePair<T>& pair) {
  archive.take(pair);
}
template <class T>
  requires Element<T>
void CEREAL_SAVE_FUNCTION_NAME(DiscoverArchive& archive, const T& value) {
  archive.take(value);
}

template <class T>
void CEREAL_LOAD_FUNCTION_NAME(LoadArchive& archive, cereal::NameValuePair<T>& pair) {
  // cereal leaves the version without a value before it asks; classes saved without one are version 0.
  if constexpr (std::is_same_v<std::remove_reference_t<T>, std::uint32_t>)
    if (std::string_view(pair.name) == "cereal_class_version") {
      pair.value = 0;
      if (!archive.has(pair.name)) return;
    }
  archive.take(pair);
}
template <class T>
  requires Element<T>
void CEREAL_LOAD_FUNCTION_NAME(LoadArchive& archive, T& value) {
  archive.take(value);
}

}  // namespace CAIRN_NAMESPACE::archive::detail
