// One body of tests over cereal's archives and ours: what a class archives, it gets back.
#include <cairn/cereal/input.hpp>
#include <cairn/cereal/output.hpp>

#include <doctest/doctest.h>

#include <cairn/graph/detail/container_types.hpp>
#include <cairn/graph/detail/leaf_types.hpp>
#include <cairn/graph/detail/struct_type.hpp>

#include "cereal/classes.hpp"
#include "support/scratch.hpp"

#include <cereal/archives/binary.hpp>
#include <cereal/archives/portable_binary.hpp>
#include <cereal/archives/xml.hpp>

#include <sstream>

using namespace cairn::test;

namespace {

// How a value goes through cereal's archives: a stream.
template <class Output, class Input>
struct Stream {
  template <class T>
  static void through(const T& source, T& target) {
    std::stringstream stream;
    {
      Output archive(stream);
      archive(cereal::make_nvp("object", source));
    }
    Input archive(stream);
    archive(cereal::make_nvp("object", target));
  }
};
using Binary = Stream<cereal::BinaryOutputArchive, cereal::BinaryInputArchive>;
using Portable = Stream<cereal::PortableBinaryOutputArchive, cereal::PortableBinaryInputArchive>;
using Xml = Stream<cereal::XMLOutputArchive, cereal::XMLInputArchive>;

// And through ours: a checkpoint.
struct Bundle {
  template <class T>
  static void through(const T& source, T& target) {
    const ScratchDirectory scratch;
    const std::string prefix = (scratch.path() / "state").string();
    {
      cairn::BundleOutputArchive archive(prefix);
      archive(cereal::make_nvp("object", source));
    }
    cairn::BundleInputArchive archive(prefix);
    archive(cereal::make_nvp("object", target));
  }
};

template <class Archive, class T>
void same_after(const T& source) {
  T target;
  Archive::through(source, target);
  CHECK((target == source));
}

}  // namespace

#define CAIRN_TEST_ARCHIVES Binary, Portable, Xml, Bundle

TEST_CASE_TEMPLATE("a serialize for both ways", Archive, CAIRN_TEST_ARCHIVES) {
  Point point;
  point.x = 1;
  point.y = 2;
  same_after<Archive>(point);
}

TEST_CASE_TEMPLATE("private members through cereal::access, without names", Archive, CAIRN_TEST_ARCHIVES) {
  same_after<Archive>(Secret(7));
}

TEST_CASE_TEMPLATE("save and load apart, with locals", Archive, CAIRN_TEST_ARCHIVES) {
  Split split;
  split.values = {1, 2, 3};
  same_after<Archive>(split);
  same_after<Archive>(Split());
}

TEST_CASE_TEMPLATE("functions beside the class", Archive, CAIRN_TEST_ARCHIVES) {
  Outside outside;
  outside.text = "text with <signs> & zeros";
  same_after<Archive>(outside);
}

TEST_CASE_TEMPLATE("a class version comes back", Archive, CAIRN_TEST_ARCHIVES) {
  Versioned source, target;
  source.value = 4;
  Archive::through(source, target);
  CHECK(target.value == 4);
  CHECK(target.loaded_version == 3);
}

TEST_CASE_TEMPLATE("save_minimal and load_minimal", Archive, CAIRN_TEST_ARCHIVES) {
  Minimal minimal;
  minimal.value = -5;
  same_after<Archive>(minimal);
}

TEST_CASE_TEMPLATE("a base class", Archive, CAIRN_TEST_ARCHIVES) {
  Derived derived;
  derived.x = 3;
  derived.more = "more";
  same_after<Archive>(derived);
}

TEST_CASE_TEMPLATE("a base class that is abstract", Archive, CAIRN_TEST_ARCHIVES) {
  Bird bird;
  bird.legs = 2;
  bird.song = "song";
  same_after<Archive>(bird);
}

TEST_CASE_TEMPLATE("a class that cannot be copied, with pointers, lists and other classes", Archive,
                   CAIRN_TEST_ARCHIVES) {
  Holder holder;
  holder.points.resize(2);
  holder.points[1].y = 5;
  holder.split.values = {7};
  same_after<Archive>(holder);
  holder.point = std::make_unique<Point>();
  holder.point->x = 6;
  same_after<Archive>(holder);
}

TEST_CASE_TEMPLATE("variants, sets and durations", Archive, CAIRN_TEST_ARCHIVES) {
  Foreign foreign;
  foreign.variant = std::string("text");
  foreign.set = {"a", "b"};
  foreign.duration = std::chrono::milliseconds(1500);
  same_after<Archive>(foreign);
}

TEST_CASE_TEMPLATE("standard containers by themselves", Archive, CAIRN_TEST_ARCHIVES) {
  same_after<Archive>(std::vector<std::int32_t>{1, 2});
  same_after<Archive>(std::map<std::string, float>{{"a", 1.f}, {"b/c", 2.f}});
  same_after<Archive>(std::string("text"));
  same_after<Archive>(std::vector<std::vector<float>>{{1}, {}, {2, 3}});
}
