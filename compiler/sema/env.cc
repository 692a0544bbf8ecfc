#include "compiler/sema/env.h"

namespace edict::sema {

const Binding* Env::Find(std::string_view name) const {
  auto found = bindings_.find(name);
  if (found != bindings_.end()) return &found->second;
  return parent_ == nullptr ? nullptr : parent_->Find(name);
}

const Function* Env::FindFunction(std::string_view name) const {
  auto found = functions_.find(name);
  if (found != functions_.end()) return &found->second;
  return parent_ == nullptr ? nullptr : parent_->FindFunction(name);
}

bool Env::IsPresent(const std::string& path) const {
  return present_.count(path) != 0 || (parent_ != nullptr && parent_->IsPresent(path));
}

bool Env::IsNotNull(const std::string& path) const {
  return not_null_.count(path) != 0 || (parent_ != nullptr && parent_->IsNotNull(path));
}

void Env::AppendNames(std::vector<std::string>& names) const {
  for (const auto& binding : bindings_) names.push_back(binding.first);
  for (const auto& function : functions_) names.push_back(function.first);
  if (parent_ != nullptr) parent_->AppendNames(names);
}

}  // namespace edict::sema
