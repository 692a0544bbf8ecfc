// Reads checks and effects as Print writes them. For compiler/ir only.
#ifndef EDICT_COMPILER_IR_PLAN_READER_H_
#define EDICT_COMPILER_IR_PLAN_READER_H_

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "compiler/ir/node_reader.h"

namespace edict::ir {

class PlanReader {
 public:
  PlanReader(Cursor& in, Builder& builder, NodeReader& nodes) : in_(in), b_(builder), p_(builder.program()), nodes_(nodes) {}

  // The indented lines that follow. `effects` null: there may be none.
  void Read(const EventType* event, std::vector<Check>& checks, std::vector<Effect>* effects);
  // `from "file":line:column`, if it is there: a span.
  uint32_t Place();

 private:
  void Line(std::vector<Check>& checks, std::vector<Effect>* effects);
  Check CheckHead();
  Clause OneClause(std::vector<Loop> loops);
  Effect OneEffect(std::vector<Loop> loops);
  std::vector<Loop> Loops();
  Blame Path();
  Message OneMessage();

  Cursor& in_;
  Builder& b_;
  Program& p_;
  NodeReader& nodes_;
  std::map<std::string, uint32_t> files_;
  std::map<std::tuple<uint32_t, uint32_t, uint32_t>, uint32_t> spans_;  // by file, line, column
};

}  // namespace edict::ir

#endif  // EDICT_COMPILER_IR_PLAN_READER_H_
