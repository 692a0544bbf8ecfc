#include "runtime/metrics.h"

#include <cstdio>
#include <string_view>

#include "runtime/engine.h"
#include "runtime/engine/engine_impl.h"

namespace edict {
namespace {

// Upper bounds of the histogram's buckets, in nanoseconds.
constexpr uint64_t kBounds[] = {50,     100,    200,     500,       1'000,      2'000,       5'000,        10'000,
                                20'000, 50'000, 100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000};

// A label's value: the three characters that the format escapes.
void AppendLabel(std::string& out, std::string_view value) {
  for (const char c : value) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '\\' || c == '"') out += '\\';
    out += c;
  }
}

class Writer {
 public:
  void Family(std::string_view name, std::string_view type, std::string_view help) {
    ((text_ += "# HELP ") += name) += ' ';
    (text_ += help) += '\n';
    ((text_ += "# TYPE ") += name) += ' ';
    (text_ += type) += '\n';
  }
  void Sample(std::string_view name, uint64_t value) { ((text_ += name) += ' ') += std::to_string(value) += '\n'; }
  void One(std::string_view name, std::string_view type, std::string_view help, uint64_t value) {
    Family(name, type, help);
    Sample(name, value);
  }
  std::string& text() { return text_; }

 private:
  std::string text_;
};

std::string Seconds(uint64_t nanoseconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.10g", static_cast<double>(nanoseconds) / 1e9);
  return text;
}

void WriteLatency(const LatencyHistogram& latency, Writer& out) {
  out.Family("edict_event_seconds", "histogram", "Time of an event, sampled.");
  for (const uint64_t bound : kBounds) {
    out.Sample("edict_event_seconds_bucket{le=\"" + Seconds(bound) + "\"}", latency.CountUpTo(bound));
  }
  out.Sample("edict_event_seconds_bucket{le=\"+Inf\"}", latency.count());
  out.text() += "edict_event_seconds_sum " + Seconds(latency.sum()) + "\n";
  out.Sample("edict_event_seconds_count", latency.count());
}

}  // namespace

Metrics Engine::metrics() const {
  Metrics metrics = impl_->meter->Read();
  metrics.cache = cache_stats();
  for (const GenerationInfo& info : generations()) {
    if (info.current) metrics.generation = info.number;
    metrics.streams += info.streams;
    ++metrics.rule_sets;
    if (info.native) ++metrics.native_sets;
  }
  return metrics;
}

std::string ToPrometheus(const Metrics& metrics) {
  Writer out;
  out.One("edict_events_total", "counter", "Events fed.", metrics.events);
  out.One("edict_events_not_validated_total", "counter", "Events behind a critical finding of their stream.",
          metrics.not_validated);
  out.Family("edict_findings_total", "counter", "Findings by code.");
  for (const RuleMetrics& rule : metrics.rules) {
    std::string& text = out.text();
    AppendLabel(text += "edict_findings_total{code=\"", rule.code);
    AppendLabel(text += "\",rule=\"", rule.rule);
    AppendLabel(text += "\",package=\"", rule.package);
    ((text += "\",severity=\"") += SeverityName(rule.severity)) += "\"} ";
    (text += std::to_string(rule.findings)) += '\n';
  }
  WriteLatency(metrics.latency, out);
  out.One("edict_streams", "gauge", "Open streams.", metrics.streams);
  out.One("edict_streams_opened_total", "counter", "Streams opened.", metrics.streams_opened);
  out.Family("edict_memory_bytes", "gauge", "Memory by what it is for.");
  out.Sample("edict_memory_bytes{part=\"state\"}", metrics.state_bytes);
  out.Sample("edict_memory_bytes{part=\"workspaces\"}", metrics.workspace_bytes);
  out.Sample("edict_memory_bytes{part=\"cache\"}", metrics.cache.bytes);
  out.One("edict_workspaces", "gauge", "What threads need to judge.", metrics.workspaces);
  out.One("edict_cache_hits_total", "counter", "Array elements that were known.", metrics.cache.hits);
  out.One("edict_cache_misses_total", "counter", "Array elements that were not.", metrics.cache.misses);
  out.One("edict_cache_evictions_total", "counter", "Elements dropped for want of room.", metrics.cache.evictions);
  out.One("edict_cache_checks_asked_total", "counter", "Checks looked for by their fields.", metrics.cache.checks_asked);
  out.One("edict_cache_checks_known_total", "counter", "Checks known to pass by their fields.", metrics.cache.checks_known);
  out.One("edict_cache_elements", "gauge", "Elements in the cache.", metrics.cache.elements);
  out.One("edict_generation", "gauge", "Number of the current rules.", metrics.generation);
  out.One("edict_reloads_total", "counter", "Rule sets loaded while running.", metrics.reloads);
  out.One("edict_roll_backs_total", "counter", "Returns to a former rule set.", metrics.roll_backs);
  out.One("edict_rule_sets", "gauge", "Rule sets in memory.", metrics.rule_sets);
  out.One("edict_native_rule_sets", "gauge", "Of them, with native code.", metrics.native_sets);
  return std::move(out.text());
}

}  // namespace edict
