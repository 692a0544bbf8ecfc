// Result<T>: a value, or an Error saying why the request cannot be served. For requests that can fail for reasons outside
// the program (files, damaged artefacts, limits); the user's wrong source is a diagnostic, our own bug a check.
//   Result<Program> p = Load(bytes);  if (!p.ok()) return p.error();  Use(p.value());
#ifndef EDICT_RUNTIME_BASE_RESULT_H_
#define EDICT_RUNTIME_BASE_RESULT_H_

#include <string>
#include <utility>
#include <variant>

namespace edict {

// What went wrong, one lower-case sentence without a final stop, naming the file or bound concerned.
struct Error {
  std::string message;
};

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : state_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return state_.index() == 0; }
  T& value() { return std::get<0>(state_); }
  const T& value() const { return std::get<0>(state_); }
  const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

// A Result without a value.
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Error error) : failed_(true), error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return !failed_; }
  const Error& error() const { return error_; }

 private:
  bool failed_ = false;
  Error error_;
};

}  // namespace edict

#endif  // EDICT_RUNTIME_BASE_RESULT_H_
