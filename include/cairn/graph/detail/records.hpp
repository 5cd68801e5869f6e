// A list of records: of structs that hold only numbers. It is a node with a child for each member, which is one tensor
// of that member of all elements.
//
//   struct Particle { std::array<double, 3> position; double mass; };
//   std::vector<Particle> particles;               particles/position   float64 [N, 3]
//                                                  particles/mass       float64 [N]
//
// The columns are read and written through a buffer, and never made in memory. A list that can be resized takes the
// number of elements of the first column that a restore meets; the other columns must have as many.
#pragma once

#include "../../core/detail/own.hpp"
#include "../../core/detail/type_name.hpp"
#include "../../core/detail/vec.hpp"
#include "../../reflect/detail/records.hpp"
#include "../../tensor/detail/strided_elements.hpp"
#include "object_type.hpp"
#include "scattered_landing.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::graph::detail {

// A member of a record: numbers, or a record in turn.
struct RecordMember {
  std::span<const std::string_view> names = {};  // empty where it is not saved
  std::size_t offset = 0;                        // in its record
  DType dtype = DT_INVALID;
  std::span<const std::size_t> extents = {};   // of an std::array
  std::span<const RecordMember> members = {};  // of a record
};

template <class T>
[[nodiscard]] std::span<const RecordMember> record_members();

template <class T, std::size_t I>
[[nodiscard]] RecordMember record_member(const T& sample, const void* place) {
  using Member = reflect::detail::MemberType<T, I>;
  RecordMember member;
  if constexpr (reflect::detail::is_saved<T, I>()) {
    member.names = reflect::detail::all_names<T, I>();
    member.offset = static_cast<std::size_t>(static_cast<const char*>(place) - reinterpret_cast<const char*>(&sample));
    if constexpr (reflect::detail::is_flat<Member>) {
      member.dtype = dtype_of<typename reflect::detail::Flat<Member>::type>;
      member.extents = reflect::detail::Flat<Member>::extents;
    } else {
      member.members = record_members<Member>();
    }
  }
  return member;
}
template <class T>
[[nodiscard]] std::span<const RecordMember> record_members() {
  static const auto members = []<std::size_t... I>(std::index_sequence<I...>) {
    T sample{};
    const auto places = reflect::detail::addresses_of_members(sample);
    return std::array<RecordMember, sizeof...(I)>{record_member<T, I>(sample, places[I])...};
  }(std::make_index_sequence<reflect::detail::member_count<T>()>{});
  return members;
}

// Where the elements of a list are: at one distance, or anywhere.
struct RecordPlaces {
  std::byte* first = nullptr;
  std::size_t count = 0;
  core::detail::Vec<std::byte*> each = {};  // where they are not side by side
};

// A member of all elements of a list that does not have them side by side.
class MemberOfEach final : public tensor::detail::ScatteredElements {
 public:
  MemberOfEach(core::detail::Vec<std::byte*> each, std::size_t member_bytes, bool is_bool, const void* list)
      : ScatteredElements(each.size() * member_bytes, list, member_bytes),
        each_(std::move(each)),
        member_bytes_(member_bytes),
        is_bool_(is_bool) {}

  void gather(std::size_t begin, std::span<std::byte> out) const noexcept override {
    while (!out.empty()) {
      const std::size_t inside = begin % member_bytes_, size = std::min(out.size(), member_bytes_ - inside);
      std::memcpy(out.data(), each_[begin / member_bytes_] + inside, size);
      begin += size;
      out = out.subspan(size);
    }
  }
  void scatter(std::size_t begin, std::span<const std::byte> bytes) noexcept override {
    for (; !bytes.empty() && is_bool_; bytes = bytes.subspan(1), ++begin)
      each_[begin / member_bytes_][begin % member_bytes_] = std::byte{bytes.front() != std::byte{0}};
    while (!bytes.empty()) {
      const std::size_t inside = begin % member_bytes_, size = std::min(bytes.size(), member_bytes_ - inside);
      std::memcpy(each_[begin / member_bytes_] + inside, bytes.data(), size);
      begin += size;
      bytes = bytes.subspan(size);
    }
  }

