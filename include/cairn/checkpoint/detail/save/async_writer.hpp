// The thread that publishes what CheckpointOptions::enable_async saves: one at a time, and no failure is lost.
#pragma once

#include "../../../core/detail/own.hpp"
#include "../../../core/error.hpp"
#include "async_job.hpp"

#include <exception>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include <pthread.h>
#include <signal.h>

namespace cairn::checkpoint::detail {

// Belongs to one thread, which starts, waits and asks; what runs inside a job may do none of these.
class AsyncWriter {
 public:
  AsyncWriter() = default;
  AsyncWriter(const AsyncWriter&) = delete;
  AsyncWriter& operator=(const AsyncWriter&) = delete;
  // Waits. A failure that nobody has been told by then goes to the standard error output: a destructor has no other way
  // to say it.
  ~AsyncWriter() {
    wait();
    if (job_ != nullptr) job_->tell();
  }

  // Runs `job`, which saves `path`, in the background. Call rethrow() first. Throws Error (resource_exhausted) when the
  // system has no thread left.
  template <class Job>
  void start(std::string path, Job job) {
    start_work(std::move(path), core::detail::Own<Work>(new WorkOf<Job>(std::move(job))));
  }

  // Returns when no save is under way.
  void wait() noexcept {
    if (here() != this && std::exchange(has_thread_, false)) ::pthread_join(thread_, nullptr);
  }

  // Waits, and throws what went wrong in the background, once.
  void rethrow() {
    if (here() == this)
      throw Error(ErrorCode::failed_precondition,
                  "a write callback of the checkpoint \"" + job_->path() +
                      "\" asked for another save or sync, which would wait for itself; do that after the callback")
          .in_file(job_->path());
    wait();
    if (job_ != nullptr) std::exchange(job_, nullptr)->rethrow();
  }

 private:
  // A job of any type.
  class Work {
   public:
    Work() = default;
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;
    virtual ~Work() = default;
    virtual void run() = 0;
  };
  template <class Job>
  class WorkOf final : public Work {
   public:
    explicit WorkOf(Job&& job) : job_(std::move(job)) {}
    void run() override { job_(); }

   private:
    Job job_;
  };

  void start_work(std::string path, core::detail::Own<Work> work) {
    job_ = std::make_shared<AsyncJob>(std::move(path));
    AsyncJobs::add(job_);
    work_ = std::move(work);
    // Signals are for the program's own threads.
    ::sigset_t all, before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    const int refusal = ::pthread_create(&thread_, nullptr, &AsyncWriter::run, this);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    has_thread_ = refusal == 0;
    if (has_thread_) return;
    work_.reset();
    const std::string name = std::exchange(job_, nullptr)->path();
    throw Error(ErrorCode::resource_exhausted, "the checkpoint \"" + name +
                                                   "\" cannot be saved in the background, because the system gives no "
                                                   "thread (" +
                                                   std::generic_category().message(refusal) +
                                                   "); save it without enable_async")
        .in_file(name);
  }
  static void* run(void* place) noexcept {
    AsyncWriter& writer = *static_cast<AsyncWriter*>(place);
    here() = &writer;
    AsyncJobs::is_here() = true;
    std::exception_ptr error;
    try {
      writer.work_->run();
    } catch (...) {
      error = std::current_exception();
    }
    writer.work_.reset();  // what it holds ends before anybody is told that it has ended
    writer.job_->end(std::move(error));
    return nullptr;
  }

  // Whose thread this is.
  [[nodiscard]] static const AsyncWriter*& here() noexcept {
    static thread_local const AsyncWriter* writer = nullptr;
    return writer;
  }

  std::shared_ptr<AsyncJob> job_;  // until somebody was told how it ended
  core::detail::Own<Work> work_;   // the thread's
  pthread_t thread_{};
  bool has_thread_ = false;
};

}  // namespace cairn::checkpoint::detail
