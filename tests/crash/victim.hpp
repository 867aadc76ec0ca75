#pragma once
#include <doctest/doctest.h>

#include <csignal>
#include <cstddef>
#include <sys/wait.h>
#include <unistd.h>

/// A child process that works until it is killed; what it says goes through a pipe.
class victim {
public:
    /// `work(out)` runs in the child, writes to `out`, and does not return.
    template <class Work>
    explicit victim(Work const& work) {
        int ends[2];
        REQUIRE(::pipe(ends) == 0);
        pid_ = ::fork();
        REQUIRE(pid_ >= 0);
        if (pid_ == 0) {
            ::close(ends[0]);
            work(ends[1]);
            ::_exit(1);
        }
        ::close(ends[1]);
        in_ = ends[0];
    }
    victim(victim const&) = delete;
    victim& operator=(victim const&) = delete;

    /// Waits for the next thing that it says; false once it is dead.
    template <class Said>
    bool hear(Said& into) const {
        return ::read(in_, &into, sizeof into) == static_cast<ssize_t>(sizeof into);
    }
    void kill() const { ::kill(pid_, SIGKILL); }
    ~victim() {
        ::close(in_);
        int how = 0;
        ::waitpid(pid_, &how, 0);
        CHECK((WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL));
    }

private:
    pid_t pid_ = 0;
    int in_ = -1;
};