 private:
  core::detail::Vec<std::byte*> each_;
  std::size_t member_bytes_;
  bool is_bool_;
};

class RecordsChange;

// What lists of records share, whatever their type.
class AnyRecordsType : public ObjectType {
 public:
  void children(void* list, const ChildSink& sink) const override { list_columns(columns_, list, sink); }
  [[nodiscard]] inline core::detail::Own<Resize> resize(void* list, std::span<const std::string_view>) const override;

  [[nodiscard]] virtual std::size_t record_bytes() const noexcept = 0;
  [[nodiscard]] virtual bool can_resize() const noexcept = 0;
  [[nodiscard]] virtual RecordPlaces places(void* list) const = 0;
  // A longer copy of the list; the list without what is behind so many elements; the exchange of two lists.
  [[nodiscard]] virtual std::shared_ptr<void> resized(const void* list, std::size_t count) const = 0;
  virtual void shrink(void* /*list*/, std::size_t /*count*/) const noexcept {}
  virtual void swap(void* list, void* other) const noexcept = 0;

 protected:
  explicit AnyRecordsType(std::span<const RecordMember> members) {
    add_columns(columns_, members, 0, false);
    add_columns(restored_, members, 0, true);
  }

 private:
  friend class RecordsChange;
  class Column;
  class Inside;
  // A child of the list, or of a member that is a record.
  struct Place final : SlotType {
    [[nodiscard]] Object get(void* list) const override { return {list, type.get()}; }

    std::span<const std::string_view> names;
    core::detail::Own<const ObjectType> type;
  };
  using Places = core::detail::Vec<core::detail::Own<Place>>;

  static void list_columns(const Places& places, void* list, const ChildSink& sink) {
    for (const auto& place : places)
      sink({.name = place->names.front(), .other_names = place->names, .slot = {list, place.get()}});
  }
  void add_columns(Places& places, std::span<const RecordMember> members, std::size_t offset, bool is_restored) const;

  Places columns_;   // whose objects are lists
  Places restored_;  // whose objects are changes of lists
};

// A list that a restore fills. Its elements are there when the first column says how many they are: the list's own
// where these are enough, and otherwise those of a copy, which replaces the list in the end. What is too many goes in
// the end, but for an element that a pointer of the state leads to, and those before it.
class RecordsChange final : public Resize {
 public:
  RecordsChange(const AnyRecordsType& type, void* list)
      : type_(type), list_(list), present_(type.places(list).count), size_(present_) {}

  void children(const ChildSink& sink) const override {
    AnyRecordsType::list_columns(type_.restored_, const_cast<RecordsChange*>(this), sink);
  }
  void commit() noexcept override {
    if (fresh_ != nullptr)
      type_.swap(list_, fresh_.get());
    else if (size_ < present_)
      type_.shrink(list_, size_);
  }
  void spare(core::detail::FunctionRef<bool(const Object&)> is_needed) override {
    std::size_t index = 0;
    if (size_ >= present_) return;
    type_.as_list()->children(list_, [&](const Child& element) {
      if (++index > size_ && is_needed(element.slot.get())) size_ = index;
    });
  }
  void list_moves(const MoveSink& sink) const override {
    if (fresh_ == nullptr) return;
    const RecordPlaces from = type_.places(list_), to = type_.places(fresh_.get());
    for (std::size_t i = 0; i < std::min(from.count, to.count); ++i)
      sink(place_of(from, i), type_.record_bytes(), place_of(to, i));
  }

  [[nodiscard]] bool accepts(std::size_t count) const noexcept { return count == count_.value_or(count); }
  [[nodiscard]] bool is_decided() const noexcept { return count_.has_value(); }
  [[nodiscard]] bool is_in_place() const noexcept { return fresh_ == nullptr; }
  [[nodiscard]] void* list() const noexcept { return fresh_ == nullptr ? list_ : fresh_.get(); }
  void decide(std::size_t count) {
    if (!count_ && count > present_) fresh_ = type_.resized(list_, count);
    if (!count_) size_ = count;
    count_ = count;
  }

