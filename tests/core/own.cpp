#include <cairn/core/detail/own.hpp>

#include <doctest/doctest.h>

#include <string>
#include <utility>

using cairn::core::detail::make_own;
using cairn::core::detail::Own;

namespace {

struct Base {
  static inline int alive = 0;
  Base() { ++alive; }
  Base(const Base&) = delete;
  Base& operator=(const Base&) = delete;
  virtual ~Base() { --alive; }
};
struct Derived final : Base {
  explicit Derived(std::string given) : text(std::move(given)) {}
  std::string text;
};
struct Aggregate {
  int number;
  std::string text;
};

}  // namespace

TEST_CASE("an owned object ends with its last owner, and as what it is") {
  {
    Own<Base> base = make_own<Derived>("text");
    CHECK(Base::alive == 1);
    CHECK(dynamic_cast<Derived&>(*base).text == "text");
    Own<Base> other = std::move(base);
    CHECK(base == nullptr);  // NOLINT(bugprone-use-after-move)
    CHECK(other);
    other = make_own<Derived>("more");
    CHECK(Base::alive == 1);
    other = static_cast<Own<Base>&&>(other);
    CHECK(Base::alive == 1);
    other.reset();
    CHECK(Base::alive == 0);
    other.reset(new Base);
    delete other.release();
    CHECK(Base::alive == 0);
    other = make_own<Base>();
  }
  CHECK(Base::alive == 0);
  CHECK(make_own<Aggregate>(3, "three")->text == "three");
}
