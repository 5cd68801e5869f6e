// From the words of a command line to a tensor (value_of in values.hpp).
#include "arguments.hpp"
#include "number.hpp"
#include "output.hpp"
#include "values.hpp"

#include <cairn/core/dtype.hpp>
#include <cairn/tensor/detail/convert_numbers.hpp>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <complex>
#include <limits>
#include <optional>

namespace tool {

namespace {

using cairn::AnyTensor;
using cairn::DType;
using cairn::Shape;

struct Item {
  std::string text;
  bool is_quoted = false;
};

// Nested lists of items, taken apart: a shape, and the items row by row.
class LiteralParser {
 public:
  explicit LiteralParser(std::string_view text) : rest_(text), all_(text) {}

  void parse() {
    parse_value(0);
    skip_space();
    if (!rest_.empty()) fail("there is something behind its end");
  }
  std::vector<Item> items;
  std::vector<std::int64_t> extents;

 private:
  static constexpr std::size_t max_rank = 254;  // TensorFlow's

  [[noreturn]] void fail(const std::string& problem) const {
    throw WrongUsage{"the value " + shown(all_) + " cannot be understood: " + problem +
                     "; write 0.5, [1, 2], [[1, 2], [3, 4]], \"text\" or true"};
  }
  void skip_space() {
    while (!rest_.empty() && std::isspace(static_cast<unsigned char>(rest_[0])) != 0) rest_.remove_prefix(1);
  }
  [[nodiscard]] bool skip(char c) {
    skip_space();
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void parse_value(std::size_t depth) {
    if (depth > max_rank) fail("it is nested too deeply");
    if (!skip('[')) {
      if (leaf_depth_ == none) leaf_depth_ = depth;
      if (leaf_depth_ != depth) fail("its lists are not of one shape");
      return parse_item();
    }
    std::int64_t count = 0;
    if (!skip(']')) {
      do {
        parse_value(depth + 1);
        ++count;
      } while (skip(','));
      if (!skip(']')) fail("a ] or a comma is missing");
    }
    if (extents.size() <= depth) extents.resize(depth + 1, -1);
    if (extents[depth] < 0) extents[depth] = count;
    if (extents[depth] != count || (leaf_depth_ != none && leaf_depth_ <= depth))
      fail("its lists are not of one shape");
  }
  void parse_item() {
    Item item;
    skip_space();
    if (!rest_.empty() && (rest_[0] == '"' || rest_[0] == '\'')) {
      const char quote = rest_[0];
      rest_.remove_prefix(1);
      item.is_quoted = true;
      for (;;) {
        if (rest_.empty()) fail("the text has no end");
        const char c = rest_[0];
        rest_.remove_prefix(1);
        if (c == quote) break;
        item.text += c == '\\' ? escaped() : c;
      }
    } else {
      const std::size_t end = std::min(rest_.find_first_of(",[] \t\n"), rest_.size());
      item.text = rest_.substr(0, end);
      rest_.remove_prefix(end);
      if (item.text.empty()) fail("a value is missing");
    }
    items.push_back(std::move(item));
  }
  [[nodiscard]] char escaped() {
    if (rest_.empty()) fail("the text has no end");
    const char c = rest_[0];
    rest_.remove_prefix(1);
    switch (c) {
      case 'n':
        return '\n';
      case 't':
        return '\t';
      case 'r':
        return '\r';
      case '\\':
      case '"':
      case '\'':
        return c;
      case 'x': {
        unsigned value = 0;
        const std::string_view digits = rest_.substr(0, 2);
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
        if (error != std::errc() || end != digits.data() + 2) fail("\\x wants two hexadecimal digits");
        rest_.remove_prefix(2);
        return static_cast<char>(value);
      }
      default:
        fail(std::string("\\") + c + " means nothing");
    }
  }

  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::string_view rest_;
  std::string_view all_;
  std::size_t leaf_depth_ = none;
};

// A number that may begin with '+', too.
template <class Number>
[[nodiscard]] std::optional<Number> signed_number_of(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  return number_of<Number>(text);
}
// "1+2j", "-3j", "0.5".
[[nodiscard]] std::optional<std::complex<double>> complex_of(std::string_view text) {
  if (!text.ends_with('j')) {
    const auto real = signed_number_of<double>(text);
    return real ? std::optional(std::complex<double>(*real)) : std::nullopt;
  }
  text.remove_suffix(1);
  std::size_t sign = text.size();
  while (sign-- > 1)
    if ((text[sign] == '+' || text[sign] == '-') && text[sign - 1] != 'e' && text[sign - 1] != 'E') break;
  if (sign == static_cast<std::size_t>(-1)) sign = 0;
  const auto imaginary = signed_number_of<double>(text.substr(sign));
  const auto real = sign == 0 ? std::optional(0.0) : signed_number_of<double>(text.substr(0, sign));
  if (!real || !imaginary) return std::nullopt;
  return std::complex<double>(*real, *imaginary);
}

template <class T, class Convert>
[[nodiscard]] std::optional<AnyTensor> all_of(const std::vector<Item>& items, const Shape& shape, Convert convert) {
  AnyTensor tensor(cairn::dtype_of<T>, shape);
  const std::span<T> elements = tensor.span<T>();
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const auto value = convert(items[items.size() == 1 ? 0 : i]);
    if (!value) return std::nullopt;
    elements[i] = *value;
  }
  return tensor;
}

[[nodiscard]] std::optional<AnyTensor> tensor_of(const std::vector<Item>& items, DType dtype, const Shape& shape) {
  const auto numbers = [&]<class T>(std::type_identity<T>) {
    return all_of<T>(items, shape,
                     [](const Item& item) { return item.is_quoted ? std::nullopt : signed_number_of<T>(item.text); });
  };
  if (dtype == cairn::DT_STRING)
    return all_of<std::string>(
        items, shape, [](const Item& item) { return item.is_quoted ? std::optional(item.text) : std::nullopt; });
  if (dtype == cairn::DT_BOOL)
    return all_of<bool>(items, shape, [](const Item& item) -> std::optional<bool> {
      if (item.is_quoted) return std::nullopt;
      if (item.text == "true" || item.text == "True" || item.text == "1") return true;
      if (item.text == "false" || item.text == "False" || item.text == "0") return false;
      return std::nullopt;
    });
  if (cairn::tensor::detail::number_range(dtype).sort == cairn::tensor::detail::NumberSort::complex)
    return all_of<std::complex<double>>(items, shape, [](const Item& item) { return complex_of(item.text); });
  if (dtype == cairn::DT_FLOAT) return numbers(std::type_identity<float>());  // rounded once
  if (auto tensor = numbers(std::type_identity<std::int64_t>())) return tensor;
  if (auto tensor = numbers(std::type_identity<std::uint64_t>())) return tensor;
  return numbers(std::type_identity<double>());
}

[[nodiscard]] WrongUsage other_shape(const std::string& what, const Shape& found, const Shape& shape,
                                     std::string_view key) {
  return {what + " has shape " + found.to_string() + ", and " + shown(key) + " has " + shape.to_string() +
          "; give it that shape, or a single value that fills it, or let it have another shape with --reshape"};
}

}  // namespace

AnyTensor value_of(std::string_view literal, DType dtype, const std::optional<Shape>& wanted, std::string_view key) {
  const bool is_literal = literal.starts_with('[') || literal.starts_with('"') || literal.starts_with('\'');
  std::vector<Item> items;
  Shape shape = wanted.value_or(Shape{});
  if (dtype == cairn::DT_STRING && !is_literal) {
    items.push_back({std::string(literal), true});
  } else {
    LiteralParser parser(literal);
    parser.parse();
    const Shape found(parser.extents);
    if (!wanted) shape = found;
    if (!parser.extents.empty() && found != shape) throw other_shape("the value", found, shape, key);
    items = std::move(parser.items);
  }
  if (shape.num_elements() == 0) return AnyTensor(dtype, shape);
  if (auto tensor = tensor_of(items, dtype, shape)) return std::move(*tensor);
  std::string way_out = "write numbers, such as 0.5, -inf or 1e-3, that it can hold";
  if (dtype == cairn::DT_STRING) way_out = "write the texts in quotation marks";
  if (dtype == cairn::DT_BOOL) way_out = "write true or false";
  throw WrongUsage{"the value " + shown(literal) + " is not what " + shown(key) + " holds, which is " +
                   cairn::to_string(dtype) + "; " + way_out};
}

DType dtype_of(std::string_view literal, std::string_view key) {
  LiteralParser parser(literal);
  parser.parse();
  const std::vector<Item>& items = parser.items;
  const auto all = [&](const auto& is) { return std::all_of(items.begin(), items.end(), is); };
  if (!items.empty() && all([](const Item& item) { return item.is_quoted; })) return cairn::DT_STRING;
  if (!items.empty() && all([](const Item& item) {
        return !item.is_quoted &&
               (item.text == "true" || item.text == "True" || item.text == "false" || item.text == "False");
      }))
    return cairn::DT_BOOL;
  if (!items.empty() &&
      all([](const Item& item) { return !item.is_quoted && signed_number_of<std::int64_t>(item.text); }))
    return cairn::DT_INT64;
  if (!items.empty() &&
      all([](const Item& item) { return !item.is_quoted && signed_number_of<std::uint64_t>(item.text); }))
    return cairn::DT_UINT64;
  if (all([](const Item& item) { return !item.is_quoted && signed_number_of<double>(item.text); }))
    return cairn::DT_FLOAT;
  if (all([](const Item& item) { return !item.is_quoted && complex_of(item.text); })) return cairn::DT_COMPLEX64;
  throw WrongUsage{"it cannot be told what " + shown(literal) + " shall be in " + shown(key) +
                   ", which is not there yet: write numbers, true or false, or texts in quotation marks"};
}

}  // namespace tool
