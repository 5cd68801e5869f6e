// A polymorphic class of a library that knows cereal and not cairn.
#pragma once

#include <memory>

namespace cairn::test {

class Instrument {
 public:
  virtual ~Instrument() = default;
  [[nodiscard]] virtual int strings() const = 0;
};
std::unique_ptr<Instrument> make_violin();  // of a class that elsewhere.cpp registers

}  // namespace cairn::test
