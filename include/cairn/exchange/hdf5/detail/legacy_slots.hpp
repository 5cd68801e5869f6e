// The names that legacy files give to an optimizer's variables, by which its slots are found: their order is another one in
// each generation of Keras.
//
//   legacy optimizers of tf-keras   Adam/iter:0        Adam/dense/kernel/m:0            all m, then all v
//   optimizers of tf-keras          iteration:0        Adam/m/dense/kernel:0            m, v of a variable, then of the next
//   Keras 3                         adam/iteration     adam/dense_kernel_momentum       the same
#pragma once

#include "../../../version.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace CAIRN_NAMESPACE::exchange::detail {

// A name, with "_" for each "/" and without ":0", as Keras 3 makes it a part of another one.
[[nodiscard]] inline std::string joined_name(std::string_view name) {
  if (name.ends_with(":0")) name.remove_suffix(2);
  std::string joined(name);
  std::replace(joined.begin(), joined.end(), '/', '_');
  return joined;
}

// The name of a slot, taken apart: the variable that it is of, in one word, and what it is: "m", "momentum".
struct LegacySlotName {
  std::string variable;
  std::string kind;
};

// Tells how the names of a file are made, from that of the first variable, the iterations; nullopt where they are made in a
// way that no Keras from 2.0 of TensorFlow on has.
enum class LegacySlotForm { kind_last, kind_first, kind_joined };
[[nodiscard]] inline std::optional<LegacySlotForm> legacy_slot_form(std::string_view iterations) {
  if (iterations == "iter:0" || iterations.ends_with("/iter:0")) return LegacySlotForm::kind_last;
  if (iterations == "iteration:0" || iterations.ends_with("/iteration:0")) return LegacySlotForm::kind_first;
  if (iterations == "iteration" || iterations.ends_with("/iteration")) return LegacySlotForm::kind_joined;
  return std::nullopt;
}

// Takes a name apart; `kinds` are the slots that the program's optimizer has. Nullopt for a slot of another kind.
[[nodiscard]] inline std::optional<LegacySlotName> legacy_slot_name(LegacySlotForm form, std::string_view name,
                                                                    const std::vector<std::string>& kinds) {
  std::string_view rest = name.ends_with(":0") ? name.substr(0, name.size() - 2) : name;
  std::string_view kind;
  if (form == LegacySlotForm::kind_joined) {
    for (const std::string& each : kinds)
      if (each.size() > kind.size() && rest.ends_with("_" + each)) kind = each;
    if (kind.empty()) return std::nullopt;
    return LegacySlotName{joined_name(rest.substr(0, rest.size() - kind.size() - 1)), std::string(kind)};
  }
  if (form == LegacySlotForm::kind_last) {
    const std::size_t slash = rest.rfind('/');
    if (slash == rest.npos) return std::nullopt;
    kind = rest.substr(slash + 1);
    rest = rest.substr(0, slash);
  } else {
    const std::size_t begin = rest.find('/'), end = begin == rest.npos ? begin : rest.find('/', begin + 1);
    if (end == rest.npos) return std::nullopt;
    kind = rest.substr(begin + 1, end - begin - 1);
    rest = rest.substr(end + 1);
  }
  if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) return std::nullopt;
  return LegacySlotName{joined_name(rest), std::string(kind)};
}

// The kinds that a list of slots has in the three ways; `name` is the list's in Keras 3: "_velocities".
[[nodiscard]] inline std::vector<std::string> legacy_slot_kinds(std::string_view name, std::string_view legacy_name) {
  if (name.starts_with('_')) name.remove_prefix(1);
  std::string one(name);
  if (one.ends_with("ies"))
    one.replace(one.size() - 3, 3, "y");
  else if (one.ends_with('s'))
    one.pop_back();
  std::vector<std::string> kinds{one, std::string(legacy_name)};
  if (one == "momentum") kinds.push_back("m");
  return kinds;
}

// True where `saved`, the name of an optimizer in a file, is that which Keras gives to one of another class than `type`, the
// name of a class: both may have slots of the same kinds, which are not the same numbers. Adam and AdamW have the same.
[[nodiscard]] inline bool is_another_optimizer(std::string_view saved, std::string_view type) {
  const auto plain = [](std::string_view name) {
    while (!name.empty() && (name.back() == '_' || (name.back() >= '0' && name.back() <= '9'))) name.remove_suffix(1);
    std::string letters;
    for (const char c : name)
      if (c != '_') letters += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return letters == "adamw" ? std::string("adam") : letters;
  };
  constexpr std::string_view classes[] = {"sgd",   "rmsprop",   "adam", "adadelta", "adagrad", "adamax",
                                          "nadam", "adafactor", "ftrl", "lion",     "lamb",    "muon"};
  const std::string is = plain(saved);
  return std::find(std::begin(classes), std::end(classes), is) != std::end(classes) && is != plain(type);
}

}  // namespace CAIRN_NAMESPACE::exchange::detail
