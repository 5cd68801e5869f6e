// Classes as cereal's users write them, each in its way.
#pragma once

#include <cereal/access.hpp>
#include <cereal/cereal.hpp>
#include <cereal/types/base_class.hpp>
#include <cereal/types/chrono.hpp>
#include <cereal/types/map.hpp>
#include <cereal/types/memory.hpp>
#include <cereal/types/polymorphic.hpp>
#include <cereal/types/set.hpp>
#include <cereal/types/string.hpp>
#include <cereal/types/variant.hpp>
#include <cereal/types/vector.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace cairn::test {

// One serialize for both ways.
class Point {
 public:
  float x = 0, y = 0;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(x), CEREAL_NVP(y));
  }
  bool operator==(const Point&) const = default;
};

// Private, through cereal::access, values without names.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::int32_t number) : number_(number), text_(std::to_string(number)) {}
  bool operator==(const Secret&) const = default;

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(number_, text_);
  }
  std::int32_t number_ = 0;
  std::string text_;
};

// save and load apart; load reads into locals, in another order of types.
class Split {
 public:
  std::vector<float> values;
  bool operator==(const Split&) const = default;

  template <class Archive>
  void save(Archive& archive) const {
    const std::int64_t count = static_cast<std::int64_t>(values.size());
    archive(CEREAL_NVP(count));
    float sum = 0;
    for (const float value : values) sum += value;
    archive(cereal::make_nvp("sum", sum), CEREAL_NVP(values));
  }
  template <class Archive>
  void load(Archive& archive) {
    std::int64_t count = -1;
    float sum = -1;
    archive(CEREAL_NVP(count));
    archive(CEREAL_NVP(sum));
    archive(CEREAL_NVP(values));
    if (count != static_cast<std::int64_t>(values.size())) throw std::runtime_error("count and values disagree");
  }
};

// A function beside the class.
class Outside {
 public:
  std::string text;
  bool operator==(const Outside&) const = default;
};
template <class Archive>
void serialize(Archive& archive, Outside& object) {
  archive(cereal::make_nvp("text", object.text));
}

// With a version, which the file keeps.
class Versioned {
 public:
  std::int32_t value = 0;
  std::uint32_t loaded_version = 99;
  bool operator==(const Versioned& other) const { return value == other.value; }
  template <class Archive>
  void serialize(Archive& archive, const std::uint32_t version) {
    loaded_version = version;
    archive(CEREAL_NVP(value));
  }
};

// As one value.
class Minimal {
 public:
  std::int32_t value = 0;
  bool operator==(const Minimal&) const = default;
  template <class Archive>
  std::int32_t save_minimal(const Archive&) const {
    return value;
  }
  template <class Archive>
  void load_minimal(const Archive&, const std::int32_t& loaded) {
    value = loaded;
  }
};

// Of a base class, which archives itself.
class Derived : public Point {
 public:
  std::string more;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(cereal::base_class<Point>(this), CEREAL_NVP(more));
  }
  bool operator==(const Derived&) const = default;
};

// Of a base class that is abstract.
class Animal {
 public:
  std::int32_t legs = 4;
  virtual ~Animal() = default;
  [[nodiscard]] virtual std::string sound() const = 0;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(legs));
  }
};
class Bird : public Animal {
 public:
  std::string song;
  [[nodiscard]] std::string sound() const override { return song; }
  template <class Archive>
  void serialize(Archive& archive) {
    archive(cereal::base_class<Animal>(this), CEREAL_NVP(song));
  }
  bool operator==(const Bird& other) const { return legs == other.legs && song == other.song; }
};

// Holds others, and cannot be copied.
class Holder {
 public:
  Holder() = default;
  Holder(Holder&&) noexcept = default;
  Holder& operator=(Holder&&) noexcept = default;
  std::unique_ptr<Point> point;
  std::vector<Point> points;
  Split split;
  bool operator==(const Holder& other) const {
    return points == other.points && split == other.split && (point == nullptr) == (other.point == nullptr) &&
           (point == nullptr || *point == *other.point);
  }
  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(point), CEREAL_NVP(points), CEREAL_NVP(split));
  }
};

// What cereal has headers for: a variant, a set, a duration.
class Foreign {
 public:
  std::variant<std::int32_t, std::string> variant;
  std::set<std::string> set;
  std::chrono::milliseconds duration{};
  bool operator==(const Foreign&) const = default;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(variant), CEREAL_NVP(set), CEREAL_NVP(duration));
  }
};

// Refuses what it does not like.
class Strict {
 public:
  std::int32_t value = 1;
  template <class Archive>
  void save(Archive& archive) const {
    archive(CEREAL_NVP(value));
  }
  template <class Archive>
  void load(Archive& archive) {
    archive(CEREAL_NVP(value));
    if (value < 0) throw std::domain_error("a negative value");
  }
};

// Known by its base only.
class Shape2D {
 public:
  virtual ~Shape2D() = default;
  [[nodiscard]] virtual float area() const = 0;
};
class Square : public Shape2D {
 public:
  float side = 0;
  Square() = default;
  explicit Square(float length) : side(length) {}
  [[nodiscard]] float area() const override { return side * side; }
  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(side));
  }
};

// Holds another one.
class Around : public Shape2D {
 public:
  std::unique_ptr<Shape2D> inside;
  Around() = default;
  explicit Around(std::unique_ptr<Shape2D> shape) : inside(std::move(shape)) {}
  [[nodiscard]] float area() const override { return inside->area(); }
  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(inside));
  }
};

}  // namespace cairn::test

CEREAL_CLASS_VERSION(cairn::test::Versioned, 3)
