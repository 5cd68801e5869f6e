// A class with save and load beside it is cereal's as well. Other functions of these names are nobody's but the program's.
// expect: this_type_cannot_be_tracked<program::Counter
// expect: it_has_a_serialize_function
// expect: cairn: this class has a cereal serialize function
// errors: 1
#include <cairn/checkpoint.hpp>
#ifndef CAIRN_WRONG
#include <cairn/cereal.hpp>
#endif

namespace program {

struct Counter {
  int value = 0;
};
template <class Archive>
void save(Archive& archive, const Counter& counter) {
  archive(counter.value);
}
template <class Archive>
void load(Archive& archive, Counter& counter) {
  archive(counter.value);
}

struct Settings {
  int value = 0;
  bool load = true;
  [[nodiscard]] std::string serialize() const { return std::to_string(value); }
  void save(const std::string& file) const { static_cast<void>(file); }
};

}  // namespace program

void use(program::Counter& counter, program::Settings& settings) {
  cairn::Checkpoint checkpoint{settings};
  cairn::Checkpoint tracked{counter};
  static_cast<void>(checkpoint);
  static_cast<void>(tracked);
}
