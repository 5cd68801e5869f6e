#include <cairn/core/detail/text_pool.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

TEST_CASE("texts of any length stay where they are and what they were, also when the pool moves") {
  cairn::core::detail::TextPool pool;
  std::vector<std::string> texts;
  std::vector<std::string_view> kept;
  for (std::size_t i = 0; i < 500; ++i) {
    texts.emplace_back(i * 37 % 6000, static_cast<char>('a' + i % 26));
    kept.push_back(pool.keep(texts.back()));
  }
  const cairn::core::detail::TextPool moved = std::move(pool);
  for (std::size_t i = 0; i < texts.size(); ++i) CHECK(kept[i] == texts[i]);
}
