#include "runtime/cli/run_inputs.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <future>
#include <optional>
#include <utility>

#include "runtime/base/large_memory.h"
#include "runtime/cli/read_input.h"
#include "runtime/json/scan.h"
#include "runtime/schedule/workers.h"

namespace edict::cli {
namespace {

constexpr size_t kReadBytes = 256u << 10;
// So that there is work for all threads.
constexpr size_t kManyReadBytes = 4u << 20;
// Findings of an input whose turn has not come, kept until then. Beyond, its worker waits.
constexpr size_t kMostWaiting = 20'000;

// "\r 12 MB, 34 MB/s" on a terminal, at most ten times a second.
class Progress {
 public:
  Progress() : shown_(isatty(STDERR_FILENO) != 0 && isatty(STDOUT_FILENO) == 0), start_(Clock::now()), last_(start_) {}
  ~Progress() {
    if (printed_) std::fputs("\r\033[K", stderr);
  }
  void Update(uint64_t bytes) {
    if (!shown_) return;
    Clock::time_point now = Clock::now();
    if (now - last_ < std::chrono::milliseconds(100)) return;
    last_ = now;
    double seconds = std::chrono::duration<double>(now - start_).count();
    double megabytes = static_cast<double>(bytes) / 1e6;
    std::fprintf(stderr, "\r%.0f MB, %.0f MB/s\033[K", megabytes, megabytes / seconds);
    printed_ = true;
  }

 private:
  using Clock = std::chrono::steady_clock;
  bool shown_;
  bool printed_ = false;
  Clock::time_point start_;
  Clock::time_point last_;
};

// An open file or pipe, block by block. Of a file with several the next is read while the one before is judged, if that is wanted.
class FileReader {
 public:
  FileReader(int fd, size_t size, bool ahead, EndSignals& signals) : fd_(fd), signals_(signals), buffer_(size) {
    struct stat info {};
    ahead_ = ahead && ::fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && static_cast<uint64_t>(info.st_size) > size;
    if (ahead_) next_.emplace(size);
  }
  ~FileReader() {
    if (coming_.valid()) coming_.wait();
  }
  FileReader(const FileReader&) = delete;
  FileReader& operator=(const FileReader&) = delete;

  // What there is, up to the buffer's size; waits only while there is nothing. It is good until the next call. Empty: the end,
  // or error(), or a signal.
  std::string_view Next() {
    if (!signals_.WaitFor(fd_)) return {};
    if (!ahead_) return {buffer_.data(), Read(buffer_)};
    const size_t size = coming_.valid() ? coming_.get() : Read(*next_);
    std::swap(buffer_, *next_);
    if (size > 0) coming_ = std::async(std::launch::async, [this] { return Read(*next_); });
    return {buffer_.data(), size};
  }
  int error() const { return error_; }

 private:
  size_t Read(const LargeMemory& buffer) {
    size_t size = 0;
    while (size < buffer.size()) {
      if (size > 0 && !Ready()) break;
      const ssize_t n = ::read(fd_, buffer.data() + size, buffer.size() - size);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) error_ = errno;
      if (n <= 0) break;
      size += static_cast<size_t>(n);
    }
    return size;
  }
  bool Ready() const {
    pollfd waiting{fd_, POLLIN, 0};
    return ::poll(&waiting, 1, 0) > 0;
  }

  int fd_;
  EndSignals& signals_;
  bool ahead_ = false;
  LargeMemory buffer_;
  std::optional<LargeMemory> next_;
  std::future<size_t> coming_;  // into next_
  int error_ = 0;
};

}  // namespace

// Findings of inputs that are judged at the same time are handed over in the order of the inputs: those of one whose turn it is
// at once, others when it comes.
class InputRunner::Turns {
 public:
  Turns(InputRunner& runner, size_t count) : runner_(runner), inputs_(count) {}

  void Take(size_t input, std::vector<Finding>& findings) {
    std::unique_lock<std::mutex> lock(mutex_);
    std::vector<Finding>& waiting = inputs_[input].waiting;
    if (input == turn_) return runner_.Write(findings);
    std::move(findings.begin(), findings.end(), std::back_inserter(waiting));
    findings.clear();
    if (waiting.size() < kMostWaiting) return;
    next_.wait(lock, [&] { return input == turn_; });
  }
  void Done(size_t input) {
    const std::lock_guard<std::mutex> lock(mutex_);
    inputs_[input].done = true;
    while (turn_ < inputs_.size() && inputs_[turn_].done) {
      if (++turn_ < inputs_.size()) runner_.Write(inputs_[turn_].waiting);
    }
    next_.notify_all();
  }

