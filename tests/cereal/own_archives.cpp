// Plain structs with Variables in cereal's own archives.
#include <cairn/cereal/detail/types.hpp>

#include <doctest/doctest.h>

#include <cairn/tensor/variable.hpp>

#include <cereal/archives/portable_binary.hpp>
#include <cereal/archives/xml.hpp>
#if __has_include(<rapidjson/rapidjson.h>) || __has_include(<cereal/external/rapidjson/rapidjson.h>)
#include <cereal/archives/json.hpp>
#define CAIRN_TEST_HAS_JSON 1
#endif

#include "support/errors.hpp"

#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

namespace {

struct Layer {
  cairn::Variable<float, 2, 2> kernel;
  cairn::Variable<bool> trained;
};
struct Model {
  Layer layer;
  std::vector<Layer> more;
  cairn::Variable<double, cairn::dynamic> history;
  std::string name;
};

template <class Output, class Input>
std::string go_through(const Model& source, Model& target) {
  std::stringstream stream;
  {
    Output archive(stream);
    archive(cereal::make_nvp("model", source));
  }
  const std::string text = stream.str();
  Input archive(stream);
  archive(cereal::make_nvp("model", target));
  return text;
}

Model filled() {
  Model model;
  model.layer.kernel.assign({{1, 2}, {3, 4}});
  model.layer.trained.assign(true);
  model.more.resize(2);
  model.more[1].kernel.assign({{5, 6}, {7, 8}});
  model.history.assign(cairn::Tensor<double, cairn::dynamic>(cairn::Shape{3}, std::vector<double>{1.5, 2.5, 3.5}));
  model.name = "a name";
  return model;
}
void check(const Model& model) {
  CHECK(model.layer.kernel(1, 0) == 3);
  CHECK(static_cast<bool>(model.layer.trained));
  REQUIRE(model.more.size() == 2);
  CHECK(model.more[1].kernel(1, 1) == 8);
  CHECK(model.history.shape() == cairn::Shape{3});
  CHECK(model.history(2) == 3.5);
  CHECK(model.name == "a name");
}

}  // namespace

TEST_CASE("a plain struct with Variables goes through cereal's portable binary archive") {
  Model model;
  go_through<cereal::PortableBinaryOutputArchive, cereal::PortableBinaryInputArchive>(filled(), model);
  check(model);
}

TEST_CASE("a plain struct with Variables goes through cereal's XML archive, under its members' names") {
  Model model;
  const std::string text = go_through<cereal::XMLOutputArchive, cereal::XMLInputArchive>(filled(), model);
  check(model);
  CHECK(text.find("<kernel>") != std::string::npos);
  CHECK(text.find("<history>") != std::string::npos);
}

#ifdef CAIRN_TEST_HAS_JSON
TEST_CASE("a plain struct with Variables goes through cereal's JSON archive, under its members' names") {
  Model model;
  const std::string text = go_through<cereal::JSONOutputArchive, cereal::JSONInputArchive>(filled(), model);
  check(model);
  CHECK(text.find("\"kernel\"") != std::string::npos);
  CHECK(text.find("\"history\"") != std::string::npos);
}
#endif

TEST_CASE("an archived Variable of another shape is refused, and the one in the program is unchanged") {
  struct Other {
    cairn::Variable<float, 3> kernel{1, 2, 3};
  } other;
  struct Saved {
    cairn::Variable<float, 2> kernel;
  } saved;
  std::stringstream stream;
  {
    cereal::PortableBinaryOutputArchive archive(stream);
    archive(saved);
  }
  cereal::PortableBinaryInputArchive archive(stream);
  CHECK_THROWS_AS(archive(other), cairn::Error);
  CHECK(other.kernel(2) == 3);
}

TEST_CASE(
    "an archived Variable whose elements do not fill its shape is refused, and the one in the program is unchanged") {
  std::stringstream stream;
  {
    cereal::PortableBinaryOutputArchive archive(stream);
    for (int i = 0; i < 2; ++i) {
      archive(cereal::make_nvp("shape", std::vector<std::int64_t>{3}));
      if (i == 0)
        archive(cereal::make_nvp("elements", std::vector<bool>{true, true}));
      else
        archive(cereal::make_nvp("elements", std::vector<float>{4, 4}));
    }
  }
  cereal::PortableBinaryInputArchive archive(stream);
  cairn::Variable<bool, 3> flags;
  cairn::Variable<float, 3> numbers;
  CHECK(cairn::test::sentence_of([&] { archive(flags); }) == "an archived variable's elements do not fill its shape");
  CHECK(cairn::test::sentence_of([&] { archive(numbers); }) == "2 elements cannot fill a tensor of shape [3]");
  CHECK_FALSE(flags(0));
  CHECK(numbers(0) == 0);
}
