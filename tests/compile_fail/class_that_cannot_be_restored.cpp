// A class with serialize is restored by loading into a new object: one that can be neither copied nor made is refused.
// expect: this_class_cannot_be_restored<Counter
// expect: cairn: this class has a cereal serialize function but cannot be restored
#include <cairn/cereal.hpp>
#include <cairn/checkpoint.hpp>

class Counter {
 public:
  explicit Counter(int start) : value_(start) {}
#ifdef CAIRN_WRONG
  Counter(const Counter&) = delete;
  Counter& operator=(const Counter&) = delete;
#endif
  template <class Archive>
  void serialize(Archive& archive) {
    archive(cereal::make_nvp("value", value_));
  }

 private:
  int value_;
};

void use() {
  Counter counter(1);
  cairn::Checkpoint checkpoint{counter};
  static_cast<void>(checkpoint);
}
