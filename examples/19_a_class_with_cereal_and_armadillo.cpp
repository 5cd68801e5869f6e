// A class that has cereal's serialize already, with Armadillo's matrices inside, is saved as it is.

#include <cairn/cairn.hpp>
#include <cairn/types/armadillo.hpp>

#include <cereal/cereal.hpp>

#include <filesystem>
#include <iostream>
#include <string>

// A Kalman filter that follows a point by its positions. Nothing in it knows of cairn.
class Filter {
 public:
  void update(double position) {
    state_ = step_ * state_;
    covariance_ = step_ * covariance_ * step_.t() + 0.25 * arma::eye(2, 2);
    const arma::vec gain = covariance_.col(0) / (covariance_(0, 0) + 1);
    state_ += gain * (position - state_(0));
    covariance_ -= gain * covariance_.row(0);
    innovations_.resize(++updates_);
    innovations_(updates_ - 1) = position - state_(0);
  }
  [[nodiscard]] double position() const { return state_(0); }
  [[nodiscard]] arma::uword updates() const { return updates_; }

  template <class Archive>
  void serialize(Archive& archive) {
    archive(cereal::make_nvp("state", state_), cereal::make_nvp("covariance", covariance_),
            cereal::make_nvp("innovations", innovations_), cereal::make_nvp("updates", updates_));
  }

 private:
  arma::mat::fixed<2, 2> step_{{1, 1}, {0, 1}};
  arma::vec2 state_{0, 0};
  arma::mat covariance_ = {{4, 0}, {0, 4}};
  arma::vec innovations_;
  arma::uword updates_ = 0;
};

int main() {
  Filter through;  // never interrupted
  {
    Filter filter;
    for (const double position : {1.0, 2.5, 2.75}) filter.update(position), through.update(position);
    cairn::Checkpoint checkpoint{filter};
    checkpoint.save("filter/ckpt");
  }
  for (const auto& [key, shape] : cairn::list_variables("filter"))
    if (key.ends_with("VARIABLE_VALUE")) std::cout << key.substr(0, key.find("/.")) << ' ' << shape.to_string() << '\n';

  Filter filter;  // of the next process
  cairn::Checkpoint checkpoint{filter};
  checkpoint.restore("filter").assert_consumed();
  std::cout << "goes on after " << filter.updates() << " updates\n";
  for (Filter* const each : {&filter, &through}) each->update(4.5);
  std::cout << (filter.position() == through.position() ? "the same to the last bit" : "another filter") << '\n';
  std::filesystem::remove_all("filter");
}
