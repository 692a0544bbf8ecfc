// The command line of `edict`: commands, and their options bound to fields. CLI11 does the work, behind this header only: it is all
// templates, and would cost each file that includes it some seconds to compile.
#ifndef EDICT_RUNTIME_CLI_COMMAND_LINE_H_
#define EDICT_RUNTIME_CLI_COMMAND_LINE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace edict::cli {

// One option, flag or positional argument; what is said of it can be chained. Valid as long as its CommandLine.
class Option {
 public:
  explicit Option(CLI::Option* option) : option_(option) {}

  Option Required();
  // Each mention takes one value: what follows it is a positional argument.
  Option OneValueEach();
  Option OneOf(std::vector<std::string> values);
  // Both ends belong to it. T: int, unsigned, int64_t, uint64_t or double.
  template <typename T>
  Option InRange(T least, T most);
  // What --help shows in place of the value.
  Option TypeName(std::string name);
  // --help shows the value that the field holds.
  Option ShowDefault();

  // Within OnChosen: the command line is refused where the option is missing.
  void MustBeGiven() const;

 private:
  CLI::Option* option_;
};

// A command such as `edict run`. Valid as long as its CommandLine.
class Command {
 public:
  explicit Command(CLI::App* app) : app_(app) {}

  // `names` as "-r,--rules", or without dashes for a positional argument. The field holds the default, and must live until the
  // command line is parsed. T: std::string, std::vector<std::string>, int, unsigned, int64_t, uint64_t or double.
  template <typename T>
  Option Add(const std::string& names, T& field, const std::string& help);
  Option AddFlag(const std::string& names, bool& field, const std::string& help);
  // A flag that may have a value: "--stats{text}" is text where none is given.
  Option AddFlag(const std::string& names, std::string& field, const std::string& help);

  // What --help ends with.
  void Footer(const std::string& text);
  // Called once the command line is parsed, if it names this command.
  void OnChosen(std::function<void()> call);

 private:
  CLI::App* app_;
};

class CommandLine {
 public:
  // `version`: what --version prints.
  CommandLine(const std::string& name, const std::string& description, const std::string& version);
  ~CommandLine();

  Command AddCommand(const std::string& name, const std::string& description);
  // Nothing: a command was chosen. Else the exit code: help or the version was asked for and printed, or the command line is wrong,
  // which standard error says.
  std::optional<int> Parse(int argc, char** argv);

 private:
  std::unique_ptr<CLI::App> app_;
};

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_COMMAND_LINE_H_
