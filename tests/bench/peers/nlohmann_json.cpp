// nlohmann/json saves a struct to a JSON file, and loads it into another object.
#include <nlohmann/json.hpp>

#include <cstdint>
#include <fstream>
#include <iostream>
#include <vector>

struct Model {
  std::vector<float> weights = std::vector<float>(7840);
  std::int64_t step = 0;

  NLOHMANN_DEFINE_TYPE_INTRUSIVE(Model, weights, step)
};

int main() {
  Model model;
  model.step = 7;
  std::ofstream("model.json") << nlohmann::json(model);

  std::ifstream file("model.json");
  const Model later = nlohmann::json::parse(file).get<Model>();
  std::cout << "model.json was saved at step " << later.step << '\n';
}
