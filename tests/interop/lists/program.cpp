// Lists and tuples: children "0", "1", ... of any length, in lists of any kind.
#include "interop/case.hpp"

#include <deque>
#include <list>

using namespace cairn::literals;

namespace {

struct Item {
  cairn::Variable<float, 2> x;
  std::int32_t n = 0;
};
struct Lists {
  std::vector<Item> grown, shrunk;
  std::array<Item, 2> fixed;
  std::deque<Item> queue;
  std::list<Item> chain;
  std::vector<Item> emptied;
  std::tuple<Item, double, std::string> tuple;
  std::pair<cairn::Variable<float, 2>, std::int64_t> pair;
  std::vector<std::vector<float>> ragged;
  std::vector<std::deque<std::int64_t>> nested;
  std::vector<cairn::Variable<float, 2, 2>> variables;
};

// What the lists hold before a restore: more, fewer or as many elements as are saved.
Lists unlike() {
  Lists lists;
  lists.grown.resize(2);
  lists.shrunk.resize(7);
  lists.queue.resize(3);
  lists.emptied.resize(2);
  lists.ragged = {{1, 2}, {3, 4}};
  lists.nested.resize(5, {7, 8, 9});
  lists.variables.resize(1);
  return lists;
}

Lists filled() {
  Lists lists;
  const auto set = [](auto& items, std::uint32_t seed) {
    for (Item& item : items) fill(item.x, seed), fill(item.n, seed + 1), seed += 2;
  };
  lists.grown.resize(12);
  lists.shrunk.resize(2);
  lists.queue.resize(3);
  lists.chain.resize(3);
  set(lists.grown, 1);
  set(lists.shrunk, 31);
  set(lists.fixed, 41);
  set(lists.queue, 51);
  set(lists.chain, 61);
  fill(std::get<0>(lists.tuple).x, 71);
  fill(std::get<0>(lists.tuple).n, 72);
  fill(std::get<1>(lists.tuple), 73);
  std::get<2>(lists.tuple) = "text";
  fill(lists.pair.first, 81);
  fill(lists.pair.second, 82);
  lists.ragged = {std::vector<float>(3), {}, std::vector<float>(1)};
  fill(lists.ragged[0], 94);
  fill(lists.ragged[2], 92);
  lists.nested = {{0, 0}, {0, 0}, {0, 0}, {}};
  std::uint32_t seed = 101;
  for (auto& inner : lists.nested)
    for (std::int64_t& value : inner) fill(value, seed++);
  lists.variables.resize(3);
  seed = 111;
  for (auto& variable : lists.variables) fill(variable, seed++);
  return lists;
}

template <class T>
bool same(const T& a, const T& b) {
  if constexpr (std::is_same_v<T, Item>) {
    return same(a.x, b.x) && a.n == b.n;
  } else if constexpr (
      requires { a.begin()->x; } || requires { a.begin()->begin(); } || requires { a.begin()->shape(); }) {
    return std::ranges::equal(a, b, [](const auto& x, const auto& y) { return same(x, y); });
  } else if constexpr (requires { a.front(); } && !requires { a.data(); }) {
    return a == b;
  } else {
    return std::ranges::equal(cairn::test::bytes_of(const_cast<T&>(a)), cairn::test::bytes_of(const_cast<T&>(b)));
  }
}

}  // namespace

void write(const std::filesystem::path& directory) {
  Lists lists = filled();
  cairn::Checkpoint checkpoint{"lists"_a = lists};
  checkpoint.save(directory / "ckpt");
}

void read(const std::filesystem::path& directory) {
  const Lists expected = filled();
  for (Lists lists : {Lists(), unlike(), filled()}) {
    cairn::Checkpoint checkpoint{"lists"_a = lists};
    checkpoint.restore((directory / "ckpt-1").string()).assert_consumed();
    CAIRN_EXPECT(same(lists.grown, expected.grown));
    CAIRN_EXPECT(same(lists.shrunk, expected.shrunk));
    CAIRN_EXPECT(same(lists.fixed, expected.fixed));
    CAIRN_EXPECT(same(lists.queue, expected.queue));
    CAIRN_EXPECT(same(lists.chain, expected.chain));
    CAIRN_EXPECT(lists.emptied.empty());
    CAIRN_EXPECT(same(std::get<0>(lists.tuple), std::get<0>(expected.tuple)));
    CAIRN_EXPECT(same(std::get<1>(lists.tuple), std::get<1>(expected.tuple)));
    CAIRN_EXPECT(std::get<2>(lists.tuple) == "text");
    CAIRN_EXPECT(same(lists.pair.first, expected.pair.first) && lists.pair.second == expected.pair.second);
    CAIRN_EXPECT(same(lists.ragged, expected.ragged));
    CAIRN_EXPECT(same(lists.nested, expected.nested));
    CAIRN_EXPECT(same(lists.variables, expected.variables));
  }

  struct Root {
    std::vector<cairn::Variable<float, 2>> list;
  };
  Root appended;
  cairn::Checkpoint{appended}.restore((directory / "appended-1").string()).assert_consumed();
  CAIRN_EXPECT(appended.list.size() == 4 && is_filled(appended.list[0], 1) && is_filled(appended.list[3], 4));
  Root dict;
  cairn::Checkpoint{dict}.restore((directory / "dict-1").string()).assert_consumed();
  CAIRN_EXPECT(dict.list.size() == 2 && is_filled(dict.list[0], 1) && is_filled(dict.list[1], 2));
  // TensorFlow's [1, variable, "text", variable]: elements 1 and 3.
  Root gaps;
  gaps.list.resize(4);
  cairn::Checkpoint gap_checkpoint{gaps};
  const auto status = gap_checkpoint.restore((directory / "gaps-1").string());
  CAIRN_EXPECT(gaps.list.size() == 4 && is_filled(gaps.list[1], 2) && is_filled(gaps.list[3], 4));
  CAIRN_EXPECT(status.only_in_checkpoint().empty());
  CAIRN_EXPECT(status.only_in_program() == std::vector<std::string>{"list.0", "list.2"});
}
