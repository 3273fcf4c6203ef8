/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/confine.h"

#include <seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "scan/decoder.h"

/* What zbar may take beside the share: its lines and clusters grow with what it sees. */
enum { MEMORY_MAX = 256 << 20 };

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { SANITIZED = 1 }; /* needs shadow memory and calls of its own */
#else
enum { SANITIZED = 0 };
#endif

struct rule {
  int call;
  unsigned conditions;
  struct scmp_arg_cmp condition[2];
};

static bool limit(int resource, rlim_t most) {
  struct rlimit l = {.rlim_cur = most, .rlim_max = most};
  return !setrlimit(resource, &l);
}

bool confine_secrets(void) { return limit(RLIMIT_CORE, 0) && !prctl(PR_SET_DUMPABLE, 0); }

static bool filter(void) {
  const struct rule rules[] = {
      {SCMP_SYS(read), 1, {SCMP_A0(SCMP_CMP_EQ, DECODER_FD_WAKE, 0)}},
      {SCMP_SYS(write), 1, {SCMP_A0(SCMP_CMP_EQ, DECODER_FD_DONE, 0)}},
      {SCMP_SYS(mmap),
       2,
       {SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0), SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS)}},
      {SCMP_SYS(munmap), 0, {{0}}},
      {SCMP_SYS(mremap), 0, {{0}}},
      {SCMP_SYS(brk), 0, {{0}}},
      {SCMP_SYS(madvise), 0, {{0}}},
      {SCMP_SYS(futex), 0, {{0}}},
      {SCMP_SYS(clock_gettime), 0, {{0}}},
      {SCMP_SYS(rt_sigreturn), 0, {{0}}},
      {SCMP_SYS(exit), 0, {{0}}},
      {SCMP_SYS(exit_group), 0, {{0}}},
  };
  scmp_filter_ctx context = seccomp_init(SCMP_ACT_KILL_PROCESS);
  bool good = context != NULL;
  for (size_t i = 0; good && i < sizeof rules / sizeof *rules; i++) {
    good = !seccomp_rule_add_array(context, SCMP_ACT_ALLOW, rules[i].call, rules[i].conditions, rules[i].condition);
  }
  good = good && !seccomp_load(context);
  if (context) seccomp_release(context);
  return good;
}

bool confine_all(void) {
  if (SANITIZED || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return false;
  if (!limit(RLIMIT_AS, (rlim_t)MEMORY_MAX + sizeof(struct decoder_share))) return false;
  close_range(0, DECODER_FD_SHARE, 0); /* the share stays mapped */
  close_range(DECODER_FD_DONE + 1, ~0U, 0);
  return filter();
}
