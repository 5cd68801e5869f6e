// A class that has cereal's serialize already, with Armadillo's matrices inside, is saved as it is.

#include <cairn/cairn.hpp>
#include <cairn/types/armadillo.hpp>

#include <cereal/cereal.hpp>

#include <filesystem>
#include <initializer_list>
#include <iostream>

// The mean and the covariance of all points so far, and which were far from it. Nothing in it knows of cairn.
class Statistics {
 public:
  void add(const arma::vec3& point) {
    ++count_;
    const arma::vec before = point - mean_;
    mean_ += before / static_cast<double>(count_);
    const arma::vec after = point - mean_;
    scatter_ += arma::kron(before, after.t());
    distances_.resize(count_);
    distances_(count_ - 1) = arma::norm(after);
  }
  [[nodiscard]] arma::uword count() const { return count_; }
  [[nodiscard]] double covariance(arma::uword i, arma::uword j) const {
    return scatter_(i, j) / static_cast<double>(count_ - 1);
  }

  template <class Archive>
  void serialize(Archive& archive) {
    archive(cereal::make_nvp("count", count_), cereal::make_nvp("mean", mean_), cereal::make_nvp("scatter", scatter_),
            cereal::make_nvp("distances", distances_));
  }

 private:
  arma::uword count_ = 0;
  arma::vec3 mean_{0, 0, 0};
  arma::mat scatter_ = arma::mat(3, 3, arma::fill::zeros);
  arma::vec distances_;
};

int main() {
  Statistics whole;  // never interrupted
  {
    Statistics first;
    for (const arma::vec3& point : {arma::vec3{1, 2, 0}, arma::vec3{3, 1, 1}, arma::vec3{2, 5, 4}}) {
      first.add(point);
      whole.add(point);
    }
    cairn::Checkpoint checkpoint{first};
    checkpoint.save("statistics/ckpt");
  }
  for (const auto& [key, shape] : cairn::list_variables("statistics"))
    if (key.ends_with("VARIABLE_VALUE")) std::cout << key.substr(0, key.find("/.")) << ' ' << shape << '\n';

  Statistics next;  // of the next process
  cairn::Checkpoint checkpoint{next};
  checkpoint.restore("statistics").assert_consumed();
  std::cout << "goes on after " << next.count() << " points\n";
  for (Statistics* const each : {&next, &whole}) each->add({0, 4, 2});
  std::cout << "of x and y the covariance is " << next.covariance(0, 1) << ", "
            << (next.covariance(0, 1) == whole.covariance(0, 1) ? "the same to the last bit" : "another") << '\n';
  std::filesystem::remove_all("statistics");
}
