/* Faults that no machine has when it is asked to: LD_PRELOAD this into a program, and write what is to go wrong into the
 * file that AUDITBOX_SHIM names, which is an array of 64-bit numbers (shim.rs). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { WRITES, SYNCS, OPENS, ERRNO, TORN, OFFSET_MS, STOP_AT, FORK, SEED, WROTE, SYNCED, OPENED, FAILED, NUMBERS };

static volatile long long *numbers;

static volatile long long *shared(void) {
    if (numbers) return numbers;
    const char *path = getenv("AUDITBOX_SHIM");
    if (!path) return NULL;
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0);
    if (fd < 0) return NULL;
    void *found = mmap(NULL, NUMBERS * sizeof *numbers, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    syscall(SYS_close, fd);
    if (found == MAP_FAILED) return NULL;
    numbers = found;
    return numbers;
}

static int named_outbox(const char *name) { return name && strstr(name, "outbox.db") != NULL; }

static int is_outbox(int fd) {
    char link[64], name[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, name, sizeof name - 1);
    if (length <= 0) return 0;
    name[length] = 0;
    return named_outbox(name);
}

/* Whether this call is to fail: `what` is the share of calls per thousand, `count` where they are counted. */
static int fails(int what, int count) {
    volatile long long *n = shared();
    if (!n) return 0;
    long long number = __sync_add_and_fetch(&n[count], 1);
    if (what == WRITES && n[STOP_AT] > 0 && number >= n[STOP_AT]) {
        n[STOP_AT] = 0;
        raise(SIGSTOP);
    }
    if (n[what] <= 0) return 0;
    unsigned long long x = (unsigned long long)__sync_add_and_fetch(&n[SEED], 1) * 6364136223846793005ULL + 1442695040888963407ULL;
    x ^= x >> 33; x *= 0xff51afd7ed558ccdULL; x ^= x >> 33;
    if ((long long)(x % 1000) >= n[what]) return 0;
    __sync_add_and_fetch(&n[FAILED], 1);
    return 1;
}

#define REAL(type, name) static type real; if (!real) real = (type)dlsym(RTLD_NEXT, name)

typedef ssize_t (*pwrite_t)(int, const void *, size_t, off_t);
static ssize_t fault_pwrite(pwrite_t real, int fd, const void *bytes, size_t size, off_t at) {
    if (is_outbox(fd) && fails(WRITES, WROTE)) {
        if (shared()[TORN]) real(fd, bytes, size / 2, at);
        errno = (int)shared()[ERRNO];
        return -1;
    }
    return real(fd, bytes, size, at);
}
ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at) { REAL(pwrite_t, "pwrite"); return fault_pwrite(real, fd, bytes, size, at); }
ssize_t pwrite64(int fd, const void *bytes, size_t size, off_t at) { REAL(pwrite_t, "pwrite64"); return fault_pwrite(real, fd, bytes, size, at); }

typedef ssize_t (*write_t)(int, const void *, size_t);
ssize_t write(int fd, const void *bytes, size_t size) {
    REAL(write_t, "write");
    if (is_outbox(fd) && fails(WRITES, WROTE)) {
        if (shared()[TORN]) real(fd, bytes, size / 2);
        errno = (int)shared()[ERRNO];
        return -1;
    }
    return real(fd, bytes, size);
}

typedef int (*sync_t)(int);
static int fault_sync(sync_t real, int fd) {
    if (is_outbox(fd) && fails(SYNCS, SYNCED)) {
        errno = (int)shared()[ERRNO];
        return -1;
    }
    return real(fd);
}
int fsync(int fd) { REAL(sync_t, "fsync"); return fault_sync(real, fd); }
int fdatasync(int fd) { REAL(sync_t, "fdatasync"); return fault_sync(real, fd); }

typedef int (*open_t)(const char *, int, ...);
static int fault_open(open_t real, const char *path, int flags, mode_t mode) {
    if (named_outbox(path) && fails(OPENS, OPENED)) {
        errno = (int)shared()[ERRNO];
        return -1;
    }
    return real(path, flags, mode);
}
#define MODE va_list rest; va_start(rest, flags); mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(rest, mode_t) : 0; va_end(rest)
int open(const char *path, int flags, ...) { MODE; REAL(open_t, "open"); return fault_open(real, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE; REAL(open_t, "open64"); return fault_open(real, path, flags, mode); }

static long long offset_ms(void) { volatile long long *n = shared(); return n ? n[OFFSET_MS] : 0; }

typedef int (*clock_t_)(clockid_t, struct timespec *);
int clock_gettime(clockid_t clock, struct timespec *now) {
    REAL(clock_t_, "clock_gettime");
    int done = real(clock, now);
    if (!done && clock == CLOCK_REALTIME) now->tv_sec += offset_ms() / 1000;
    return done;
}
typedef int (*day_t)(struct timeval *, void *);
int gettimeofday(struct timeval *now, void *zone) {
    REAL(day_t, "gettimeofday");
    int done = real(now, zone);
    if (!done) now->tv_sec += offset_ms() / 1000;
    return done;
}
typedef time_t (*time_t_)(time_t *);
time_t time(time_t *to) {
    REAL(time_t_, "time");
    time_t now = real(NULL) + offset_ms() / 1000;
    if (to) *to = now;
    return now;
}

/* So that a program without `unsafe` can fork: the child gets 0. */
typedef pid_t (*ppid_t)(void);
pid_t getppid(void) {
    REAL(ppid_t, "getppid");
    volatile long long *n = shared();
    return n && n[FORK] ? fork() : real();
}
