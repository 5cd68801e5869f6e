// A class of one's own that is an array: ten lines say where its elements are, and it is one tensor.

#include <cairn/cairn.hpp>
#include <cairn/types.hpp>

#include <array>
#include <filesystem>
#include <iostream>
#include <vector>

// A field of heat: the cells, and around them a border that belongs to the neighbours and is not saved.
class Field {
 public:
  Field() = default;
  Field(std::int64_t rows, std::int64_t columns)
      : rows_(rows), columns_(columns), memory_(static_cast<std::size_t>((rows + 2) * (columns + 2))) {}

  [[nodiscard]] std::int64_t rows() const { return rows_; }
  [[nodiscard]] std::int64_t columns() const { return columns_; }
  double& operator()(std::int64_t row, std::int64_t column) {
    return memory_.data()[(row + 1) * (columns_ + 2) + column + 1];
  }
  [[nodiscard]] const double* first_cell() const { return memory_.data() + columns_ + 3; }

 private:
  std::int64_t rows_ = 0, columns_ = 0;
  std::vector<double> memory_ = std::vector<double>(4);
};

template <>
struct cairn::ArrayInterface<Field> {
  using value_type = double;
  static constexpr std::array<std::size_t, 2> extents{dynamic, dynamic};
  static ArrayLayout layout(const Field& field) {
    const std::int64_t row = (field.columns() + 2) * static_cast<std::int64_t>(sizeof(double));
    return {field.first_cell(), {field.rows(), field.columns()}, {row, sizeof(double)}};
  }
  static Field make(const Shape& shape) { return Field(shape[0], shape[1]); }
};

struct Simulation {
  Field heat;
  std::int64_t step = 0;
};

int main() {
  Simulation simulation{Field(2, 3), 7};
  for (std::int64_t row = 0; row < 2; ++row)
    for (std::int64_t column = 0; column < 3; ++column)
      simulation.heat(row, column) = static_cast<double>(10 * row + column);
  cairn::Checkpoint checkpoint{simulation};
  const std::string path = checkpoint.save("field/ckpt");

  std::cout << "in the file: " << cairn::load_variable(path, "heat") << '\n';

  Simulation restored;  // of another size
  cairn::Checkpoint{restored}.restore(path).assert_consumed();
  std::cout << "restored: [" << restored.heat.rows() << ", " << restored.heat.columns() << "], the last cell is "
            << restored.heat(1, 2) << '\n';
  std::filesystem::remove_all("field");
}
