// A class of several tensors is restored into a new object: one that can be neither copied nor made is refused.
// expect: this_class_cannot_be_restored_from_tensors<Vocabulary>
// expect: cairn: this class has serialize_to_tensors but cannot be restored.
// errors: 1
#include <cairn/checkpoint.hpp>

class Vocabulary {
 public:
  explicit Vocabulary(int) {}
#ifdef CAIRN_WRONG
  Vocabulary(const Vocabulary&) = delete;
  Vocabulary& operator=(const Vocabulary&) = delete;
#endif
  cairn::NamedTensors serialize_to_tensors() const { return {}; }
  void restore_from_tensors(const cairn::NamedTensors&) {}
};

void use() {
  Vocabulary vocabulary(1);
  cairn::Checkpoint checkpoint{vocabulary};
  static_cast<void>(checkpoint);
}
