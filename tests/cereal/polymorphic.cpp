// Pointers to polymorphic classes inside a tracked state.
#include <cairn/cereal/detail/portable_output.hpp>

#include <cairn/cereal/detail/archived_type.hpp>

#include "cereal/elsewhere.hpp"
#include "graph/saved_state.hpp"

#include <doctest/doctest.h>

#include <cereal/types/map.hpp>
#include <cereal/types/memory.hpp>
#include <cereal/types/polymorphic.hpp>
#include <cereal/types/set.hpp>
#include <cereal/types/string.hpp>
#include <cereal/types/vector.hpp>

namespace cairn::test {

class Pet {
 public:
  virtual ~Pet() = default;
  int legs = 0;
  [[nodiscard]] virtual std::string sound() const = 0;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(legs));
  }
};
class Dog : public Pet {
 public:
  std::string bark = "woof";
  [[nodiscard]] std::string sound() const override { return bark; }
  template <class Archive>
  void serialize(Archive& archive, std::uint32_t version) {
    archive(cereal::base_class<Pet>(this), CEREAL_NVP(bark));
    if (version != 2) throw std::domain_error("not version 2");
  }
};
class Stranger : public Pet {
 public:
  [[nodiscard]] std::string sound() const override { return "?"; }
};

}  // namespace cairn::test

CEREAL_CLASS_VERSION(cairn::test::Dog, 2)
CEREAL_REGISTER_TYPE(cairn::test::Dog)
CEREAL_REGISTER_POLYMORPHIC_RELATION(cairn::test::Pet, cairn::test::Dog)

using namespace cairn;
using namespace cairn::test;

TEST_CASE(
    "a list of polymorphic pointers comes back with its classes and empty ones, each pointer a value of its own") {
  struct Farm {
    struct Stable {
      std::vector<std::shared_ptr<Pet>> pets;
      std::unique_ptr<Pet> guard;
    } stable;
  };
  auto dog = std::make_shared<Dog>();
  dog->legs = 4;
  dog->bark = "wow";
  Farm farm, other;
  farm.stable.pets = {dog, nullptr, dog};
  SavedState saved(child("farm", farm));
  other.stable.guard = std::make_unique<Dog>();
  saved.restore(child("farm", other));
  REQUIRE(other.stable.pets.size() == 3);
  CHECK(other.stable.pets[0]->sound() == "wow");
  CHECK(other.stable.pets[0]->legs == 4);
  CHECK(other.stable.pets[1] == nullptr);
  REQUIRE(other.stable.pets[2] != nullptr);
  CHECK(other.stable.pets[2] != other.stable.pets[0]);  // they were one object: cereal saw one pointer at a time
  CHECK(other.stable.guard == nullptr);
}

TEST_CASE("a class that is registered where cairn is not known is refused when it is saved, with the way out") {
  std::unique_ptr<Instrument> instrument = make_violin();
  std::string sentence;
  try {
    SavedState saved(child("instrument", instrument));
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::failed_precondition);
    sentence = error.what();
  }
  CHECK(sentence.find("points to a cairn::test::Violin") != std::string::npos);
  CHECK(sentence.find("Include <cairn/cairn.hpp> above it, in the file that registers the class") != std::string::npos);
}

TEST_CASE("a class that nobody registered is refused when it is saved") {
  std::shared_ptr<Pet> pet = std::make_shared<Stranger>();
  CHECK(code_of([&] { SavedState saved(child("pet", pet)); }) == ErrorCode::failed_precondition);
}

TEST_CASE("what cairn writes with cereal is what cereal's portable binary archive writes") {
  const std::map<std::string, std::set<double>> sets{{"a", {1, 2.5}}, {"", {}}};
  const std::vector<std::shared_ptr<Pet>> pets{std::make_shared<Dog>(), nullptr};
  const std::vector<bool> flags{true, false};
  std::ostringstream expected;
  {
    cereal::PortableBinaryOutputArchive archive(expected);
    archive(sets, pets, flags, std::string("text"), 'c', true, 1.5f);
  }
  std::string bytes;
  cairn::archive::detail::PortableOutputArchive archive(bytes);
  archive(sets, pets, flags, std::string("text"), 'c', true, 1.5f);
  CHECK(bytes == expected.str());
}
