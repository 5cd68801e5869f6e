// LibTorch's tensors and modules as members of a state.
//
//   torch::Tensor       one tensor, of any dtype that TensorFlow has, with any strides
//   torch::nn::Module   a node with its parameters, buffers and submodules as children, by their names in PyTorch:
//                       a class of yours, torch::nn::Linear and the other holders, std::shared_ptr<Module>
//
// A restore writes the elements where they are, so that modules, optimizers and other handles of a tensor see them. It
// adds 1 to the tensor's version, as copy_() does without gradients: a backward() of an earlier result then reports
// that a tensor was modified in place. A tensor of another shape than the checkpoint's gets new elements, for all its
// handles. It must have the checkpoint's shape if it requires a gradient, shares its elements with another tensor, or
// has them from from_blob(). A tensor that is not defined is not saved, and takes the value that the checkpoint has. A
// module leaves out tensors that are not defined, and members that are not registered. An empty holder stays empty.
//
// A save or restore throws Error with ErrorCode::unimplemented for a tensor on a device; ErrorCode::failed_precondition
// for a tensor that is not strided, is conjugated or negated lazily, or has no storage.
#pragma once

#include "../core/detail/own.hpp"
#include "../core/detail/type_name.hpp"
#include "../graph/detail/match_pointers.hpp"
#include "../graph/detail/object_type.hpp"
#include "array_interface.hpp"
#include "detail/array_type.hpp"
#include "detail/device_memory.hpp"

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::types::detail {

// DT_INVALID for what TensorFlow has no dtype for.
[[nodiscard]] constexpr DType dtype_of_torch(c10::ScalarType type) noexcept {
  switch (type) {
    case c10::ScalarType::Bool:
      return DT_BOOL;
    case c10::ScalarType::Byte:
      return DT_UINT8;
    case c10::ScalarType::Char:
      return DT_INT8;
    case c10::ScalarType::Short:
      return DT_INT16;
    case c10::ScalarType::Int:
      return DT_INT32;
    case c10::ScalarType::Long:
      return DT_INT64;
    case c10::ScalarType::UInt16:
      return DT_UINT16;
    case c10::ScalarType::UInt32:
      return DT_UINT32;
    case c10::ScalarType::UInt64:
      return DT_UINT64;
    case c10::ScalarType::Half:
      return DT_HALF;
    case c10::ScalarType::BFloat16:
      return DT_BFLOAT16;
    case c10::ScalarType::Float:
      return DT_FLOAT;
    case c10::ScalarType::Double:
      return DT_DOUBLE;
    case c10::ScalarType::ComplexFloat:
      return DT_COMPLEX64;
    case c10::ScalarType::ComplexDouble:
      return DT_COMPLEX128;
    case c10::ScalarType::Float8_e5m2:
      return DT_FLOAT8_E5M2;
    case c10::ScalarType::Float8_e4m3fn:
      return DT_FLOAT8_E4M3FN;
    default:
      return DT_INVALID;
  }
}
// Undefined for a dtype that no tensor has.
[[nodiscard]] constexpr c10::ScalarType torch_type(DType dtype) noexcept {
  for (int type = 0; type < static_cast<int>(c10::ScalarType::NumOptions); ++type)
    if (dtype_of_torch(static_cast<c10::ScalarType>(type)) == dtype && dtype != DT_INVALID)
      return static_cast<c10::ScalarType>(type);
  return c10::ScalarType::Undefined;
}

// A tensor, whatever handles it has: the object in the graph is the TensorImpl, so that a tensor which two modules share
// is one node.
class TorchTensorType : public AnyArrayType {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "torch::Tensor"; }
  [[nodiscard]] DType dtype(const void* object, DType saved) const noexcept override {
    if (const at::TensorImpl* const tensor = impl(object))
      return dtype_of_torch(c10::typeMetaToScalarType(tensor->dtype()));
    return torch_type(saved) == c10::ScalarType::Undefined ? DT_INVALID : saved;
  }
  [[nodiscard]] core::detail::Own<graph::detail::Landing> land(void* object, DType dtype,
                                                               const Shape& shape) const override {
    if (at::TensorImpl* const tensor = impl(object)) {
      static_cast<void>(layout(object));          // refuses what cannot be written
      static_cast<void>(tensor->mutable_data());  // copies what is only copied on write
      if (!tensor->is_inference()) tensor->bump_version();
    }
    return AnyArrayType::land(object, dtype, shape);
  }

 protected:
  // Null for a handle of no tensor.
  [[nodiscard]] virtual at::TensorImpl* impl(const void* object) const noexcept {
    return const_cast<at::TensorImpl*>(static_cast<const at::TensorImpl*>(object));
  }
  [[nodiscard]] ArrayLayout layout(const void* object) const override {
    at::TensorImpl* const tensor = impl(object);
    if (tensor == nullptr) return {.shape = {0}};
    if (!tensor->device().is_cpu())
      refuse_device_memory("torch::Tensor", tensor->device().str(),
                           "torch::Tensor staging = tensor.cpu() before a save, and tensor.copy_(staging) below a "
                           "torch::NoGradGuard after a restore");
    require_plain(*tensor);
    ArrayLayout layout{.data = tensor->data()};
    const auto element_bytes = static_cast<std::int64_t>(tensor->itemsize());
    for (const std::int64_t extent : tensor->sizes()) layout.shape.push_back(extent);
    for (const std::int64_t stride : tensor->strides()) layout.strides.push_back(stride * element_bytes);
    const c10::Storage& storage = tensor->storage();
    layout.is_view = tensor->requires_grad() || storage.use_count() > 1 || !storage.unsafeGetStorageImpl()->resizable();
    return layout;
  }
  [[nodiscard]] std::optional<DeclaredExtents> declared_extents() const noexcept override { return std::nullopt; }
  [[nodiscard]] bool can_make() const noexcept override { return true; }
  [[nodiscard]] std::shared_ptr<void> make(const void*, const Shape& shape, DType dtype) const override {
    auto made = std::make_shared<at::Tensor>(make_tensor(shape, dtype));
    return {made, made->unsafeGetTensorImpl()};
  }
  void replace(void* object, void* made) const noexcept override {
    impl(object)->shallow_copy_from(
        c10::intrusive_ptr<at::TensorImpl>::reclaim_copy(static_cast<at::TensorImpl*>(made)));
  }

  [[nodiscard]] static at::Tensor make_tensor(const Shape& shape, DType dtype) {
    return at::empty(at::IntArrayRef(shape.begin(), shape.rank()), at::TensorOptions(torch_type(dtype)));
  }

 private:
  static void require_plain(const at::TensorImpl& tensor) {
    const char* what = nullptr;
    if (tensor.layout() != c10::kStrided || tensor.is_quantized())
      what = "is sparse, quantized or of another form that is not strided; save tensor.to_dense(), or its parts";
    else if (tensor.is_conj() || tensor.is_neg())
      what = "is conjugated or negated lazily; save tensor.resolve_conj().resolve_neg()";
    else if (!tensor.has_storage() || tensor._is_zerotensor())
      what = "has no storage; save tensor.clone()";
    if (what != nullptr)
      throw Error(ErrorCode::failed_precondition,
                  std::string("a torch::Tensor cannot be saved or restored: it ") + what);
  }
};
// A handle, which gets a tensor.
class TorchHandleType : public TorchTensorType {
 protected:
  [[nodiscard]] at::TensorImpl* impl(const void* object) const noexcept override {
    const auto& tensor = *static_cast<const at::Tensor*>(object);
    return tensor.defined() ? tensor.unsafeGetTensorImpl() : nullptr;
  }
  [[nodiscard]] std::shared_ptr<void> make(const void*, const Shape& shape, DType dtype) const override {
    return std::make_shared<at::Tensor>(make_tensor(shape, dtype));
  }
  void replace(void* object, void* made) const noexcept override {
    *static_cast<at::Tensor*>(object) = std::move(*static_cast<at::Tensor*>(made));
  }
};

