#include "runtime/program/host_function.h"

#include <algorithm>
#include <iterator>

namespace edict {
namespace {

struct HostType {
  std::string_view word;  // of the rule language
  Kind kind;
};
constexpr HostType kTypes[] = {{"bool", Kind::kBool},           {"int", Kind::kInt},          {"uint", Kind::kUint},
                               {"double", Kind::kDouble},       {"string", Kind::kString},    {"bytes", Kind::kBytes},
                               {"timestamp", Kind::kTimestamp}, {"duration", Kind::kDuration}};

std::string_view WordOf(Kind kind) {
  for (const HostType& type : kTypes) {
    if (type.kind == kind) return type.word;
  }
  return "?";
}

bool IsWordChar(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

class SignatureReader {
 public:
  explicit SignatureReader(std::string_view text) : rest_(text) {}

  Result<HostDecl> Read() {
    HostDecl decl;
    decl.name = Word();
    if (decl.name.empty() || (decl.name[0] >= '0' && decl.name[0] <= '9')) return Fault("it begins with no name");
    if (!Take('(')) return Fault("a ( is missing after the name");
    while (!Take(')')) {
      if (!decl.params.empty() && !Take(',')) return Fault("a , or ) is missing after a parameter");
      if (decl.params.size() == kMaxHostParams) return Fault("it has more than " + std::to_string(kMaxHostParams) + " parameters");
      decl.params.emplace_back();
      if (!Type(true, decl.params.back())) return Fault(why_);
    }
    if (!Take(':')) return Fault("the : of its result is missing");
    if (!Type(false, decl.result)) return Fault(why_);
    Skip();
    if (!rest_.empty()) return Fault("something follows it");
    return decl;
  }

 private:
  static Error Fault(const std::string& why) { return {why}; }
  void Skip() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\t' || rest_[0] == '\n')) rest_.remove_prefix(1);
  }
  bool Take(char c) {
    Skip();
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::string_view Word() {
    Skip();
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), IsWordChar);
    const std::string_view word = rest_.substr(0, static_cast<size_t>(end - rest_.begin()));
    rest_.remove_prefix(word.size());
    return word;
  }
  // "string", or "tool: string".
  bool Type(bool may_be_named, Kind& kind) {
    std::string_view word = Word();
    if (may_be_named && !word.empty() && Take(':')) word = Word();
    const auto* const found =
        std::find_if(std::begin(kTypes), std::end(kTypes), [&](const HostType& type) { return type.word == word; });
    if (found != std::end(kTypes)) {
      kind = found->kind;
      return true;
    }
    why_ = word.empty() ? "a type is missing" : "\"" + std::string(word) + "\" is no type that it may have: there are ";
    for (const HostType& type : kTypes) {
      if (!word.empty()) why_ += (&type == kTypes ? "" : ", ") + std::string(type.word);
    }
    return false;
  }

  std::string_view rest_;
  std::string why_;
};

}  // namespace

void HostCall::Return(const Value& value) {
  answer_ = value;
  if (value.kind != Kind::kString && value.kind != Kind::kBytes) return;
  if (value.size > kMaxHostTextBytes) return TooLong(value.size);
  answer_.s = memory_.Copy(value.text());
}

void HostCall::ReturnText(std::string_view text) {
  if (text.size() > kMaxHostTextBytes) return TooLong(text.size());
  Return(decl_.result == Kind::kBytes ? Value::Bytes(text) : Value::String(text));
}

void HostCall::TooLong(size_t bytes) {
  Fail("its text of " + std::to_string(bytes) + " bytes is longer than " + std::to_string(kMaxHostTextBytes));
}

void HostCall::Fail(std::string_view why) {
  answer_ = MakeError(memory_, ErrorCode::kInvalidArgument, decl_.name + ": " + std::string(Beginning(why, kMaxErrorBytes)));
}

bool IsHostKind(Kind kind) {
  return std::any_of(std::begin(kTypes), std::end(kTypes), [&](const HostType& type) { return type.kind == kind; });
}

std::string SignatureText(const HostDecl& decl) {
  std::string text = decl.name + "(";
  for (size_t i = 0; i < decl.params.size(); ++i) text += (i == 0 ? "" : ", ") + std::string(WordOf(decl.params[i]));
  return text + "): " + std::string(WordOf(decl.result));
}

Result<HostDecl> ReadSignature(std::string_view text) { return SignatureReader(text).Read(); }

HostBinding BindHostFunctions(const Program& program, const std::vector<HostFunction>& given) {
  HostBinding binding;
  const auto fault = [&](std::string what) {
    if (binding.fault.empty()) binding.fault = std::move(what);
  };
  std::vector<HostDecl> read;
  for (const HostFunction& function : given) {
    Result<HostDecl> decl = ReadSignature(function.signature);
    read.push_back(decl.ok() ? std::move(decl.value()) : HostDecl());
    if (!decl.ok()) {
      fault("the signature \"" + function.signature + "\" of a host function: " + decl.error().message);
    } else if (!function.call) {
      fault("the host function " + SignatureText(read.back()) + " is given without anything to call");
    } else if (std::any_of(read.begin(), read.end() - 1, [&](const HostDecl& other) { return other.name == read.back().name; })) {
      fault("the host function " + read.back().name + " is given twice");
    }
  }
  for (const HostDecl& wanted : program.host_functions) {
    const auto found = std::find_if(read.begin(), read.end(), [&](const HostDecl& one) { return one.name == wanted.name; });
    binding.functions.push_back(nullptr);
    if (found == read.end()) {
      fault("the rules call the host function " + SignatureText(wanted) + ", which the engine is not given");
    } else if (found->params != wanted.params || found->result != wanted.result) {
      fault("the rules declare the host function " + SignatureText(wanted) + ", the engine is given " + SignatureText(*found));
    } else if (given[static_cast<size_t>(found - read.begin())].call) {
      binding.functions.back() = &given[static_cast<size_t>(found - read.begin())];
    }
  }
  return binding;
}

}  // namespace edict
