// What a value prints.
#pragma once

#include <sstream>
#include <string>

namespace cairn::test {

template <class X>
std::string text(const X& x) {
  std::ostringstream out;
  out << x;
  return out.str();
}

}  // namespace cairn::test
