#include "runtime/artefact/artefact.h"

#include <algorithm>
#include <utility>

#include "runtime/base/hash.h"
#include "runtime/jit/build_identity.h"
#include "runtime/jit/cpu_features.h"
#include "runtime/program/serialize.h"

namespace edict {
namespace {

constexpr std::string_view kMagic = "EDICTART";
constexpr size_t kHeaderBytes = 8 + 4 + 16;

void Append(std::string& out, uint64_t number, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>(number >> (8 * i)));
}

void AppendText(std::string& out, std::string_view text) {
  Append(out, text.size(), 8);
  out += text;
}

// What it reads beyond the end is 0 and empty, and then it is not ok().
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  uint64_t Number(int bytes) {
    uint64_t number = 0;
    const std::string_view raw = Take(static_cast<uint64_t>(bytes));
    for (size_t i = 0; i < raw.size(); ++i) number |= static_cast<uint64_t>(static_cast<unsigned char>(raw[i])) << (8 * i);
    return number;
  }
  std::string_view Text() { return Take(Number(8)); }
  bool ok() const { return ok_; }
  bool at_end() const { return bytes_.empty(); }

 private:
  std::string_view Take(uint64_t n) {
    if (n > bytes_.size()) {
      ok_ = false;
      bytes_ = {};
      return {};
    }
    const std::string_view taken = bytes_.substr(0, n);
    bytes_.remove_prefix(n);
    return taken;
  }

  std::string_view bytes_;
  bool ok_ = true;
};

ObjectCode ReadObjectCode(Reader& reader) {
  ObjectCode object;
  object.cpu = reader.Text();
  object.build = reader.Text();
  const uint64_t features = reader.Number(4);
  for (uint64_t i = 0; i < features && reader.ok(); ++i) object.features.emplace_back(reader.Text());
  object.bytes = reader.Text();
  return object;
}

}  // namespace

bool IsArtefact(std::string_view bytes) { return bytes.starts_with(kMagic); }

std::string EncodeArtefact(const Artefact& artefact) {
  std::string body;
  AppendText(body, Serialize(*artefact.program));
  Append(body, artefact.objects.size(), 4);
  for (const ObjectCode& object : artefact.objects) {
    AppendText(body, object.cpu);
    AppendText(body, object.build);
    Append(body, object.features.size(), 4);
    for (const std::string& feature : object.features) AppendText(body, feature);
    AppendText(body, object.bytes);
  }
  const Hash128 hash = ContentHash(body);
  std::string bytes(kMagic);
  Append(bytes, kArtefactFormat, 4);
  Append(bytes, hash.high, 8);
  Append(bytes, hash.low, 8);
  return bytes + body;
}

Result<Artefact> DecodeArtefact(std::string_view bytes) {
  if (!IsArtefact(bytes)) return Error{"not a built artefact (it does not start with EDICTART)"};
  if (bytes.size() < kHeaderBytes) return Error{"the artefact is cut short"};
  Reader header(bytes.substr(kMagic.size()));
  const uint64_t format = header.Number(4);
  if (format != kArtefactFormat) {
    return Error{"the artefact has format " + std::to_string(format) + ", this edict reads format " +
                 std::to_string(kArtefactFormat) + ": build it anew from its rules"};
  }
  const uint64_t high = header.Number(8);
  const Hash128 hash{high, header.Number(8)};
  const std::string_view body = bytes.substr(kHeaderBytes);
  if (ContentHash(body) != hash) return Error{"the artefact is damaged or cut short (its checksum differs)"};
  Reader reader(body);
  Result<Program> program = Deserialize(reader.Text());
  if (!program.ok()) return program.error();
  Artefact artefact{std::make_shared<const Program>(std::move(program.value())), {}};
  const uint64_t objects = reader.Number(4);
  for (uint64_t i = 0; i < objects && reader.ok(); ++i) artefact.objects.push_back(ReadObjectCode(reader));
  if (!reader.ok() || !reader.at_end()) return Error{"the artefact is damaged (its parts do not add up)"};
  return artefact;
}

Status Fits(const ObjectCode& object) {
  const auto refuse = [&](std::string_view start, std::string_view name, std::string_view end) {
    std::string why = "the object code for ";
    why.append(object.cpu).append(start).append(name).append(end);
    return Error{why};
  };
  if (object.build != kBuildIdentity) return refuse(" was made by another build of edict", "", "");
  for (const std::string& feature : object.features) {
    if (!IsKnownCpuFeature(feature)) return refuse(" needs ", feature, ", which this edict cannot ask the CPU for");
    if (!HasCpuFeature(feature)) return refuse(" needs ", feature, ", which this CPU does not have");
  }
  return {};
}

Result<LoadedObjectCode> LoadObjectCode(const Artefact& artefact, const ObjectLoader& load) {
  if (artefact.objects.empty()) return Error{"the artefact holds no object code"};
  if (Status may = MayMapExecutableMemory(); !may.ok()) return may.error();
  std::vector<const ObjectCode*> fitting;
  std::string reasons;
  const auto refuse = [&](const Error& error) { reasons += (reasons.empty() ? "" : "; ") + error.message; };
  for (const ObjectCode& object : artefact.objects) {
    if (Status fits = Fits(object); fits.ok()) {
      fitting.push_back(&object);
    } else {
      refuse(fits.error());
    }
  }
  std::stable_sort(fitting.begin(), fitting.end(),
                   [](const ObjectCode* a, const ObjectCode* b) { return a->features.size() > b->features.size(); });
  for (const ObjectCode* object : fitting) {
    const size_t events = artefact.program->events.size();
    Result<std::shared_ptr<const NativeCode>> code = load ? load(object->bytes, events) : LoadNativeCode(object->bytes, events);
    if (code.ok()) return LoadedObjectCode{std::move(code.value()), object->cpu};
    refuse(Error{"the object code for " + object->cpu + ": " + code.error().message});
  }
  return Error{reasons};
}

}  // namespace edict
