// The objects that are one tensor whose elements are nowhere in memory: sets, std::filesystem::path, std::atomic,
// std::bitset, engines and distributions of <random>, lists of paths and atomics. A save copies them out; a restore makes
// a new object of the elements, which takes the place of the user's at the end.
#pragma once

#include "../../core/detail/fail.hpp"
#include "../../core/detail/sort.hpp"
#include "../../core/detail/type_name.hpp"
#include "landings.hpp"
#include "leaf_types.hpp"
#include "object_type.hpp"
#include "random_text.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace CAIRN_NAMESPACE::graph::detail {

template <class T>
using AsElement = typename reflect::detail::AsElement<T>::type;

// The value of a T as an element, and back.
template <class T>
[[nodiscard]] AsElement<T> element_of(const T& value) {
  if constexpr (Element<T>) {
    return value;
  } else if constexpr (reflect::detail::StdAtomic<T>) {
    return value.load();
  } else if constexpr (T::preferred_separator == '/') {  // std::filesystem::path
    return value.string();
  } else {  // on Windows, where string() is not UTF-8
    const auto text = value.generic_u8string();
    return {text.begin(), text.end()};
  }
}
template <class T>
  requires(!reflect::detail::StdAtomic<T>)
[[nodiscard]] T from_element(AsElement<T>& element) {
  if constexpr (requires { requires T::preferred_separator != '/'; })
    return T(std::u8string(element.begin(), element.end()));
  else
    return T(std::move(element));
}

template <class T>
void put_element(T& place, AsElement<T>& element) noexcept {
  if constexpr (reflect::detail::StdAtomic<T>)
    place.store(element);
  else
    place = from_element<T>(element);
}

// False where a restore cannot make a new object: an atomic is written to where it is.
template <class T>
inline constexpr bool is_made_anew = std::is_move_assignable_v<T>;
template <class T>
  requires requires { typename T::value_type; }
inline constexpr bool is_made_anew<T> =
    std::is_move_assignable_v<T> && !reflect::detail::StdAtomic<typename T::value_type>;

// An element for each of the T's own, in their order; sorted where a T has none, so that files are reproducible.
template <class T, class E>
void copy_elements_of(const T& object, std::span<E> out) {
  if constexpr (reflect::detail::RandomState<T>) {
    out[0] = text_of_random_state(object);
  } else if constexpr (reflect::detail::StdBitset<T>) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = object[i];
  } else if constexpr (reflect::detail::ElementLike<T>) {
    out[0] = element_of(object);
  } else {
    std::size_t i = 0;
    for (const auto& each : object) out[i++] = element_of(each);
    if constexpr (requires { typename T::hasher; })
      core::detail::sort(out, [](const E& a, const E& b) { return a < b; });
  }
}

// Throws Error: data_loss where the elements are those of no T.
template <class T, class E>
[[nodiscard]] T make_of_elements(const T& like, std::span<E> elements) {
  if constexpr (reflect::detail::RandomState<T>) {
    return random_state_of_text(like, elements[0]);
  } else if constexpr (reflect::detail::StdBitset<T>) {
    T made;
    for (std::size_t i = 0; i < elements.size(); ++i) made[i] = elements[i];
    return made;
  } else if constexpr (reflect::detail::ElementLike<T>) {
    return from_element<T>(elements[0]);
  } else if constexpr (reflect::detail::ElementSet<T>) {
    T made = [&] {
      if constexpr (requires { like.hash_function(); })
        return T(elements.size(), like.hash_function(), like.key_eq(), like.get_allocator());
      else
        return T(like.key_comp(), like.get_allocator());
    }();
    for (E& element : elements) made.insert(made.end(), from_element<typename T::key_type>(element));
    if (made.size() != elements.size())
      core::detail::fail(
          ErrorCode::data_loss,
          {elements.size() - made.size(), " of the ", elements.size(), " elements are there already, and a ",
           core::detail::type_name<T>(), " holds each once; restore them into a std::vector, or a set that holds all"});
    return made;
  } else {
    T made{};
    if constexpr (requires { made.resize(std::size_t{}); }) made.resize(elements.size());
    std::size_t i = 0;
    for (auto& each : made) each = from_element<typename T::value_type>(elements[i++]);
    return made;
  }
}

