// Engines and their rules.
#include <memory>
#include <string_view>

#include "runtime/capi/handles.h"
#include "runtime/rules.h"

#if EDICT_WITH_COMPILER
#include "compiler/default_compiler.h"
#endif

using edict::capi::Fail;
using edict::capi::Guarded;
using edict::capi::Name;
using edict::capi::ReadStruct;
using edict::capi::WriteStruct;

namespace {

std::unique_ptr<edict::RuleCompiler> NewCompiler() {
#if EDICT_WITH_COMPILER
  return std::make_unique<edict::compiler::DefaultCompiler>();
#else
  return nullptr;
#endif
}

// Calls `each` for the parts of a text between separators, but for empty ones.
template <typename Each>
void Split(std::string_view text, char separator, Each&& each) {
  while (!text.empty()) {
    const size_t end = std::min(text.find(separator), text.size());
    if (end > 0) each(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

edict::Result<edict::Rules> Load(const edict_load& load) {
  edict::RuleSource source;
  if (load.root != nullptr) source.roots.emplace_back(load.root);
  if (load.text != nullptr) {
    source.texts.push_back({load.text_name != nullptr ? load.text_name : "text", std::string(load.text, load.text_size)});
  }
  if (load.artefact != nullptr) source.artefact.assign(static_cast<const char*>(load.artefact), load.artefact_size);
  if (load.search_path != nullptr) {
    Split(load.search_path, ':', [&](std::string_view folder) { source.search_paths.emplace_back(folder); });
  }
  source.profile = Name(load.profile);
  std::string fault;
  if (load.params != nullptr) {
    Split(load.params, '\n', [&](std::string_view param) {
      const size_t equals = param.find('=');
      if (equals == std::string_view::npos || equals == 0) {
        fault = "a param wants NAME=VALUE, not \"" + std::string(param) + "\"";
      } else {
        source.params[std::string(param.substr(0, equals))] = param.substr(equals + 1);
      }
    });
  }
  if (!fault.empty()) return edict::Error{std::move(fault)};
  source.order_checks = load.order_checks != 0;
  if (load.costs != nullptr) {
    edict::Result<edict::CostProfile> costs = edict::ParseCostProfile(std::string_view(load.costs, load.costs_size));
    if (!costs.ok()) return costs.error();
    source.costs = std::make_shared<const edict::CostProfile>(std::move(costs.value()));
  }
  edict::LoadOptions options;
  options.object_code = load.no_object_code == 0;
  return edict::LoadRules(source, NewCompiler().get(), options);
}

template <typename T>
void Set(T given, T& option) {
  if (given != 0) option = given;
}

edict::EngineOptions ToOptions(const edict_engine_options& given) {
  edict::EngineOptions options;
  Set(given.max_record_bytes, options.max_record_bytes);
  Set(given.max_json_depth, options.max_json_depth);
  Set(given.max_findings_per_event, options.max_findings_per_event);
  Set(given.fuel_per_event, options.fuel_per_event);
  Set(given.max_state_bytes, options.max_state_bytes);
  Set(given.max_state_string_bytes, options.max_state_string_bytes);
  Set(given.kept_generations, options.kept_generations);
  options.pin_streams = given.pin_streams != 0;
  options.cache = given.cache == EDICT_CACHE_ON    ? edict::CacheMode::kOn
                  : given.cache == EDICT_CACHE_OFF ? edict::CacheMode::kOff
                                                   : edict::CacheMode::kAuto;
  Set(given.max_cache_bytes, options.max_cache_bytes);
  options.fail_fast = given.fail_fast != 0;
  options.profile_share = given.profile_share;
  return options;
}

edict_status Report(edict_engine* engine, edict::Result<edict::ReloadReport> reloaded, edict_status failed,
                    edict_reload_report* report, edict_error** error) {
  if (!reloaded.ok()) return Fail(failed, reloaded.error().message, error);
  if (report == nullptr) return EDICT_OK;
  engine->report = edict::ToText(reloaded.value());
  edict_reload_report c{};
  c.from = reloaded.value().from;
  c.to = reloaded.value().to;
  c.streams = reloaded.value().streams;
  c.text = engine->report.c_str();
  return WriteStruct(c, report);
}

}  // namespace

extern "C" {

int edict_has_compiler(void) { return EDICT_WITH_COMPILER; }

edict_status edict_engine_load(const edict_load* load, const edict_engine_options* options, edict_engine** out,
                               edict_error** error) {
  edict_load what;
  edict_engine_options how;
  if (load == nullptr || out == nullptr || !ReadStruct(load, what) || !ReadStruct(options, how)) return EDICT_BAD_ARGUMENT;
  return Guarded([&] {
    edict::Result<edict::Rules> rules = Load(what);
    if (!rules.ok()) return Fail(EDICT_BAD_RULES, rules.error().message, error);
    edict::EngineOptions engine_options = ToOptions(how);
    if (!edict::capi::ReadHostFunctions(how.host_functions, how.host_function_count, engine_options.host_functions))
      return EDICT_BAD_ARGUMENT;
    edict::Result<edict::Engine> engine = edict::MakeEngine(rules.value(), engine_options);
    if (!engine.ok()) return Fail(EDICT_BAD_RULES, engine.error().message, error);
    *out = new edict_engine{std::move(engine.value()), {}};
    return EDICT_OK;
  });
}

void edict_engine_free(edict_engine* engine) { delete engine; }

edict_status edict_engine_compile_native(edict_engine* engine, edict_error** error) {
  if (engine == nullptr) return EDICT_BAD_ARGUMENT;
  return Guarded([&] {
    const std::unique_ptr<edict::RuleCompiler> compiler = NewCompiler();
    if (compiler == nullptr) return Fail(EDICT_NO_NATIVE, "this build has no compiler", error);
    const edict::Status made = compiler->CompileNative(engine->engine);
    return made.ok() ? EDICT_OK : Fail(EDICT_NO_NATIVE, made.error().message, error);
  });
}

edict_status edict_engine_reload(edict_engine* engine, const edict_load* load, edict_reload_report* report, edict_error** error) {
  edict_load what;
  if (engine == nullptr || load == nullptr || !ReadStruct(load, what)) return EDICT_BAD_ARGUMENT;
  return Guarded([&] {
    edict::Result<edict::Rules> rules = Load(what);
    if (!rules.ok()) return Fail(EDICT_BAD_RULES, rules.error().message, error);
    edict::ReloadOptions options;
    options.native = rules.value().native;
    return Report(engine, engine->engine.Reload(rules.value().program, options), EDICT_BAD_RULES, report, error);
  });
}

edict_status edict_engine_roll_back(edict_engine* engine, uint32_t back, edict_reload_report* report, edict_error** error) {
  if (engine == nullptr) return EDICT_BAD_ARGUMENT;
  return Guarded([&] { return Report(engine, engine->engine.RollBack(back), EDICT_NOT_FOUND, report, error); });
}

uint64_t edict_engine_generation(const edict_engine* engine) { return engine == nullptr ? 0 : engine->engine.generation(); }

edict_status edict_engine_hash(const edict_engine* engine, char out[33]) {
  if (engine == nullptr || out == nullptr) return EDICT_BAD_ARGUMENT;
  return Guarded([&] {
    const std::string hash = engine->engine.hash();
    std::memcpy(out, hash.c_str(), 33);
    return EDICT_OK;
  });
}

size_t edict_engine_generation_count(const edict_engine* engine) {
  if (engine == nullptr) return 0;
  size_t count = 0;
  Guarded([&] {
    count = engine->engine.generations().size();
    return EDICT_OK;
  });
  return count;
}

edict_status edict_engine_generation_at(const edict_engine* engine, size_t at, edict_generation* out) {
  if (engine == nullptr) return EDICT_BAD_ARGUMENT;
  return Guarded([&] {
    const std::vector<edict::GenerationInfo> all = engine->engine.generations();
    if (at >= all.size()) return EDICT_NOT_FOUND;
    edict_generation c{};
    c.number = all[at].number;
    c.current = all[at].current ? 1 : 0;
    c.kept = all[at].kept ? 1 : 0;
    c.native = all[at].native ? 1 : 0;
    c.streams = all[at].streams;
    return WriteStruct(c, out);
  });
}
}