 private:
  struct Input {
    std::vector<Finding> waiting;
    bool done = false;
  };

  InputRunner& runner_;
  std::mutex mutex_;
  std::condition_variable next_;
  size_t turn_ = 0;
  std::vector<Input> inputs_;
};

void InputRunner::Write(std::vector<Finding>& findings) {
  for (const Finding& finding : findings) {
    ++summary_.by_severity[static_cast<int>(finding.severity)];
    writer_.Write(finding);
  }
  findings.clear();
}

void InputRunner::OnBytes(uint64_t more) {
  const std::lock_guard<std::mutex> lock(mutex_);
  native_.OnInput(bytes_ += more);
}

RunSummary InputRunner::summary() const {
  RunSummary summary = summary_;
  summary.events = totals_.events;
  summary.streams = totals_.streams;
  summary.not_validated = totals_.not_validated;
  return summary;
}

bool InputRunner::RunOne(const std::string& name, const RecordOptions& options, const RecordJudge::Take& take) {
  const bool standard_input = name == "-";
  // Opening a named pipe waits for who writes.
  const auto open = [&] { return ::open(name.c_str(), O_RDONLY | O_CLOEXEC); };
  const int fd = standard_input ? STDIN_FILENO : signals_.Uncaught(open);
  if (fd < 0) {
    PrintError("cannot open " + name + ": " + std::strerror(errno));
    return false;
  }
  bool at_end = true;
  const auto take_until_end = [&](std::vector<Finding>& findings) {
    if (!at_end) return findings.clear();
    take(findings);
  };
  const std::unique_ptr<RecordJudge> judge = RecordJudge::New(engine_, options, standard_input ? "stdin" : name, take_until_end);
  Framer::LinesSink lines;
  if (judge->TakesLines()) {
    lines = [&](std::string_view text, uint64_t offset) { return judge->OnLines(text, offset); };
  }
  Framer framer(InputFormatOf(options.format), FramerOptions{options.max_record_bytes}, std::move(lines));
  const auto sink = [&](const Record& record) { judge->OnRecord(record); };
  // To wake another thread for each small block takes longer than to read it.
  const bool shares_out = RecordJudge::SharesOut(engine_, options);
  FileReader reader(fd, shares_out ? kManyReadBytes : kReadBytes, shares_out && options.threads != 1, signals_);
  Progress progress;
  while (!out_.failed()) {
    const std::string_view bytes = reader.Next();
    if (bytes.empty()) break;
    OnBytes(bytes.size());
    framer.Feed(bytes, sink);
    if (standard_input) {
      // A live stream's findings are seen at once.
      judge->OnPause();
      out_.Flush();
    }
    progress.Update(this->bytes());
  }
  if (reader.error() != 0) PrintError("cannot read " + name + ": " + std::strerror(reader.error()));
  judge->OnPause();
  // What a signal cuts off is not over: nothing is to be said of its end.
  at_end = signals_.Came() == 0;
  if (at_end) framer.Finish(sink);
  judge->Finish();
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    totals_.Add(judge->totals());
  }
  if (!standard_input) ::close(fd);
  return reader.error() == 0;
}

bool InputRunner::Side(const std::vector<std::string>& inputs) {
  Turns turns(*this, inputs.size());
  Workers workers(options_.threads);
  RecordOptions options = options_;
  options.threads = 1;
  std::atomic<bool> ok{true};
  workers.ForEach(inputs.size(), [&](size_t i) {
    if (signals_.Came() == 0 && !RunOne(inputs[i], options, [&, i](std::vector<Finding>& findings) { turns.Take(i, findings); }))
      ok = false;
    turns.Done(i);
  });
  return ok;
}

bool InputRunner::Run(const std::vector<std::string>& inputs) {
  const bool one_stream_each = options_.key.empty() && options_.format != "streams";
  const bool has_standard_input = std::find(inputs.begin(), inputs.end(), "-") != inputs.end();
  if (one_stream_each && inputs.size() > 1 && !has_standard_input && options_.threads != 1) return Side(inputs);
  bool ok = true;
  for (const std::string& input : inputs) {
    if (signals_.Came() != 0) break;
    ok = RunOne(input, options_, [this](std::vector<Finding>& findings) { Write(findings); }) && ok;
  }
  return ok;
}

}  // namespace edict::cli
