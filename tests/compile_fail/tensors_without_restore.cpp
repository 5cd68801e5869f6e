// A class that would be saved as several tensors and could not be restored from them.
// expect: this_class_needs_restore_from_tensors<Vocabulary>
// expect: cairn: this class has serialize_to_tensors but no restore_from_tensors.
#include <cairn/checkpoint.hpp>

class Vocabulary {
 public:
  cairn::NamedTensors serialize_to_tensors() const { return {}; }
#ifndef CAIRN_WRONG
  void restore_from_tensors(const cairn::NamedTensors&) {}
#endif
};

int main() {
  using namespace cairn::literals;
  Vocabulary vocabulary;
  cairn::Checkpoint checkpoint{"vocabulary"_a = vocabulary};
}
