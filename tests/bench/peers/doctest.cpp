// doctest's main runs one test.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

TEST_CASE("one and one are two") { CHECK(1 + 1 == 2); }
