// One file is all I copy: cairn_standalone.hpp holds cairn and what it needs of Boost.PFR and cereal.
//
//   single_include/amalgamate.py --standalone cairn_standalone.hpp      once, where Boost and cereal are installed
//   g++ -std=c++20 11_one_file.cpp -o one_file                          wherever these two files are copied to

#include "cairn_standalone.hpp"

#include <iostream>

class Account {  // private members: cereal's serialize says what is saved
 public:
  void deposit(double amount) {
    balance_ += amount;
    history_.push_back(amount);
  }
  double balance() const { return balance_; }

  template <class Archive>
  void serialize(Archive& archive) {
    archive(cereal::make_nvp("balance", balance_), cereal::make_nvp("history", history_));
  }

 private:
  double balance_ = 0;
  std::vector<double> history_;
};

struct State {
  cairn::Variable<float, 2, 2> weights;
  Account account;
};

int main() {
  State state;
  state.weights(1, 1) = 0.5f;
  state.account.deposit(42);
  cairn::Checkpoint{state}.save("state/ckpt");

  State later;
  cairn::Checkpoint{later}.restore("state/ckpt-1").assert_consumed();
  std::cout << later.weights << "\nbalance " << later.account.balance() << '\n';
}
