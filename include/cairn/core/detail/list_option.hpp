// ListOption: an option that is a list, and carries the feature that the list asks for. It is set and read as a
// std::vector is, but a program that leaves it empty has no function of the vector, and none of the feature.
//
//   using RenameOption = ListOption<Rename, rename_feature>;
//   RestoreOptions options{.rename = {{"weights", "kernel"}}};
//   if (const RenameFeature* const feature = options.rename.feature()) feature->read_graph(...);
#pragma once

#include "../../version.hpp"

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::core::detail {

// `carried` is the table of functions that the engine calls for a list that is not empty.
template <class Item, const auto& carried>
class ListOption {
 public:
  ListOption() noexcept = default;
  ListOption(std::initializer_list<Item> items)  // NOLINT(google-explicit-constructor): a list in braces is one
      : ListOption(std::vector<Item>(items)) {}
  ListOption(std::vector<Item> items) {  // NOLINT(google-explicit-constructor): the option was a std::vector once
    if (items.empty()) return;
    items_ = std::make_shared<const std::vector<Item>>(std::move(items));
    feature_ = &carried;
  }

  [[nodiscard]] bool empty() const noexcept { return items_ == nullptr; }
  [[nodiscard]] std::size_t size() const { return items().size(); }
  [[nodiscard]] auto begin() const { return items().begin(); }
  [[nodiscard]] auto end() const { return items().end(); }
  [[nodiscard]] const Item& operator[](std::size_t index) const { return items()[index]; }
  operator const std::vector<Item>&() const { return items(); }  // NOLINT(google-explicit-constructor)

  void push_back(Item item) {
    std::vector<Item> items = this->items();
    items.push_back(std::move(item));
    *this = std::move(items);
  }
  void clear() noexcept { *this = ListOption(); }

  // Null where the list is empty, both.
  [[nodiscard]] decltype(&carried) feature() const noexcept { return empty() ? nullptr : feature_; }
  [[nodiscard]] const std::vector<Item>* list() const noexcept {
    return static_cast<const std::vector<Item>*>(items_.get());
  }

 private:
  [[nodiscard]] const std::vector<Item>& items() const {
    static const std::vector<Item> none;
    return empty() ? none : *list();
  }

  std::shared_ptr<const void> items_;  // copies of the option share them
  decltype(&carried) feature_ = nullptr;
};

}  // namespace CAIRN_NAMESPACE::core::detail
