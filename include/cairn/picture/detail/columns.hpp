// Columns of numbers and texts in a page: short texts that its script reads (picture/assets/tree.js).
//
//   5, 6, 7, 7, 3  ->  the differences 5, 1, 1, 0, -4  ->  "-KCCAJ", or with how often each one comes, "*KBCCABJB"
//
// A difference is written as source maps write it: twice its size, plus one where it is negative, in digits of 32, the
// lowest first, as letters of base64; 32 is added to a digit that another one follows. Of the two forms the shorter one
// is taken, so that a column of equal numbers, or of numbers that count, is a few letters.
#pragma once

#include "text.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace CAIRN_NAMESPACE::pictures::detail {

inline void append_digits(std::string& out, std::uint64_t number) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  do {
    const std::size_t digit = number % 32;
    number /= 32;
    out += letters[digit + (number != 0 ? 32u : 0u)];
  } while (number != 0);
}

// Numbers of a file that makes no sense stop at 2^50, so that a script computes with them, and with their sums and
// differences, exactly.
[[nodiscard]] inline std::int64_t bounded(std::uint64_t number) noexcept {
  constexpr std::uint64_t largest = std::uint64_t{1} << 50;
  return static_cast<std::int64_t>(std::min(number, largest));
}

class NumberColumn {
 public:
  void add(std::uint64_t number) { add_signed(bounded(number)); }
  // For numbers between -2^51 and 2^51.
  void add_signed(std::int64_t number) {
    const std::int64_t step = number - last_;
    last_ = number;
    const std::uint64_t coded =
        step < 0 ? static_cast<std::uint64_t>(-step) * 2 + 1 : static_cast<std::uint64_t>(step) * 2;
    append_digits(single_, coded);
    if (times_ > 0 && coded != coded_) end_run();
    coded_ = coded;
    ++times_;
  }

  // Appends the column as a JSON string.
  void append_to(std::string& out) {
    if (times_ > 0) end_run();
    const bool has_runs = runs_.size() < single_.size();
    ((out += has_runs ? "\"*" : "\"-") += has_runs ? runs_ : single_) += '"';
  }

 private:
  void end_run() {
    append_digits(runs_, coded_);
    append_digits(runs_, times_);
    times_ = 0;
  }

  std::int64_t last_ = 0;
  std::uint64_t coded_ = 0, times_ = 0;
  std::string single_, runs_;
};

// The number of letters that both texts begin with, all of them ASCII, which a script counts as we do.
[[nodiscard]] inline std::size_t shared_letters(std::string_view a, std::string_view b) noexcept {
  std::size_t shared = 0;
  while (shared < std::min(a.size(), b.size()) && a[shared] == b[shared] &&
         static_cast<unsigned char>(a[shared]) < 0x80)
    ++shared;
  return shared;
}

// Texts, each as the number of letters that it shares with another one and what follows them. What follows is listed
// once, however many texts end with it.
class TextColumn {
 public:
  // Adds a text that may begin as `other` does. The script knows `other`, too.
  void add(std::string_view text, std::string_view other) {
    const bool has_all = text.starts_with(other);
    const std::size_t shared = has_all ? other.size() : shared_letters(text, other);
    shared_.add(has_all ? 0 : shared + 1);
    const auto [place, is_new] = numbers_.try_emplace(std::string(text.substr(shared)), endings_.size());
    if (is_new) endings_.push_back(&place->first);
    ending_.add(place->second);
  }

  // Appends the column as a JSON array: how much is shared (0 where it is all of the other text, else one more), which
  // ending follows, and the endings.
  void append_to(std::string& out) {
    shared_.append_to(out += '[');
    ending_.append_to(out += ',');
    out += ",[";
    for (std::size_t i = 0; i < endings_.size(); ++i) append_page_json(out += i == 0 ? "" : ",", *endings_[i]);
    out += "]]";
  }

 private:
  NumberColumn shared_, ending_;
  std::unordered_map<std::string, std::size_t> numbers_;
  std::vector<const std::string*> endings_;
};

}  // namespace CAIRN_NAMESPACE::pictures::detail