 private:
  [[nodiscard]] std::byte* place_of(const RecordPlaces& places, std::size_t i) const {
    return places.each.empty() ? places.first + i * type_.record_bytes() : places.each[i];
  }

  const AnyRecordsType& type_;
  void* list_;
  std::size_t present_, size_;
  std::optional<std::size_t> count_;
  std::shared_ptr<void> fresh_;
};

inline core::detail::Own<Resize> AnyRecordsType::resize(void* list, std::span<const std::string_view>) const {
  if (!can_resize()) return nullptr;
  return core::detail::make_own<RecordsChange>(*this, list);
}

// A member that is numbers. The object is a list, or a change of one.
class AnyRecordsType::Column final : public LeafType {
 public:
  Column(const AnyRecordsType& records, const RecordMember& member, std::size_t offset, bool is_restored)
      : records_(records), member_(member), offset_(offset), is_restored_(is_restored) {}

  [[nodiscard]] std::string_view name() const noexcept override { return records_.name(); }
  [[nodiscard]] DType dtype(const void*, DType) const noexcept override { return member_.dtype; }
  [[nodiscard]] bool is_column() const noexcept override { return true; }
  [[nodiscard]] LeafValue value(const void* object) const override {
    RecordPlaces places = records_.places(list_of(object));
    Shape shape = shape_of(places.count);
    std::shared_ptr<tensor::detail::ScatteredElements> elements(
        elements_of(list_of(object), std::move(places), shape).release());
    const tensor::detail::ScatteredElements& scattered = *elements;
    return {TensorView(member_.dtype, std::move(shape), scattered), std::move(elements)};
  }
  [[nodiscard]] bool accepts(const void* object, const Shape& shape) const override {
    if (shape.rank() == 0 || shape[0] < 0) return false;
    const auto count = static_cast<std::size_t>(shape[0]);
    if (shape != shape_of(count)) return false;
    return is_restored_ ? change(object).accepts(count) : records_.places(list_of(object)).count == count;
  }
  [[nodiscard]] std::string accepted(const void* object) const override {
    const std::string text = shape_of(records_.places(list_of(object)).count).to_string();
    if (!is_restored_ || change(object).is_decided()) return text;
    return "[?" + text.substr(std::min(text.find(','), text.size() - 1));
  }
  [[nodiscard]] core::detail::Own<Landing> land(void* object, DType, const Shape& shape) const override {
    const auto count = static_cast<std::size_t>(shape[0]);
    if (is_restored_) change(object).decide(count);
    RecordPlaces places = records_.places(list_of(object));
    places.count = count;
    if (!places.each.empty()) places.each.resize(count);
    return core::detail::make_own<IntoColumn>(elements_of(list_of(object), std::move(places), shape),
                                              !is_restored_ || change(object).is_in_place());
  }

 private:
  class IntoColumn final : public ScatteredLanding {
   public:
    IntoColumn(core::detail::Own<tensor::detail::ScatteredElements> elements, bool is_in_place)
        : elements_(std::move(elements)), is_in_place_(is_in_place) {}
    [[nodiscard]] tensor::detail::ScatteredElements* scattered() noexcept override { return elements_.get(); }
    [[nodiscard]] bool in_place() const noexcept override { return is_in_place_; }

   private:
    core::detail::Own<tensor::detail::ScatteredElements> elements_;
    bool is_in_place_;
  };

