#include <cairn/core/detail/shared.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using cairn::core::detail::make_shared;
using cairn::core::detail::Shared;

namespace {

struct Counted {
  static inline std::atomic<int> alive = 0;
  explicit Counted(std::string given) : text(std::move(given)) { ++alive; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  ~Counted() { --alive; }
  std::string text;
};

}  // namespace

TEST_CASE("a shared object ends with its last owner") {
  Shared<Counted> first;
  CHECK_FALSE(first);
  first = make_shared<Counted>("text");
  Shared<Counted> second = first, third = std::move(first);
  CHECK_FALSE(first);  // NOLINT(bugprone-use-after-move)
  second->text += "s";
  CHECK((*third).text == "texts");
  second = static_cast<const Shared<Counted>&>(second);
  CHECK(Counted::alive == 1);
  second = make_shared<Counted>("another");
  CHECK(Counted::alive == 2);
  third = {};
  CHECK(Counted::alive == 1);
  second = {};
  CHECK(Counted::alive == 0);
}

TEST_CASE("copies of a shared object may be made and ended in any thread") {
  std::vector<std::thread> threads;
  {
    const Shared<Counted> shared = make_shared<Counted>("text");
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([copy = shared] {
        for (int k = 0; k < 1000; ++k) {
          const Shared<Counted> another = copy;
          if (another->text != "text") ++Counted::alive;
        }
      });
  }
  for (std::thread& each : threads) each.join();
  threads.clear();
  CHECK(Counted::alive == 0);
}
