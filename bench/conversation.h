// Conversations of many turns, in which each turn sends the whole history again: what the cache is for. And the same without
// anything that repeats.
#ifndef EDICT_BENCH_CONVERSATION_H_
#define EDICT_BENCH_CONVERSATION_H_

#include <cstdint>

#include "bench/traffic.h"

namespace edict::bench {

struct ConversationOptions {
  uint32_t turns = 50;
  uint32_t messages = 200;         // at the end
  uint32_t message_bytes = 1'000;  // of each, about
  uint32_t conversations = 4;      // one after the other, each a thread of its own
  uint64_t seed = 1;
  // How likely an answer begins with a tool call and its result, which are JSON in strings.
  double tools = 0.3;
  // Each turn has as many messages as if it repeated them, but all are new.
  bool fresh = false;
  // RUN_STARTED repeats the history as well, as what the agent was given.
  bool input = false;
};

// Each turn is a run: RUN_STARTED, the answers token by token in a few pieces, MESSAGES_SNAPSHOT, RUN_FINISHED. All valid.
Traffic MakeConversations(const ConversationOptions& options);
// How many messages stand in arrays, and how many of them are there for the first time.
struct MessageCounts {
  uint64_t all = 0;
  uint64_t fresh = 0;
};
MessageCounts CountMessages(const ConversationOptions& options);

}  // namespace edict::bench

#endif  // EDICT_BENCH_CONVERSATION_H_