// A module's children are what it has registered.
class TorchModuleType : public graph::detail::ObjectType {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "torch::nn::Module"; }
  void children(void* object, const graph::detail::ChildSink& sink) const override;

 protected:
  [[nodiscard]] virtual torch::nn::Module* module(void* object) const {
    return static_cast<torch::nn::Module*>(object);
  }
};
// An object that is known by its address, in the place of that address.
template <class Type>
class TorchPlace final : public graph::detail::SlotType {
 public:
  [[nodiscard]] static graph::detail::Object object(void* address) {
    static const Type type;
    return {address, &type};
  }
  [[nodiscard]] static graph::detail::Slot slot(void* address) {
    static const TorchPlace place;
    return {address, &place};
  }
  [[nodiscard]] graph::detail::Object get(void* place) const override { return object(place); }
  [[nodiscard]] bool is_outside() const noexcept override { return true; }
};

inline void TorchModuleType::children(void* object, const graph::detail::ChildSink& sink) const {
  torch::nn::Module* const node = module(object);
  if (node == nullptr) return;
  const auto list = [&](const torch::OrderedDict<std::string, at::Tensor>& tensors) {
    for (const auto& item : tensors)
      sink({.name = item.key(), .slot = TorchPlace<TorchTensorType>::slot(item.value().unsafeGetTensorImpl())});
  };
  list(node->named_parameters(false));
  list(node->named_buffers(false));
  for (const auto& item : node->named_children())
    sink({.name = item.key(), .slot = TorchPlace<TorchModuleType>::slot(item.value().get())});
}

