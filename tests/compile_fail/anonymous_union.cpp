// A union without a name cannot be bound. (clang 14 goes on after the refusal.)
// expect: this_struct_cannot_be_tracked<Model
// expect: a union or struct without a name
// expect clang++: cairn: this struct holds a union or struct without a name
#include <cairn/checkpoint.hpp>

#include <variant>

#ifdef CAIRN_WRONG
struct Model {
  int step = 0;
  union {
    int whole;
    float part;
  };
};
#else
struct Model {
  int step = 0;
  std::variant<int, float> either;
};
#endif

void use(Model& model) {
  cairn::Checkpoint checkpoint{model};
  static_cast<void>(checkpoint);
}
