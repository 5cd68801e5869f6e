// The state of an engine or a distribution of <random> as text: what the standard's operator<< writes, and its operator>>
// reads. Of an engine that is numbers, of a distribution what the standard library that the program is built with
// chooses. Every number is written so that the same engine goes on bit for bit.
//
// Streams are heavy headers. The classes and functions here use those that the program includes: their types are known
// where a program has such a member, and not before.
#pragma once

#include "../../core/detail/fail.hpp"
#include "../../reflect/detail/std_types.hpp"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <iosfwd>
#include <string>
#include <string_view>
#include <system_error>

namespace CAIRN_NAMESPACE::graph::detail {

// Collects what a stream writes, or gives a stream a text to read.
template <class C>
class TextBuffer final : public std::basic_streambuf<C> {
  using Code = typename std::char_traits<C>::int_type;

 public:
  TextBuffer() = default;
  explicit TextBuffer(std::basic_string<C> text) : text_(std::move(text)) {
    this->setg(text_.data(), text_.data(), text_.data() + text_.size());
  }
  [[nodiscard]] const std::basic_string<C>& text() const noexcept { return text_; }
  [[nodiscard]] std::basic_string_view<C> unread() const { return {this->gptr(), this->egptr()}; }

 protected:
  Code overflow(Code code) override {
    if (!std::char_traits<C>::eq_int_type(code, std::char_traits<C>::eof()))
      text_ += std::char_traits<C>::to_char_type(code);
    return std::char_traits<C>::not_eof(code);
  }

 private:
  std::basic_string<C> text_;
};

// A distribution with a table of weights. Reading one divides the weights by their sum again, which may change last digits.
template <class T>
concept WeightedDistribution =
    requires(const T& table) { table.probabilities(); } || requires(const T& table) { table.densities(); };

template <class T, class Stream>
void speak_plainly(Stream& stream) {
  stream.imbue(std::remove_cvref_t<decltype(stream.getloc())>::classic());
}

template <class T>
[[nodiscard]] std::string text_of_random_state(const T& state) {
  using C = reflect::detail::StreamLetter<T>;
  TextBuffer<C> buffer;
  std::basic_ostream<C> stream(&buffer);
  speak_plainly<T>(stream);
  stream << state;
  return buffer.text();
}

// Takes the last number off the text; the largest one where there is none.
[[nodiscard]] inline std::uint64_t take_last_number(std::string_view& text) noexcept {
  text = text.substr(0, text.find_last_not_of(' ') + 1);
  const std::size_t begin = text.rfind(' ') + 1;  // 0 where there is none
  std::uint64_t number = static_cast<std::uint64_t>(-1);
  (void)std::from_chars(text.data() + begin, text.data() + text.size(), number);
  text = text.substr(0, begin);
  return number;
}

// False where a number by which the engine finds its next one in its own tables would lead outside of them: the
// standard libraries read such numbers as they are.
template <class T>
[[nodiscard]] bool has_places_within(std::string_view text) noexcept {
  if constexpr (requires { T::used_block; }) {
    if (take_last_number(text) > T::block_size) return false;
    return has_places_within<std::remove_cvref_t<decltype(std::declval<const T&>().base())>>(text);
  } else if constexpr (requires { T::table_size; }) {
    const std::uint64_t last = take_last_number(text);
    if (last < T::min() || last > T::max()) return false;
    for (std::size_t i = 0; i < T::table_size; ++i) (void)take_last_number(text);
    return has_places_within<std::remove_cvref_t<decltype(std::declval<const T&>().base())>>(text);
  } else if constexpr (requires { T::long_lag; }) {
#if defined(__GLIBCXX__)
    return take_last_number(text) < T::long_lag;
#else
    return true;
#endif
  } else if constexpr (requires(const T& engine) { engine.base(); }) {
    return has_places_within<std::remove_cvref_t<decltype(std::declval<const T&>().base())>>(text);
  } else if constexpr (WeightedDistribution<T>) {
    std::uint64_t count = static_cast<std::uint64_t>(-1);
    (void)std::from_chars(text.data(), text.data() + text.size(), count);
    return count <= text.size();
  } else {
    return true;
  }
}

// A copy of `like` where that has this text already. Throws Error: data_loss for a text that is not one of a T.
template <class T>
[[nodiscard]] T random_state_of_text(const T& like, const std::string& text) {
  using C = reflect::detail::StreamLetter<T>;
  T state = like;
  if constexpr (WeightedDistribution<T>)
    if (text_of_random_state(like) == text) return state;
  bool is_read = has_places_within<T>(text);
  if (is_read) {
    TextBuffer<C> buffer(text);
    std::basic_istream<C> stream(&buffer);
    speak_plainly<T>(stream);
    try {
      stream >> state;
      is_read = !stream.fail() && buffer.unread().find_first_not_of(' ') == std::string_view::npos;
    } catch (const std::exception&) {  // a table of a size that nothing can hold
      is_read = false;
    }
  }
  if (!is_read)
    core::detail::fail(ErrorCode::data_loss,
                       {"this text is not what a stream writes for a std::", reflect::detail::std_name<T>(),
                        "; was it another type, or another standard library, when it was saved?"});
  return state;
}

}  // namespace CAIRN_NAMESPACE::graph::detail
