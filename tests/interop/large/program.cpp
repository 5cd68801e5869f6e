// More than fits a buffer: 60 MB in few variables, many small ones, many strings.
#include "interop/case.hpp"

#include <numeric>

namespace {

struct Large {
  cairn::Variable<float, 3000, 2000> floats;
  std::vector<double> doubles;
  std::vector<bool> bools;
  std::vector<cairn::Variable<std::int32_t>> many;
  std::vector<std::string> strings;
  std::string long_;
};

Large filled() {
  Large large;
  std::iota(large.floats.span().begin(), large.floats.span().end(), 0.0F);
  large.doubles.resize(4'000'000);
  std::iota(large.doubles.begin(), large.doubles.end(), 0.0);
  large.bools.resize(1'000'000);
  for (std::size_t i = 0; i < large.bools.size(); ++i) large.bools[i] = i % 3 != 0;
  for (std::int32_t i = 0; i < 2000; ++i) large.many.emplace_back(i);
  for (int i = 0; i < 100'000; ++i) large.strings.push_back(std::to_string(i));
  large.long_ = std::string(9'000'000, 'x');
  return large;
}

}  // namespace

template <>
inline constexpr auto cairn::members<Large> = cairn::describe(cairn::rename<"long_">("long"));

void write(const std::filesystem::path& directory) {
  Large large = filled();
  cairn::Checkpoint checkpoint{large};
  checkpoint.save(directory / "ckpt");
}

void read(const std::filesystem::path& directory) {
  Large large;
  const Large expected = filled();
  cairn::Checkpoint checkpoint{large};
  checkpoint.restore((directory / "ckpt-1").string()).assert_consumed();
  CAIRN_EXPECT(std::ranges::equal(large.floats.span(), expected.floats.span()));
  CAIRN_EXPECT(large.doubles == expected.doubles);
  CAIRN_EXPECT(large.bools == expected.bools);
  CAIRN_EXPECT(large.strings == expected.strings);
  CAIRN_EXPECT(large.long_ == expected.long_);
  CAIRN_EXPECT(large.many.size() == 2000 && large.many.at(1999).value()() == 1999);
}
