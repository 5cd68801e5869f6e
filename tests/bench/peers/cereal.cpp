// cereal saves a struct to a binary file, and loads it into another object.
#include <cereal/archives/portable_binary.hpp>
#include <cereal/types/vector.hpp>

#include <cstdint>
#include <fstream>
#include <iostream>
#include <vector>

struct Model {
  std::vector<float> weights = std::vector<float>(7840);
  std::int64_t step = 0;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(weights, step);
  }
};

int main() {
  Model model;
  model.step = 7;
  {
    std::ofstream file("model.bin", std::ios::binary);
    cereal::PortableBinaryOutputArchive archive(file);
    archive(model);
  }
  Model later;
  std::ifstream file("model.bin", std::ios::binary);
  cereal::PortableBinaryInputArchive archive(file);
  archive(later);
  std::cout << "model.bin was saved at step " << later.step << '\n';
}
