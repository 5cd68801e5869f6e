// Eigen solves a system of linear equations by a QR decomposition with column pivoting.
#include <Eigen/Dense>
#include <iostream>

int main() {
  const Eigen::MatrixXf matrix = Eigen::MatrixXf::Identity(8, 8) + Eigen::MatrixXf::Constant(8, 8, 0.1f);
  const Eigen::VectorXf right = Eigen::VectorXf::LinSpaced(8, 0.0f, 7.0f);
  const Eigen::VectorXf solution = matrix.colPivHouseholderQr().solve(right);
  std::cout << solution.transpose() << '\n';
}
