// Registers a class with cereal's own archive, and without an include of cairn.
#include "cereal/elsewhere.hpp"

#include <cereal/archives/portable_binary.hpp>
#include <cereal/types/memory.hpp>
#include <cereal/types/polymorphic.hpp>

namespace cairn::test {

class Violin : public Instrument {
 public:
  [[nodiscard]] int strings() const override { return count; }
  int count = 4;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(count));
  }
};
std::unique_ptr<Instrument> make_violin() { return std::make_unique<Violin>(); }

}  // namespace cairn::test

CEREAL_REGISTER_TYPE(cairn::test::Violin)
CEREAL_REGISTER_POLYMORPHIC_RELATION(cairn::test::Instrument, cairn::test::Violin)
