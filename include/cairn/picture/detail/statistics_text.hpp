// Statistics as lines of a page, which its script reads when a tensor is looked at.
//
//   [zeros, nans, +inf, -inf, minimum, maximum, mean, standard deviation, [low, high, counts...], first values...]
//   -.1234 .1302 .0001212 .04912 0 1    figures alone, of four digits: minimum, maximum, mean, standard deviation,
//                                       zeros, nans, +inf, -inf; zeros at the end are left out
//   0.1234                              the number, where there is one
#pragma once

#include "../statistics.hpp"
#include "text.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace CAIRN_NAMESPACE::pictures::detail {

[[nodiscard]] inline std::string full_text(const TensorStatistics& statistics) {
  const auto shown = [](const std::optional<double>& number) {
    std::string text;
    constexpr int digits = 6;
    if (number) tensor::detail::append_number(text, *number, digits);
    return text;
  };
  std::string out = "[";
  append_page_json(out, statistics.zeros);
  append_page_json(out += ',', statistics.nans);
  append_page_json(out += ',', statistics.positive_infinities);
  append_page_json(out += ',', statistics.negative_infinities);
  append_page_json(out += ',', statistics.minimum_text);
  append_page_json(out += ',', statistics.maximum_text);
  append_page_json(out += ',', shown(statistics.mean));
  append_page_json(out += ',', shown(statistics.standard_deviation));
  append_page_json(out += ",[", statistics.histogram.low);
  append_page_json(out += ',', statistics.histogram.high);
  for (const std::uint64_t count : statistics.histogram.counts) append_page_json(out += ',', count);
  out += ']';
  for (const std::string& value : statistics.first_values) append_page_json(out += ',', value);
  return out += ']';
}

[[nodiscard]] inline std::string full_text(const std::vector<std::string>& strings) {
  std::string out = "[";
  for (std::size_t i = 0; i < strings.size(); ++i) append_page_json(out += i == 0 ? "" : ",", strings[i]);
  return out += ']';
}

// A figure is "-" where no number is finite.
[[nodiscard]] inline std::string brief_text(const TensorStatistics& statistics) {
  if (statistics.elements == 1) return statistics.first_values[0];
  std::string out;
  for (const std::optional<double>& number :
       {statistics.minimum, statistics.maximum, statistics.mean, statistics.standard_deviation}) {
    if (!out.empty()) out += ' ';
    std::string text = "-";
    if (number) {
      constexpr int digits = 4;
      text.clear();
      tensor::detail::append_number(text, *number, digits);
      const std::size_t zero = text.starts_with('-') ? 1 : 0;
      if (std::string_view(text).substr(zero).starts_with("0.")) text.erase(zero, 1);
    }
    out += text;
  }
  const std::array counts{statistics.zeros, statistics.nans, statistics.positive_infinities,
                          statistics.negative_infinities};
  std::size_t shown = counts.size();
  while (shown > 0 && counts[shown - 1] == 0) --shown;
  for (std::size_t i = 0; i < shown; ++i) (out += ' ') += std::to_string(counts[i]);
  return out;
}

}  // namespace CAIRN_NAMESPACE::pictures::detail