// A member that is a handle of a tensor: empty where the tensor is not defined.
template <class Tensor>
class TorchSlot final : public graph::detail::SlotType {
 public:
  [[nodiscard]] graph::detail::Object get(void* place) const override {
    const auto& tensor = *static_cast<const Tensor*>(place);
    if (!tensor.defined()) return {};
    return TorchPlace<TorchTensorType>::object(tensor.unsafeGetTensorImpl());
  }
  [[nodiscard]] const graph::detail::PointerFeature* pointer_feature() const noexcept override {
    return &graph::detail::RestorePlan::pointer_feature;
  }
  [[nodiscard]] bool is_outside() const noexcept override { return true; }
  [[nodiscard]] core::detail::Own<graph::detail::Change> create(void* place, graph::detail::Object& created,
                                                                std::shared_ptr<void>&) const override {
    auto put = core::detail::make_own<Put>(*static_cast<Tensor*>(place));
    created = {&put->fresh, &graph::detail::object_type<Tensor>()};
    return put;
  }
  [[nodiscard]] core::detail::Own<graph::detail::Change> clear(void* place) const override {
    return core::detail::make_own<Put>(*static_cast<Tensor*>(place));
  }

 private:
  struct Put final : graph::detail::Change {
    explicit Put(Tensor& handle) : target(handle) {}
    void commit() noexcept override { std::swap(target, fresh); }
    Tensor& target;
    Tensor fresh;
  };
};

template <class T>
concept TorchModule = requires { sizeof(T); } && std::derived_from<T, torch::nn::Module>;
// torch::nn::Linear and the like.
template <class T>
concept TorchHolder = requires { typename T::ContainedType; } && torch::detail::is_module_holder<T>::value;

// The module that a place is or holds; null where it is empty.
template <class T>
[[nodiscard]] torch::nn::Module* torch_module_in(void* place) {
  T& holder = *static_cast<T*>(place);
  if constexpr (TorchModule<T>)
    return &holder;
  else if constexpr (TorchHolder<T>)
    return holder.is_empty() ? nullptr : holder.ptr().get();
  else
    return holder.get();
}

template <class T>
class TorchModuleIn : public TorchModuleType {
 protected:
  [[nodiscard]] torch::nn::Module* module(void* object) const override { return torch_module_in<T>(object); }
};

template <class T>
class TorchModuleSlot final : public graph::detail::SlotType {
 public:
  [[nodiscard]] graph::detail::Object get(void* place) const override {
    torch::nn::Module* const module = torch_module_in<T>(place);
    return module == nullptr ? graph::detail::Object{} : TorchPlace<TorchModuleType>::object(module);
  }
  [[nodiscard]] const graph::detail::PointerFeature* pointer_feature() const noexcept override {
    return &graph::detail::RestorePlan::pointer_feature;
  }
  [[nodiscard]] bool is_outside() const noexcept override { return !TorchModule<T>; }
};

template <class T>
inline constexpr bool is_torch_pointer = false;
template <TorchModule T>
inline constexpr bool is_torch_pointer<std::shared_ptr<T>> = true;
template <TorchModule T, class D>
inline constexpr bool is_torch_pointer<std::unique_ptr<T, D>> = true;

template <class T>
concept TorchModulePlace = TorchModule<T> || TorchHolder<T> || is_torch_pointer<T>;

}  // namespace CAIRN_NAMESPACE::types::detail

namespace CAIRN_NAMESPACE {

template <types::detail::TorchModulePlace T>
inline constexpr bool reflect::detail::joins_as_array<T> = true;  // not by a serialize of its own

template <>
struct reflect::detail::Adapter<at::Tensor> {
  using type = types::detail::TorchHandleType;
};
template <types::detail::TorchModulePlace T>
struct reflect::detail::Adapter<T> {
  using type = types::detail::TorchModuleIn<T>;
};

template <std::same_as<at::Tensor> T>
inline constexpr types::detail::TorchSlot<T> graph::detail::slot_type<T>{};
template <types::detail::TorchModulePlace T>
inline constexpr types::detail::TorchModuleSlot<T> graph::detail::slot_type<T>{};

}  // namespace CAIRN_NAMESPACE
