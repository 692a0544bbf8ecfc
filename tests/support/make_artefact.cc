// make_artefact ARTEFACT EVENTS: writes an artefact of a Program made by hand, and events of which the second breaks its rule. For
// builds without the compiler, which can make no other.
#include <cstdio>
#include <fstream>

#include "runtime/artefact/artefact.h"
#include "tests/unit/runtime_engine/program_builder.h"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  edict::ProgramBuilder b;
  b.AddCheck(b.AddCode("NOT_OK", edict::Severity::kError), b.Slot(edict::ProgramBuilder::kOk));
  const edict::Result<uint64_t> written = edict::WriteArtefact(argv[1], {b.Take(), {}});
  if (!written.ok()) std::fprintf(stderr, "%s\n", written.error().message.c_str());
  std::ofstream events(argv[2]);
  events << R"({"type": "A", "id": "x", "ok": true})"
         << "\n"
         << R"({"type": "A", "id": "y", "ok": false})"
         << "\n";
  return written.ok() && events.good() ? 0 : 2;
}
