// toml++ parses a configuration, is asked for a value, and prints all of it.
#include <toml++/toml.h>

#include <cstdint>
#include <iostream>

int main() {
  toml::table table = toml::parse("title = \"training\"\n[model]\nstep = 7\nshape = [784, 10]\n");
  std::cout << "at step " << table["model"]["step"].value_or(std::int64_t{0}) << '\n' << table << '\n';
}
