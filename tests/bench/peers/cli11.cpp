// CLI11 reads a positional argument, an option and a flag.
#include <CLI/CLI.hpp>

#include <iostream>
#include <string>

int main(int count, char** words) {
  CLI::App app{"Says hello."};
  std::string name = "world";
  int times = 1;
  bool loud = false;
  app.add_option("name", name, "who is greeted");
  app.add_option("--times", times, "how often")->check(CLI::Range(1, 9));
  app.add_flag("--loud", loud, "with an exclamation mark");
  CLI11_PARSE(app, count, words);
  for (int i = 0; i < times; ++i) std::cout << "hello, " << name << (loud ? "!" : "") << '\n';
}
