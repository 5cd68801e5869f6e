// The compiler checks my model against a checkpoint that Python trained: a wrong shape is found before the program
// runs.

#include <cairn/cairn.hpp>
#include <cairn/schema.hpp>

#include "after.hpp"   // made by cairn_embed from 14_the_compiler_checks_my_model/after.index, when this is built
#include "before.hpp"  // likewise; make.py, beside them, is the program that trained

#include <iostream>

namespace keras = cairn::keras;

using Model =
    keras::Sequential<keras::Input<784>, keras::Dense<784, 10, keras::relu>, keras::Dense<10, 10, keras::softmax>>;

struct Training {
  keras::Adam<Model> optimizer;
  Model model;
};

// Where a member has another dtype or shape in the checkpoint, or is not there, the compiler says which, and ends. Once
// the optimizer is built, Keras has the weights under the optimizer's names: the object graph says where they belong.
static_assert(cairn::schema::matches<Training>(cairn::schema::parse(before)));
static_assert(cairn::schema::matches<Training>(cairn::schema::parse(after)));

// 12 units instead of 10. Asked instead of asserted, what differs is a constant that can be printed.
using Wider =
    keras::Sequential<keras::Input<784>, keras::Dense<784, 12, keras::relu>, keras::Dense<12, 10, keras::softmax>>;
struct WiderModel {
  Wider model;
};
constexpr auto differences = cairn::schema::differences<WiderModel>(cairn::schema::parse(before));
static_assert(differences.count == 3);

int main() {
  std::cout << differences.to_string() << '\n';

  // What the compiler knows of the state itself.
  std::cout << cairn::describe<Model>() << cairn::parameter_count<Training> << " parameters, first key "
            << cairn::static_keys<Training>.front() << '\n';
}
