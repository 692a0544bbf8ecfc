// A tiny HTTP server that passes an agent's SSE stream on to the user's client, and judges it on the way: bytes go through as
// they come, and what the rules find is told in SSE comments between events, which clients ignore and people can read.
//
//   example_sse_handler serve PORT FILE    serves FILE, an SSE stream, at http://127.0.0.1:PORT/
//   example_sse_handler                    tries itself: serves a stream on a free port, and fetches it
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "compiler/default_compiler.h"
#include "runtime/json/framing.h"
#include "runtime/rules.h"

namespace {

// One response: chunks of the agent's stream in, the same bytes out, and comments.
class SseJudge {
 public:
  SseJudge(const edict::Engine& engine, std::string_view session)
      : stream_(engine.Open(session)), framer_(edict::InputFormat::kSse) {}

  // What is to be sent to the client for this chunk. Comments come behind whole events only.
  std::string Pass(std::string_view chunk) {
    framer_.Feed(chunk, [this](const edict::Record& record) { Judge(record); });
    std::string out(chunk);
    if (chunk.ends_with("\n\n")) AppendComments(out);
    return out;
  }
  std::string Finish() {
    framer_.Finish([this](const edict::Record& record) { Judge(record); });
    stream_.Finish(findings_);
    std::string out;
    AppendComments(out);
    return out;
  }

 private:
  void Judge(const edict::Record& record) {
    if (record.fault.empty()) {
      stream_.FeedRecord(record.text, record.offset, findings_);
    } else {
      stream_.FeedFault(record.fault, record.offset, findings_);
    }
  }
  void AppendComments(std::string& out) {
    for (const edict::Finding& finding : findings_) {
      out += ": edict: event " + std::to_string(finding.index) + ": " + finding.code + ": " + finding.message + "\n\n";
    }
    findings_.clear();
  }

  edict::Stream stream_;
  edict::Framer framer_;
  std::vector<edict::Finding> findings_;
};

bool Send(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

// One connection. The agent's stream comes in small chunks, cut anywhere.
void Serve(int client, const edict::Engine& engine, std::string_view upstream) {
  char request[4096];
  if (::recv(client, request, sizeof request, 0) > 0 &&
      Send(client, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")) {
    SseJudge judge(engine, "connection");
    bool open = true;
    for (size_t at = 0; open && at < upstream.size(); at += 100) open = Send(client, judge.Pass(upstream.substr(at, 100)));
    if (open) Send(client, judge.Finish());
  }
  ::close(client);
}

int Listen(uint16_t port, uint16_t* bound) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  socklen_t size = sizeof address;
  if (fd < 0 || ::bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(fd, 8) != 0) return -1;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  *bound = ntohs(address.sin_port);
  return fd;
}

std::string Fetch(uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  std::string response;
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 && Send(fd, "GET / HTTP/1.1\r\n\r\n")) {
    char bytes[4096];
    for (ssize_t n = 0; (n = ::recv(fd, bytes, sizeof bytes, 0)) > 0;) response.append(bytes, static_cast<size_t>(n));
  }
  ::close(fd);
  return response;
}

constexpr std::string_view kStream =
    "data: {\"type\":\"RUN_STARTED\",\"threadId\":\"t1\",\"runId\":\"r1\"}\n\n"
    "data: {\"type\":\"TEXT_MESSAGE_CONTENT\",\"messageId\":\"m1\",\"delta\":\"Hello\"}\n\n"
    "data: {\"type\":\"RUN_FINISHED\",\"threadId\":\"t1\",\"runId\":\"r1\"}\n\n";

int TryItself(const edict::Engine& engine) {
  uint16_t port = 0;
  const int listener = Listen(0, &port);
  if (listener < 0) return 2;
  std::thread server([&] {
    const int client = ::accept(listener, nullptr, nullptr);
    if (client >= 0) Serve(client, engine, kStream);
  });
  const std::string response = Fetch(port);
  server.join();
  ::close(listener);
  std::fputs(response.c_str(), stdout);
  return response.find(": edict: event 1: VERIFY_TEXT_NOT_OPEN") != std::string::npos ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const bool serves = argc == 4 && std::string_view(argv[1]) == "serve";
  edict::RuleSource source;
  source.roots = {"agui.verify"};
  source.search_paths = {!serves && argc > 1 ? argv[1] : "stdlib-rules"};
  const edict::compiler::DefaultCompiler compiler;
  const edict::Result<edict::Rules> rules = edict::LoadRules(source, &compiler);
  if (!rules.ok()) {
    std::fprintf(stderr, "%s\n", rules.error().message.c_str());
    return 2;
  }
  const edict::Engine engine = edict::MakeEngine(rules.value()).value();
  if (!serves) return TryItself(engine);

  std::ifstream file(argv[3], std::ios::binary);
  const std::string upstream((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  uint16_t port = 0;
  const int listener = Listen(static_cast<uint16_t>(std::atoi(argv[2])), &port);
  if (!file || listener < 0) {
    std::fprintf(stderr, "cannot read %s, or cannot listen on port %s\n", argv[3], argv[2]);
    return 2;
  }
  // Connections side by side share the engine; each has a stream of its own.
  for (int client = 0; (client = ::accept(listener, nullptr, nullptr)) >= 0;) {
    std::thread([client, &engine, &upstream] { Serve(client, engine, upstream); }).detach();
  }
  return 2;
}
