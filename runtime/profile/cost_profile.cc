#include "runtime/profile/cost_profile.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace edict {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kVersion = 1;
constexpr const char* kVersionName = "edict_cost_profile";
// Of numbers in a file: so many of the largest can be added without an overflow.
constexpr uint64_t kMostCount = uint64_t{1} << 53;

// The entry of that name, made where there is none.
template <typename Entry>
Entry& In(std::vector<Entry>& entries, std::string Entry::*name, const std::string& wanted) {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) { return entry.*name == wanted; });
  if (found != entries.end()) return *found;
  entries.emplace_back().*name = wanted;
  return entries.back();
}

void AddEvent(EventCost& sum, const EventCost& more) {
  sum.events += more.events;
  sum.bytes += more.bytes;
  sum.slots_ns += more.slots_ns;
  sum.rules_ns += more.rules_ns;
  sum.writes_ns += more.writes_ns;
  sum.writes_steps += more.writes_steps;
  sum.native_events += more.native_events;
  sum.native_ns += more.native_ns;
  for (const CheckCost& check : more.checks) {
    CheckCost& to = In(sum.checks, &CheckCost::code, check.code);
    to.runs += check.runs;
    to.failed += check.failed;
    to.steps += check.steps;
    to.ns += check.ns;
  }
  for (const SlotCost& slot : more.slots) {
    SlotCost& to = In(sum.slots, &SlotCost::name, slot.name);
    to.present += slot.present;
    to.size += slot.size;
  }
}

double Rounded(double number) { return std::round(number * 10) / 10; }

Json ToJson(const EventCost& event) {
  Json checks = Json::array();
  for (const CheckCost& check : event.checks) {
    checks.push_back(
        {{"code", check.code}, {"runs", check.runs}, {"failed", check.failed}, {"steps", check.steps}, {"ns", Rounded(check.ns)}});
  }
  Json slots = Json::array();
  for (const SlotCost& slot : event.slots) {
    slots.push_back({{"name", slot.name}, {"present", slot.present}, {"size", slot.size}});
  }
  return {{"name", event.name},
          {"events", event.events},
          {"bytes", event.bytes},
          {"slots_ns", Rounded(event.slots_ns)},
          {"rules_ns", Rounded(event.rules_ns)},
          {"writes_ns", Rounded(event.writes_ns)},
          {"writes_steps", event.writes_steps},
          {"native_events", event.native_events},
          {"native_ns", Rounded(event.native_ns)},
          {"checks", std::move(checks)},
          {"slots", std::move(slots)}};
}

// Reads members; the first that is missing, or is of another type, is the fault.
class Members {
 public:
  explicit Members(Status& status) : status_(status) {}

  void Read(const Json& from, const char* name, uint64_t& to) {
    const Json* member = Member(from, name);
    if (member == nullptr) return;
    if (!member->is_number_unsigned() || member->get<uint64_t>() > kMostCount) return Fail(name, "a count");
    to = member->get<uint64_t>();
  }
  void Read(const Json& from, const char* name, int64_t& to) {
    const Json* member = Member(from, name);
    if (member == nullptr) return;
    if (!member->is_number_integer()) return Fail(name, "a whole number");
    to = member->get<int64_t>();
  }
  void Read(const Json& from, const char* name, double& to) {
    const Json* member = Member(from, name);
    if (member == nullptr) return;
    if (!member->is_number()) return Fail(name, "a number");
    to = member->get<double>();
  }
  void Read(const Json& from, const char* name, std::string& to) {
    const Json* member = Member(from, name);
    if (member == nullptr) return;
    if (!member->is_string()) return Fail(name, "a string");
    to = member->get<std::string>();
  }
  template <typename Entry, typename ReadEntry>
  void Read(const Json& from, const char* name, std::vector<Entry>& to, const ReadEntry& read) {
    const Json* member = Member(from, name);
    if (member == nullptr) return;
    if (!member->is_array()) return Fail(name, "an array");
    for (const Json& entry : *member) read(entry, to.emplace_back());
  }

 private:
  const Json* Member(const Json& from, const char* name) {
    const auto member = from.is_object() ? from.find(name) : from.end();
    if (from.is_object() && member != from.end()) return &*member;
    if (status_.ok()) status_ = Error{std::string("\"") + name + "\" is missing"};
    return nullptr;
  }
  void Fail(const char* name, const char* wanted) {
    if (status_.ok()) status_ = Error{std::string("\"") + name + "\" is not " + wanted};
  }

