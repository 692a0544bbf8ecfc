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

int Env::Distance(std::string_view name) const {
  int levels = 0;
  for (const Env* env = this; env != nullptr; env = env->parent_, ++levels) {
    if (env->bindings_.find(name) != env->bindings_.end()) return levels;
  }
  return -1;
}

bool Env::Holds(std::set<std::string> Env::*facts, const std::string& path) const {
  std::string_view head = std::string_view(path).substr(0, path.find('.'));
  for (const Env* env = this; env != nullptr; env = env->parent_) {
    if ((env->*facts).count(path) != 0) return true;
    if (env->bindings_.find(head) != env->bindings_.end()) return false;
  }
  return false;
}

void Env::AppendNames(std::vector<std::string>& names) const {
  for (const auto& binding : bindings_) names.push_back(binding.first);
  for (const auto& function : functions_) names.push_back(function.first);
  if (parent_ != nullptr) parent_->AppendNames(names);
}

}  // namespace edict::sema
