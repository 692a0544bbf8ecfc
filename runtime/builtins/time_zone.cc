// Offsets of time zones, by the date library over the system's tz database.
#include <date/tz.h>

#include <string>

#include "runtime/builtins/time.h"

namespace edict::builtins {
namespace {

bool TwoDigits(std::string_view text, int* value) {
  if (text.size() != 2 || text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9') return false;
  *value = (text[0] - '0') * 10 + (text[1] - '0');
  return true;
}

// "+01:00", "-02:30", "02:00".
bool FixedOffset(std::string_view zone, int32_t* offset) {
  bool negative = !zone.empty() && zone[0] == '-';
  if (negative || (!zone.empty() && zone[0] == '+')) zone.remove_prefix(1);
  int hours, minutes;
  if (zone.size() != 5 || zone[2] != ':' || !TwoDigits(zone.substr(0, 2), &hours) || !TwoDigits(zone.substr(3), &minutes)) {
    return false;
  }
  if (hours > 23 || minutes > 59) return false;
  int32_t seconds = hours * 3600 + minutes * 60;
  *offset = negative ? -seconds : seconds;
  return true;
}

// Names come from the input as well: nothing that could leave the database's folder.
bool IsZoneName(std::string_view zone) {
  if (zone.empty() || zone.size() > 64 || zone[0] == '/') return false;
  for (char c : zone) {
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && !(c >= '0' && c <= '9') && c != '/' && c != '_' && c != '-' && c != '+') return false;
  }
  return true;
}

}  // namespace

bool ZoneOffset(std::string_view zone, int64_t seconds, int32_t* offset) {
  *offset = 0;
  if (zone.empty() || zone == "UTC" || zone == "Z") return true;
  if (FixedOffset(zone, offset)) return true;
  if (!IsZoneName(zone)) return false;
  try {
    const date::time_zone* found = date::locate_zone(std::string(zone));
    *offset = static_cast<int32_t>(found->get_info(date::sys_seconds(std::chrono::seconds(seconds))).offset.count());
    return true;
  } catch (const std::exception&) {  // how the library says that there is no such zone
    return false;
  }
}

}  // namespace edict::builtins