  Status& status_;
};

void ReadEvent(Members& members, const Json& from, EventCost& event) {
  members.Read(from, "name", event.name);
  members.Read(from, "events", event.events);
  members.Read(from, "bytes", event.bytes);
  members.Read(from, "slots_ns", event.slots_ns);
  members.Read(from, "rules_ns", event.rules_ns);
  members.Read(from, "writes_ns", event.writes_ns);
  members.Read(from, "writes_steps", event.writes_steps);
  members.Read(from, "native_events", event.native_events);
  members.Read(from, "native_ns", event.native_ns);
  members.Read(from, "checks", event.checks, [&](const Json& entry, CheckCost& check) {
    members.Read(entry, "code", check.code);
    members.Read(entry, "runs", check.runs);
    members.Read(entry, "failed", check.failed);
    members.Read(entry, "steps", check.steps);
    members.Read(entry, "ns", check.ns);
  });
  members.Read(from, "slots", event.slots, [&](const Json& entry, SlotCost& slot) {
    members.Read(entry, "name", slot.name);
    members.Read(entry, "present", slot.present);
    members.Read(entry, "size", slot.size);
  });
}

}  // namespace

void CostProfile::Add(const CostProfile& other) {
  events += other.events;
  bytes += other.bytes;
  samples += other.samples;
  sampling_ns += other.sampling_ns;
  for (const EventCost& event : other.types) AddEvent(In(types, &EventCost::name, event.name), event);
  cache_hits += other.cache_hits;
  cache_misses += other.cache_misses;
  cache_saved_ns += other.cache_saved_ns;
}

const EventCost* CostProfile::Find(std::string_view type) const {
  const auto found = std::find_if(types.begin(), types.end(), [&](const EventCost& event) { return event.name == type; });
  return found == types.end() ? nullptr : &*found;
}

const CheckCost* FindCheck(const EventCost& event, std::string_view code) {
  const auto is = [&](const CheckCost& check) { return check.code == code; };
  const auto found = std::find_if(event.checks.begin(), event.checks.end(), is);
  return found == event.checks.end() ? nullptr : &*found;
}

const SlotCost* FindSlot(const EventCost& event, std::string_view name) {
  const auto is = [&](const SlotCost& slot) { return slot.name == name; };
  const auto found = std::find_if(event.slots.begin(), event.slots.end(), is);
  return found == event.slots.end() ? nullptr : &*found;
}

std::string ToJson(const CostProfile& profile) {
  Json types = Json::array();
  for (const EventCost& event : profile.types) types.push_back(ToJson(event));
  const Json json = {{kVersionName, kVersion},
                     {"events", profile.events},
                     {"bytes", profile.bytes},
                     {"samples", profile.samples},
                     {"sampling_ns", Rounded(profile.sampling_ns)},
                     {"cache_hits", profile.cache_hits},
                     {"cache_misses", profile.cache_misses},
                     {"cache_saved_ns", profile.cache_saved_ns},
                     {"types", std::move(types)}};
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<CostProfile> ParseCostProfile(std::string_view text) {
  const Json json = Json::parse(text.begin(), text.end(), nullptr, false);
  if (json.is_discarded() || !json.is_object() || !json.contains(kVersionName)) return Error{"it is no cost profile of edict"};
  if (json[kVersionName] != kVersion) return Error{"it is a cost profile of another version of edict"};
  Status status;
  Members members(status);
  CostProfile profile;
  members.Read(json, "events", profile.events);
  members.Read(json, "bytes", profile.bytes);
  members.Read(json, "samples", profile.samples);
  members.Read(json, "sampling_ns", profile.sampling_ns);
  members.Read(json, "cache_hits", profile.cache_hits);
  members.Read(json, "cache_misses", profile.cache_misses);
  members.Read(json, "cache_saved_ns", profile.cache_saved_ns);
  members.Read(json, "types", profile.types, [&](const Json& entry, EventCost& event) { ReadEvent(members, entry, event); });
  if (!status.ok()) return Error{"the cost profile is damaged: " + status.error().message};
  return profile;
}

}  // namespace edict
