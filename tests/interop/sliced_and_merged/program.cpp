// Partitioned tensors, and bundles of several writers made one.
#include "interop/case.hpp"

#include <cairn/bundle/merge.hpp>
#include <cairn/bundle/reader.hpp>
#include <cairn/bundle/rewrite.hpp>
#include <cairn/bundle/writer.hpp>

#include <string>
#include <vector>

namespace bundle = cairn::bundle;
using cairn::TensorView;

namespace {

struct Values {
  std::vector<float> w = std::vector<float>(20);
  std::vector<cairn::half> h = std::vector<cairn::half>(24);
  std::vector<std::int64_t> n = std::vector<std::int64_t>(3);
  std::vector<std::string> s{"", "one", "two two", std::string(300, 'x')};
  double only = 0.5;

  Values() {
    fill(w, 1);
    fill(h, 2);
    fill(n, 3);
  }
  // Columns [begin, end) of h.
  [[nodiscard]] std::vector<cairn::half> columns(std::size_t begin, std::size_t end) const {
    std::vector<cairn::half> part;
    for (std::size_t row = 0; row < 4; ++row)
      for (std::size_t column = begin; column < end; ++column) part.push_back(h[row * 6 + column]);
    return part;
  }
};

void save_parts(const std::string& folder) {
  const Values values;
  const auto left = values.columns(0, 2), right = values.columns(2, 6);
  const auto w = std::span(values.w);
  const auto s = std::span(values.s);
  bundle::Writer first(folder + "/parts/0");
  first.add_slice("w", {5, 4}, {{0, 2}, {0, 4}}, TensorView(cairn::DT_FLOAT, {2, 4}, std::as_bytes(w.first(8))));
  first.add_slice("h", {4, 6}, {{}, {0, 2}}, TensorView(cairn::DT_HALF, {4, 2}, std::as_bytes(std::span(left))));
  first.add_slice("s", {4}, {{0, 3}}, TensorView({3}, s.first(3)));
  first.add_slice("n", {3}, {{0, 3}}, TensorView(cairn::DT_INT64, {3}, std::as_bytes(std::span(values.n))));
  first.finish();
  bundle::Writer second(folder + "/parts/1");
  second.add("only", TensorView(cairn::DT_DOUBLE, {}, std::as_bytes(std::span(&values.only, 1))));
  second.add_slice("w", {5, 4}, {{2, 3}, {0, 4}}, TensorView(cairn::DT_FLOAT, {3, 4}, std::as_bytes(w.last(12))));
  second.add_slice("s", {4}, {{3, 1}}, TensorView({1}, s.last(1)));
  second.add_slice("h", {4, 6}, {{}, {2, 4}}, TensorView(cairn::DT_HALF, {4, 4}, std::as_bytes(std::span(right))));
  second.finish();
}

void expect(const std::string& prefix) {
  const Values values;
  const bundle::Reader reader(prefix);
  CAIRN_EXPECT(reader.entries().size() == 5);
  CAIRN_EXPECT(is_filled(reader.read("w").to<float, 5, 4>(), 1));
  CAIRN_EXPECT(is_filled(reader.read("h").to<cairn::half, 4, 6>(), 2));
  CAIRN_EXPECT(is_filled(reader.read("n").to<std::int64_t, 3>(), 3));
  CAIRN_EXPECT(reader.read_strings("s") == values.s);
  for (const auto checksums : {bundle::Checksums::verify, bundle::Checksums::skip}) {
    const auto middle = reader.read_slice("h", {{1, 2}, {1, 3}}, checksums);
    CAIRN_EXPECT(middle.shape() == cairn::Shape{2, 3});
    for (std::size_t i = 0; i < 6; ++i)
      CAIRN_EXPECT(std::memcmp(&middle.span<cairn::half>()[i], &values.h[(1 + i / 3) * 6 + 1 + i % 3], 2) == 0);
  }
  CAIRN_EXPECT(reader.read_slice("s", {{2, 2}}).span<std::string>()[1] == values.s[3]);
}

}  // namespace

void read(const std::filesystem::path& directory) { expect(directory / "merged"); }

void write(const std::filesystem::path& directory) {
  save_parts(directory / "parts_only");
  const std::string all = directory / "all";
  save_parts(all);
  bundle::merge(std::vector<std::string>{all + "/parts/0", all + "/parts/1"}, all + "/merged");
  expect(all + "/merged");
  bundle::rewrite(bundle::Reader(all + "/merged"), directory / "again/merged");
}
