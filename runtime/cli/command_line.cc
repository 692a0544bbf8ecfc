#include "runtime/cli/command_line.h"

#include <CLI/CLI.hpp>
#include <utility>

#include "runtime/cli/output.h"

namespace edict::cli {

Option Option::Required() {
  option_->required();
  return *this;
}

Option Option::OneValueEach() {
  option_->allow_extra_args(false);
  return *this;
}

Option Option::OneOf(std::vector<std::string> values) {
  option_->check(CLI::IsMember(std::move(values)));
  return *this;
}

template <typename T>
Option Option::InRange(T least, T most) {
  option_->check(CLI::Range(least, most));
  return *this;
}

template Option Option::InRange(int, int);
template Option Option::InRange(unsigned, unsigned);
template Option Option::InRange(int64_t, int64_t);
template Option Option::InRange(uint64_t, uint64_t);
template Option Option::InRange(double, double);

Option Option::TypeName(std::string name) {
  option_->type_name(std::move(name));
  return *this;
}

Option Option::ShowDefault() {
  option_->capture_default_str();
  return *this;
}

void Option::MustBeGiven() const {
  if (option_->count() == 0) throw CLI::RequiredError(option_->get_name());
}

template <typename T>
Option Command::Add(const std::string& names, T& field, const std::string& help) {
  return Option(app_->add_option(names, field, help));
}

template Option Command::Add(const std::string&, std::string&, const std::string&);
template Option Command::Add(const std::string&, std::vector<std::string>&, const std::string&);
template Option Command::Add(const std::string&, int&, const std::string&);
template Option Command::Add(const std::string&, unsigned&, const std::string&);
template Option Command::Add(const std::string&, int64_t&, const std::string&);
template Option Command::Add(const std::string&, uint64_t&, const std::string&);
template Option Command::Add(const std::string&, double&, const std::string&);

Option Command::AddFlag(const std::string& names, bool& field, const std::string& help) {
  return Option(app_->add_flag(names, field, help));
}

Option Command::AddFlag(const std::string& names, std::string& field, const std::string& help) {
  return Option(app_->add_flag(names, field, help));
}

void Command::Footer(const std::string& text) { app_->footer(text); }

void Command::OnChosen(std::function<void()> call) { app_->callback(std::move(call)); }

CommandLine::CommandLine(const std::string& name, const std::string& description, const std::string& version)
    : app_(std::make_unique<CLI::App>(description, name)) {
  app_->require_subcommand(1);
  app_->set_version_flag("--version", version);
}

CommandLine::~CommandLine() = default;

Command CommandLine::AddCommand(const std::string& name, const std::string& description) {
  return Command(app_->add_subcommand(name, description));
}

std::optional<int> CommandLine::Parse(int argc, char** argv) {
  try {
    app_->parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Help and version are no errors.
    return app_->exit(error) == 0 ? kClean : kCouldNotRun;
  }
  return std::nullopt;
}

}  // namespace edict::cli
