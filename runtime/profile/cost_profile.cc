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

// The numbers of each struct by their names, for all that goes over them.
template <typename Visit>
void ForNumbers(const EventCost*, const Visit& visit) {
  visit("events", &EventCost::events);
  visit("bytes", &EventCost::bytes);
  visit("slots_ns", &EventCost::slots_ns);
  visit("rules_ns", &EventCost::rules_ns);
  visit("writes_ns", &EventCost::writes_ns);
  visit("writes_steps", &EventCost::writes_steps);
  visit("native_events", &EventCost::native_events);
  visit("native_ns", &EventCost::native_ns);
}
template <typename Visit>
void ForNumbers(const CheckCost*, const Visit& visit) {
  visit("runs", &CheckCost::runs);
  visit("failed", &CheckCost::failed);
  visit("steps", &CheckCost::steps);
  visit("ns", &CheckCost::ns);
}
template <typename Visit>
void ForNumbers(const SlotCost*, const Visit& visit) {
  visit("present", &SlotCost::present);
  visit("size", &SlotCost::size);
}
template <typename Visit>
void ForNumbers(const CostProfile*, const Visit& visit) {
  visit("events", &CostProfile::events);
  visit("bytes", &CostProfile::bytes);
  visit("samples", &CostProfile::samples);
  visit("sampling_ns", &CostProfile::sampling_ns);
  visit("cache_hits", &CostProfile::cache_hits);
  visit("cache_misses", &CostProfile::cache_misses);
  visit("cache_saved_ns", &CostProfile::cache_saved_ns);
}

template <typename Entry>
void AddNumbers(Entry& sum, const Entry& more) {
  ForNumbers(&sum, [&](const char*, auto member) { sum.*member += more.*member; });
}

void AddEvent(EventCost& sum, const EventCost& more) {
  AddNumbers(sum, more);
  for (const CheckCost& check : more.checks) AddNumbers(In(sum.checks, &CheckCost::code, check.code), check);
  for (const SlotCost& slot : more.slots) AddNumbers(In(sum.slots, &SlotCost::name, slot.name), slot);
}

double ToJsonNumber(double number) { return std::round(number * 10) / 10; }
uint64_t ToJsonNumber(uint64_t number) { return number; }
int64_t ToJsonNumber(int64_t number) { return number; }

template <typename Entry>
void PutNumbers(Json& json, const Entry& entry) {
  ForNumbers(&entry, [&](const char* name, auto member) { json[name] = ToJsonNumber(entry.*member); });
}

template <typename Entry>
Json ToJson(const std::vector<Entry>& entries, const char* name, std::string Entry::*member) {
  Json array = Json::array();
  for (const Entry& entry : entries) {
    Json json = {{name, entry.*member}};
    PutNumbers(json, entry);
    array.push_back(std::move(json));
  }
  return array;
}

Json ToJson(const EventCost& event) {
  Json json = {{"name", event.name}};
  PutNumbers(json, event);
  json["checks"] = ToJson(event.checks, "code", &CheckCost::code);
  json["slots"] = ToJson(event.slots, "name", &SlotCost::name);
  return json;
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

template <typename Entry>
void ReadNumbers(Members& members, const Json& from, Entry& entry) {
  ForNumbers(&entry, [&](const char* name, auto member) { members.Read(from, name, entry.*member); });
}

void ReadEvent(Members& members, const Json& from, EventCost& event) {
  members.Read(from, "name", event.name);
  ReadNumbers(members, from, event);
  members.Read(from, "checks", event.checks, [&](const Json& entry, CheckCost& check) {
    members.Read(entry, "code", check.code);
    ReadNumbers(members, entry, check);
  });
  members.Read(from, "slots", event.slots, [&](const Json& entry, SlotCost& slot) {
    members.Read(entry, "name", slot.name);
    ReadNumbers(members, entry, slot);
  });
}

}  // namespace

void CostProfile::Add(const CostProfile& other) {
  AddNumbers(*this, other);
  for (const EventCost& event : other.types) AddEvent(In(types, &EventCost::name, event.name), event);
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
  Json json = {{kVersionName, kVersion}};
  PutNumbers(json, profile);
  json["types"] = Json::array();
  for (const EventCost& event : profile.types) json["types"].push_back(ToJson(event));
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<CostProfile> ParseCostProfile(std::string_view text) {
  const Json json = Json::parse(text.begin(), text.end(), nullptr, false);
  if (json.is_discarded() || !json.is_object() || !json.contains(kVersionName)) return Error{"it is no cost profile of edict"};
  if (json[kVersionName] != kVersion) return Error{"it is a cost profile of another version of edict"};
  Status status;
  Members members(status);
  CostProfile profile;
  ReadNumbers(members, json, profile);
  members.Read(json, "types", profile.types, [&](const Json& entry, EventCost& event) { ReadEvent(members, entry, event); });
  if (!status.ok()) return Error{"the cost profile is damaged: " + status.error().message};
  return profile;
}

}  // namespace edict
