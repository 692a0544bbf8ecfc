// The network extension: IP addresses and CIDR ranges. Their Values are the canonical text, flagged (support.h).
#include <arpa/inet.h>

#include <charconv>
#include <cstring>

#include "runtime/builtins/support.h"

namespace edict::builtins {
namespace {

struct Address {
  int family = 0;  // 4 or 6
  unsigned char bytes[16] = {};
  bool mapped = false;  // was written as an IPv6 form of an IPv4 address; held as IPv4
};
struct Range {
  Address address;
  int bits = 0;
};

constexpr unsigned char kMappedPrefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool ReadAddress(std::string_view text, Address* address) {
  char buffer[64];
  if (text.size() >= sizeof buffer || text.find('\0') != std::string_view::npos) return false;
  std::memcpy(buffer, text.data(), text.size());
  buffer[text.size()] = '\0';
  if (inet_pton(AF_INET, buffer, address->bytes) == 1) {
    address->family = 4;
    return true;
  }
  if (inet_pton(AF_INET6, buffer, address->bytes) != 1) return false;
  address->family = 6;
  if (std::memcmp(address->bytes, kMappedPrefix, sizeof kMappedPrefix) == 0) {
    // ::ffff:1.2.3.4 is refused, as the extension has it; ::ffff:102:304 is the IPv4 address.
    if (text.find('.') != std::string_view::npos) return false;
    address->family = 4;
    address->mapped = true;
    std::memmove(address->bytes, address->bytes + 12, 4);
    std::memset(address->bytes + 4, 0, 12);
  }
  return true;
}

// The canonical text of an IPv6 address (RFC 5952): the first of the longest runs of zero groups is "::". Not inet_ntop,
// which writes ::102:304 as ::1.2.3.4.
std::string Text6(const unsigned char* bytes) {
  constexpr int kGroups = 8;
  int groups[kGroups];
  for (int i = 0; i < kGroups; ++i) groups[i] = bytes[2 * i] << 8 | bytes[2 * i + 1];
  int run = kGroups, run_length = 1;  // a single zero group is written out
  for (int i = 0; i < kGroups; ++i) {
    int end = i;
    while (end < kGroups && groups[end] == 0) ++end;
    if (end - i > run_length) run = i, run_length = end - i;
  }
  std::string text;
  for (int i = 0; i < kGroups; ++i) {
    if (i == run) {
      text += "::";
      i += run_length - 1;
      continue;
    }
    char digits[8];
    if (!text.empty() && text.back() != ':') text += ':';
    text.append(digits, std::to_chars(digits, digits + sizeof digits, groups[i], 16).ptr);
  }
  return text;
}

std::string Text(const Address& address) {
  char buffer[64];
  return address.family == 4 ? inet_ntop(AF_INET, address.bytes, buffer, sizeof buffer) : Text6(address.bytes);
}

bool ReadRange(std::string_view text, Range* range) {
  size_t slash = text.find('/');
  if (slash == std::string_view::npos || !ReadAddress(text.substr(0, slash), &range->address)) return false;
  std::string_view bits = text.substr(slash + 1);
  auto [end, error] = std::from_chars(bits.data(), bits.data() + bits.size(), range->bits);
  bool whole = !bits.empty() && error == std::errc() && end == bits.data() + bits.size();
  bool canonical = bits.size() == 1 || (!bits.empty() && bits[0] != '0' && bits[0] != '-');
  return whole && canonical && !range->address.mapped && range->bits >= 0 && range->bits <= (range->address.family == 4 ? 32 : 128);
}

Value Flagged(EvalContext& context, std::string_view text, uint8_t flag) {
  Value value = NewBytes(context, text);
  value.flags |= flag;
  return value;
}
Value IpValue(EvalContext& context, const Address& address) { return Flagged(context, Text(address), kIpFlag); }
Value CidrValue(EvalContext& context, const Range& range) {
  return Flagged(context, Text(range.address) + "/" + std::to_string(range.bits), kCidrFlag);
}

Value NotAn(EvalContext& context, std::string_view what, std::string_view text) {
  return Invalid(context, "cannot read " + ToCelText(Value::String(text.substr(0, 100))) + " as " + std::string(what));
}

// Of Values that this file made.
Address AddressOf(const Value& ip) {
  Address address;
  ReadAddress(ip.text(), &address);
  return address;
}
Range RangeOf(const Value& cidr) {
  Range range;
  ReadRange(cidr.text(), &range);
  return range;
}

bool SamePrefix(const Address& a, const Address& b, int bits) {
  if (a.family != b.family) return false;
  int whole = bits / 8, rest = bits % 8;
  if (std::memcmp(a.bytes, b.bytes, static_cast<size_t>(whole)) != 0) return false;
  return rest == 0 || ((a.bytes[whole] ^ b.bytes[whole]) >> (8 - rest)) == 0;
}
bool ContainsRange(const Range& outer, const Range& inner) {
  return outer.bits <= inner.bits && SamePrefix(outer.address, inner.address, outer.bits);
}

bool IsAll(const Address& a, unsigned char rest, unsigned char last) {
  int size = a.family == 4 ? 4 : 16;
  for (int i = 0; i + 1 < size; ++i) {
    if (a.bytes[i] != rest) return false;
  }
  return a.bytes[size - 1] == last;
}
bool IsUnspecified(const Address& a) { return IsAll(a, 0, 0); }
bool IsLoopback(const Address& a) { return a.family == 4 ? a.bytes[0] == 127 : IsAll(a, 0, 1); }
bool IsMulticast(const Address& a) { return a.family == 4 ? (a.bytes[0] & 0xf0) == 0xe0 : a.bytes[0] == 0xff; }
bool IsLinkLocalUnicast(const Address& a) {
  return a.family == 4 ? a.bytes[0] == 169 && a.bytes[1] == 254 : a.bytes[0] == 0xfe && (a.bytes[1] & 0xc0) == 0x80;
}
bool IsLinkLocalMulticast(const Address& a) {
  return a.family == 4 ? a.bytes[0] == 224 && a.bytes[1] == 0 && a.bytes[2] == 0
                       : a.bytes[0] == 0xff && (a.bytes[1] & 0x0f) == 0x02;
}
bool IsBroadcast(const Address& a) { return a.family == 4 && IsAll(a, 0xff, 0xff); }

}  // namespace

EDICT_DEFINE(IpFromString) {
  Address address;
  *out = ReadAddress(args[0].text(), &address) ? IpValue(context, address) : NotAn(context, "an IP address", args[0].text());
}
EDICT_DEFINE(IpFromIp) { *out = args[0]; }
EDICT_DEFINE(IsIp) {
  Address address;
  *out = Value::Bool(ReadAddress(args[0].text(), &address));
}
EDICT_DEFINE(IpIsCanonical) {
  Address address;
  *out = ReadAddress(args[0].text(), &address) ? Value::Bool(Text(address) == args[0].text())
                                               : NotAn(context, "an IP address", args[0].text());
}
EDICT_DEFINE(IpFamily) { *out = Value::Int(AddressOf(args[0]).family); }
EDICT_DEFINE(IpIsUnspecified) { *out = Value::Bool(IsUnspecified(AddressOf(args[0]))); }
EDICT_DEFINE(IpIsLoopback) { *out = Value::Bool(IsLoopback(AddressOf(args[0]))); }
EDICT_DEFINE(IpIsGlobalUnicast) {
  Address a = AddressOf(args[0]);
  *out = Value::Bool(!IsUnspecified(a) && !IsLoopback(a) && !IsMulticast(a) && !IsLinkLocalUnicast(a) && !IsBroadcast(a));
}
EDICT_DEFINE(IpIsLinkLocalUnicast) { *out = Value::Bool(IsLinkLocalUnicast(AddressOf(args[0]))); }
EDICT_DEFINE(IpIsLinkLocalMulticast) { *out = Value::Bool(IsLinkLocalMulticast(AddressOf(args[0]))); }

EDICT_DEFINE(CidrFromString) {
  Range range;
  *out = ReadRange(args[0].text(), &range) ? CidrValue(context, range) : NotAn(context, "a CIDR range", args[0].text());
}
EDICT_DEFINE(IsCidr) {
  Range range;
  *out = Value::Bool(ReadRange(args[0].text(), &range));
}
EDICT_DEFINE(CidrContainsIp) {
  Range range = RangeOf(args[0]);
  *out = Value::Bool(SamePrefix(range.address, AddressOf(args[1]), range.bits));
}
EDICT_DEFINE(CidrContainsIpString) {
  Value ip[2] = {args[0], {}};
  IpFromString(&ip[1], args + 1, 1, context);
  if (ip[1].is_error()) return void(*out = ip[1]);
  CidrContainsIp(out, ip, 2, context);
}
EDICT_DEFINE(CidrContainsCidr) { *out = Value::Bool(ContainsRange(RangeOf(args[0]), RangeOf(args[1]))); }
EDICT_DEFINE(CidrContainsCidrString) {
  Range inner;
  *out = ReadRange(args[1].text(), &inner) ? Value::Bool(ContainsRange(RangeOf(args[0]), inner))
                                           : NotAn(context, "a CIDR range", args[1].text());
}
EDICT_DEFINE(CidrIp) { *out = IpValue(context, RangeOf(args[0]).address); }
EDICT_DEFINE(CidrMasked) {
  Range range = RangeOf(args[0]);
  for (int bit = range.bits; bit < 128; ++bit) range.address.bytes[bit / 8] &= static_cast<unsigned char>(~(0x80 >> bit % 8));
  *out = CidrValue(context, range);
}
EDICT_DEFINE(CidrPrefixLength) { *out = Value::Int(RangeOf(args[0]).bits); }

}  // namespace edict::builtins
