// Adapter: how a type that the walk does not know is tracked. Specialise one of the two templates for it.
//
//   template <> struct cairn::reflect::detail::Adapter<my::Matrix> { using type = MatrixType; };   // a LeafType of yours
//
// cereal/ joins classes with cereal's serialize so; a program can join foreign arrays.
#pragma once

#include "../../core/detail/type_name.hpp"

#include <cstdint>
#include <type_traits>

namespace cereal {
class access;  // a friend of the classes whose serialize is private
}

namespace CAIRN_NAMESPACE::reflect::detail {

// The specialisation for T goes before the rules for standard containers and plain structs. Its `type` is a
// default-constructible ObjectType for T. It may have a `Refusal` (refusals.hpp), which is nothing_to_refuse where the
// T can be tracked.
template <class T>
struct Adapter;

// The specialisation for T counts where no other rule fits: it archives a T as one string. Its `type` is a
// default-constructible ObjectType for T; its `Search` looks into the types that a T holds (can_be_tracked.hpp).
template <class T>
struct ArchivedAs;

template <class T>
concept Adapted = requires { typename Adapter<T>::type; };

// True for a class that joins as an array (types.hpp), which cereal leaves alone although it could archive the class.
template <class T>
inline constexpr bool joins_as_array = false;

template <class T>
concept Archivable = requires { typename ArchivedAs<T>::type; };

// Stands for any archive. Nothing is ever archived by it.
struct AnyArchive {
  using is_loading = std::true_type;
  using is_saving = std::true_type;
  template <class... T>
  AnyArchive& operator()(T&&...);
  template <class T>
  AnyArchive& operator&(T&&);
  template <class T>
  AnyArchive& operator<<(T&&);
  template <class T>
  AnyArchive& operator>>(T&&);
};

template <class T>
concept Serializes = requires(T& object, AnyArchive& archive) { object.serialize(archive); } ||
                     requires(T& object, AnyArchive& archive) { object.serialize(archive, std::uint32_t{}); } ||
                     requires(T& object, AnyArchive& archive) { serialize(archive, object); } ||
                     requires(T& object, AnyArchive& archive) { serialize(archive, object, std::uint32_t{}); };
template <class T>
concept Saves = requires(const T& object, AnyArchive& archive) { object.save(archive); } ||
                requires(const T& object, AnyArchive& archive) { object.save(archive, std::uint32_t{}); } ||
                requires(const T& object, AnyArchive& archive) { save(archive, object); } ||
                requires(const T& object, AnyArchive& archive) { save(archive, object, std::uint32_t{}); };
template <class T>
concept Loads = requires(T& object, AnyArchive& archive) { object.load(archive); } ||
                requires(T& object, AnyArchive& archive) { object.load(archive, std::uint32_t{}); } ||
                requires(T& object, AnyArchive& archive) { load(archive, object); } ||
                requires(T& object, AnyArchive& archive) { load(archive, object, std::uint32_t{}); };
template <class T>
concept SavesOneValue = requires(const T& object, const AnyArchive& archive) { object.save_minimal(archive); } ||
                        requires(const T& object, const AnyArchive& archive) { save_minimal(archive, object); };

// Where cereal is included: whether it may call what others may not, as a friend of the class.
template <class T, class Access = cereal::access>
concept SerializesForFriends =
    requires(T& object, AnyArchive& archive) { Access::member_serialize(archive, object); } ||
    requires(T& object, AnyArchive& archive) { Access::member_serialize(archive, object, std::uint32_t{}); } ||
    requires(T& object, AnyArchive& archive) {
      Access::member_save(archive, object);
      Access::member_load(archive, object);
    } || requires(T& object, AnyArchive& archive) {
      Access::member_save(archive, object, std::uint32_t{});
      Access::member_load(archive, object, std::uint32_t{});
    };

// Where cereal is not included: whether a serialize is there that cannot be called. Names are looked up before it is
// asked whether they are private: one that both T and HasSerialize have is ambiguous.
struct HasSerialize {
  int serialize;
};
template <class T>
struct BothSerialize : T, HasSerialize {};
template <class T>
inline constexpr bool has_private_serialize = false;
template <class T>
  requires(!std::is_final_v<T> && !std::is_union_v<T> && !std::is_polymorphic_v<T>)
inline constexpr bool has_private_serialize<T> =
    !requires { &BothSerialize<T>::serialize; } && !requires { &T::serialize; };

// A class like those that cereal saves. It has an Adapter below an include of <cairn/cereal.hpp>, and only there.
template <class T>
struct Sample {
  template <class Archive>
  void serialize(Archive&) {}
};

// True for a class that says by itself what is saved of it, as cereal asks it, where cereal is not asked. Such a class is
// refused, and never taken apart into members: so two files of a program save a type alike, whichever of them includes
// <cairn/cereal.hpp>.
template <class T>
concept SavedByCereal = std::is_class_v<T> && !core::detail::is_std_type<T> &&
                        (Serializes<T> || (Saves<T> && Loads<T>) || SavesOneValue<T> || SerializesForFriends<T> ||
                         has_private_serialize<T>) &&
                        !Adapted<Sample<T>>;

}  // namespace CAIRN_NAMESPACE::reflect::detail