  [[nodiscard]] static RecordsChange& change(const void* object) {
    return *static_cast<RecordsChange*>(const_cast<void*>(object));
  }
  [[nodiscard]] void* list_of(const void* object) const {
    return is_restored_ ? change(object).list() : const_cast<void*>(object);
  }
  [[nodiscard]] Shape shape_of(std::size_t count) const {
    Shape shape{static_cast<std::int64_t>(count)};
    for (const std::size_t extent : member_.extents) shape.push_back(static_cast<std::int64_t>(extent));
    return shape;
  }
  [[nodiscard]] core::detail::Own<tensor::detail::ScatteredElements> elements_of(const void* list, RecordPlaces places,
                                                                                 const Shape& shape) const {
    const std::size_t element_bytes = size_of(member_.dtype);
    const bool is_bool = member_.dtype == DT_BOOL;
    std::vector<std::int64_t> strides = tensor::detail::row_major_strides(shape, element_bytes);
    const auto member_bytes = static_cast<std::size_t>(strides[0]);
    strides[0] = static_cast<std::int64_t>(records_.record_bytes());
    if (places.first != nullptr || places.count == 0)
      return core::detail::Own<tensor::detail::ScatteredElements>(new tensor::detail::StridedElements(
          places.first + (places.count == 0 ? 0 : offset_), element_bytes, shape, strides, is_bool, list));
    for (std::byte*& place : places.each) place += offset_;
    return core::detail::make_own<MemberOfEach>(std::move(places.each), member_bytes, is_bool, list);
  }

  const AnyRecordsType& records_;
  const RecordMember& member_;
  const std::size_t offset_;
  const bool is_restored_;
};

// A member that is a record.
class AnyRecordsType::Inside final : public ObjectType {
 public:
  Inside(const AnyRecordsType& records, std::span<const RecordMember> members, std::size_t offset, bool is_restored)
      : records_(records) {
    records.add_columns(places_, members, offset, is_restored);
  }
  [[nodiscard]] std::string_view name() const noexcept override { return records_.name(); }
  void children(void* object, const ChildSink& sink) const override { list_columns(places_, object, sink); }

 private:
  const AnyRecordsType& records_;
  Places places_;
};

inline void AnyRecordsType::add_columns(Places& places, std::span<const RecordMember> members, std::size_t offset,
                                        bool is_restored) const {
  for (const RecordMember& member : members) {
    if (member.names.empty()) continue;
    auto place = core::detail::make_own<Place>();
    place->names = member.names;
    if (member.dtype != DT_INVALID)
      place->type = core::detail::make_own<Column>(*this, member, offset + member.offset, is_restored);
    else
      place->type = core::detail::make_own<Inside>(*this, member.members, offset + member.offset, is_restored);
    places.push_back(std::move(place));
  }
}

template <class C>
class TypeOf<C, reflect::detail::Kind::records> final : public AnyRecordsType {
  using T = typename C::value_type;
  static constexpr bool is_contiguous = requires(C& list) {
    { std::data(list) } -> std::same_as<T*>;
  };

 public:
  TypeOf() : AnyRecordsType(record_members<T>()) {}

  [[nodiscard]] std::string_view name() const noexcept override { return core::detail::type_name<C>(); }
  [[nodiscard]] const ObjectType* as_list() const noexcept override { return list_type<C>(); }
  [[nodiscard]] std::size_t record_bytes() const noexcept override { return sizeof(T); }
  [[nodiscard]] bool can_resize() const noexcept override { return reflect::detail::Resizable<C>; }
  [[nodiscard]] RecordPlaces places(void* object) const override {
    C& list = *static_cast<C*>(object);
    RecordPlaces places{.count = list.size()};
    if constexpr (is_contiguous) {
      places.first = reinterpret_cast<std::byte*>(std::data(list));
    } else {
      places.each.reserve(list.size());
      for (T& element : list) places.each.push_back(reinterpret_cast<std::byte*>(&element));
    }
    return places;
  }
  [[nodiscard]] std::shared_ptr<void> resized(const void* object, std::size_t count) const override {
    if constexpr (reflect::detail::Resizable<C>) {
      auto fresh = std::make_shared<C>(*static_cast<const C*>(object));
      fresh->resize(count);
      return fresh;
    } else {
      return nullptr;
    }
  }
  void shrink(void* object, std::size_t count) const noexcept override {
    if constexpr (reflect::detail::Resizable<C>) {
      C& list = *static_cast<C*>(object);
      list.erase(std::next(list.begin(), static_cast<std::ptrdiff_t>(count)), list.end());
    }
  }
  void swap(void* object, void* other) const noexcept override {
    std::swap(*static_cast<C*>(object), *static_cast<C*>(other));
  }
};

}  // namespace CAIRN_NAMESPACE::graph::detail