// Of a type whose own form is one string, too: the object that cereal's bytes are, which begin with 0 or 1, as no path
// and no random engine's text does. Empty for other texts. Throws Error: data_loss where cereal cannot read them.
template <class T>
[[nodiscard]] std::optional<T> made_of_earlier_text(const T& like, const std::string& text) {
  std::optional<T> made;
  if (const LeafType* const earlier = earlier_form_of<T>();
      earlier != nullptr && !text.empty() && (text[0] == 0 || text[0] == 1)) {
    const core::detail::Own<Landing> landing = earlier->land(&made.emplace(like), DT_STRING, Shape{});
    landing->strings()[0] = text;
    landing->prepare();
    landing->commit();
  }
  return made;
}

template <class T>
class TypeOf<T, reflect::detail::Kind::copied> final : public LeafType {
  using Form = reflect::detail::CopiedForm<T>;
  using E = typename Form::element;
  static constexpr bool is_one = Form::extents.empty();
  static constexpr bool takes_any_length = is_made_anew<T> && !is_one && [] {
    for (const std::size_t extent : Form::extents)
      if (extent != dynamic) return false;
    return true;
  }();

 public:
  [[nodiscard]] std::string_view name() const noexcept override { return core::detail::type_name<T>(); }
  [[nodiscard]] DType dtype(const void*, DType) const noexcept override { return dtype_of<E>; }
  [[nodiscard]] const LeafType* earlier_form() const noexcept override { return earlier_form_of<T>(); }
  [[nodiscard]] LeafValue value(const void* object) const override {
    const T& from = *static_cast<const T*>(object);
    const std::size_t count = size(from);
    std::shared_ptr<E[]> copy(new E[count]());
    const std::span<E> elements(copy.get(), count);
    copy_elements_of(from, elements);
    return {view_of<E>(is_one ? Shape{} : Shape{static_cast<std::int64_t>(count)}, elements), std::move(copy)};
  }
  [[nodiscard]] bool accepts(const void* object, const Shape& shape) const override {
    if (is_one) return shape.rank() == 0;
    return shape.rank() == 1 && shape[0] >= 0 &&
           (takes_any_length || size(*static_cast<const T*>(object)) == static_cast<std::size_t>(shape[0]));
  }
  [[nodiscard]] std::string accepted(const void* object) const override {
    if (is_one) return "[]";
    return takes_any_length ? "[?]" : "[" + std::to_string(size(*static_cast<const T*>(object))) + "]";
  }
  [[nodiscard]] core::detail::Own<Landing> land(void* object, DType, const Shape& shape) const override {
    return core::detail::make_own<Copy>(*static_cast<T*>(object), is_one ? 1 : static_cast<std::size_t>(shape[0]));
  }

 private:
  [[nodiscard]] static std::size_t size(const T& object) {
    if constexpr (is_one)
      return 1;
    else
      return object.size();
  }

  class Copy final : public IntoElements<E> {
   public:
    Copy(T& target, std::size_t count) : target_(target), buffer_(new E[count]()) {
      this->elements_ = {buffer_.get(), count};
    }
    void prepare() override {
      IntoElements<E>::prepare();
      if constexpr (is_made_anew<T>) {
        if constexpr (is_one && std::same_as<E, std::string>) {
          made_ = made_of_earlier_text(target_, this->elements_[0]);
          if (made_.has_value()) return;
        }
        made_.emplace(make_of_elements(target_, this->elements_));
      }
    }
    void commit() noexcept override {
      if constexpr (is_made_anew<T>) {
        target_ = std::move(*made_);
      } else if constexpr (is_one) {
        put_element(target_, this->elements_[0]);
      } else {
        std::size_t i = 0;
        for (auto& each : target_) put_element(each, this->elements_[i++]);
      }
    }

   private:
    T& target_;
    std::unique_ptr<E[]> buffer_;
    std::optional<T> made_;
  };
};

}  // namespace CAIRN_NAMESPACE::graph::detail
