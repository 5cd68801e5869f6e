// NamedTensors: several tensors of one node, by which a class saves itself and is restored.
//
//   class Vocabulary {
//    public:
//     cairn::NamedTensors serialize_to_tensors() const {           // key  <path>/.ATTRIBUTES/words
//       cairn::NamedTensors tensors;                               //      <path>/.ATTRIBUTES/ids
//       tensors.add("words", words());
//       tensors.add("ids", ids());
//       return tensors;
//     }
//     void restore_from_tensors(const cairn::NamedTensors& tensors) {
//       std::vector<std::string> words;
//       tensors.get("words", words);
//       ...
//
// The functions are TensorFlow's _serialize_to_tensors and _restore_from_tensors. A class that has both of them can be
// tracked, and needs nothing else.
//   * A save calls serialize_to_tensors() once, and keeps the tensors until they are written.
//   * A restore calls serialize_to_tensors() for the names and dtypes that the checkpoint must have, and then
//     restore_from_tensors() of a copy of the object (of a default object where the class cannot be copied). When
//     everything else has been checked, the copy is moved into place: restore_from_tensors() may throw, and must change
//     nothing but its own object.
//   * `static constexpr std::string_view saveable_name = "table"` in the class gives the keys that legacy savers of
//     TensorFlow write: <path>/.ATTRIBUTES/table-keys for the tensor "-keys".
#pragma once

#include "../core/detail/fail.hpp"
#include "../core/detail/vec.hpp"
#include "../core/error.hpp"
#include "../tensor/any_tensor.hpp"
#include "detail/object_type.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE {

// The tensors stay in the order in which they were added; a save writes them in that order. A name may be any text.
class NamedTensors {
 public:
  // A tensor and its name.
  struct Item {
    // The name is unique in its list.
    std::string name;
    AnyTensor tensor;
  };

  // Adds a tensor. Throws Error with ErrorCode::already_exists for a name that was added before; the list is unchanged
  // then.
  void add(std::string name, AnyTensor tensor) {
    if (contains(name))
      core::detail::fail(ErrorCode::already_exists,
                         {"two tensors of one object are called \"", name, "\"; give each a name of its own"});
    items_.push_back({std::move(name), std::move(tensor)});
  }
  // Adds a copy of `value`, which may be anything that is one tensor as a member of a struct: a Variable, a Tensor, a
  // number, a string, a std::vector or std::array of numbers or strings. Throws Error with ErrorCode::already_exists
  // for a name that was added before.
  template <class T>
  void add(std::string name, const T& value) {
    const graph::detail::LeafType* const leaf = graph::detail::object_type<T>().leaf();
    static_assert(!std::is_same_v<T, AnyTensor>);
    add(std::move(name), AnyTensor(leaf->value(&value).view));
  }

  // Returns true when a tensor has this name.
  [[nodiscard]] bool contains(std::string_view name) const noexcept { return find(name) != items_.end(); }
  // The tensor of this name. Throws Error with ErrorCode::not_found when there is none.
  [[nodiscard]] const AnyTensor& at(std::string_view name) const {
    const auto found = find(name);
    if (found == items_.end())
      core::detail::fail(ErrorCode::not_found, {"there is no tensor called \"", name, "\" among those restored"});
    return found->tensor;
  }
  // Copies the tensor of this name into `value`, which may be of any type that add() takes. Throws Error with
  // ErrorCode::not_found when there is no tensor of that name; ErrorCode::invalid_argument when the dtype or shape does
  // not fit. `value` is unchanged then.
  template <class T>
  void get(std::string_view name, T& value) const {
    land(name, graph::detail::slot_of(value).get());
  }

  // The number of tensors; begin() and end() go over their Items, in the order in which they were added.
  [[nodiscard]] std::size_t size() const noexcept { return items_.size(); }
  [[nodiscard]] auto begin() const noexcept { return items_.begin(); }
  [[nodiscard]] auto end() const noexcept { return items_.end(); }

 private:
  [[nodiscard]] const Item* find(std::string_view name) const noexcept {
    const Item* item = items_.begin();
    while (item != items_.end() && item->name != name) ++item;
    return item;
  }
  void land(std::string_view name, const graph::detail::Object& object) const {
    const AnyTensor& tensor = at(name);
    const graph::detail::LeafType& leaf = *object.type->leaf();
    const DType dtype = leaf.dtype(object.address, tensor.dtype());
    if (tensor.dtype() != dtype || !leaf.accepts(object.address, tensor.shape())) {
      const std::string found = to_string(tensor.dtype()) + " " + tensor.shape().to_string();
      const std::string expected = to_string(dtype) + " " + leaf.accepted(object.address);
      core::detail::fail(ErrorCode::invalid_argument,
                         {"the tensor \"", name, "\" is ", found, " in the checkpoint, ", expected, " in the program"},
                         {.expected = expected, .found = found});
    }
    const core::detail::Own<graph::detail::Landing> landing = leaf.land(object.address, dtype, tensor.shape());
    if (const core::detail::Boxes boxes = landing->boxes();
        !boxes.is_all() && (boxes.count != 1 || boxes.first->shape != tensor.shape()))
      core::detail::fail(ErrorCode::unimplemented,
                         {"the tensor \"", name, "\" is whole, and a ", object.type->name(),
                          " takes boxes; get a Tensor, and copy the elements that are wanted"});
    if (tensor::detail::ScatteredElements* const scattered = landing->scattered())
      scattered->scatter(0, tensor.bytes());
    else
      tensor::detail::copy_elements(tensor.view(), landing->bytes(), landing->strings());
    if (!landing->in_place()) landing->prepare();
    landing->commit();
  }

  core::detail::Vec<Item> items_;
};

}  // namespace CAIRN_NAMESPACE
