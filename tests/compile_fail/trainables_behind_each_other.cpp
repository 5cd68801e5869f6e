// A struct that holds another of its kind: nobody knows how many variables there are.
// expect: this_struct_cannot_be_listed<Node
// expect: cairn: this struct holds, through pointers, another of its kind
// later g++: how the Variables are counted is told first
#include "cairn/keras.hpp"

#include <memory>

struct Node {
  cairn::Variable<float> weight;
#ifdef CAIRN_WRONG
  std::unique_ptr<Node> next;
#else
  Node* next = nullptr;
#endif
};

void use(Node& node) { static_cast<void>(cairn::trainable_variables(node)); }
