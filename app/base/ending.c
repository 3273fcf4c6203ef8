/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ending.h"

#include <stddef.h>

void ending_set(sigset_t *signals) {
  sigemptyset(signals);
  sigaddset(signals, SIGTERM);
  sigaddset(signals, SIGINT);
  sigaddset(signals, SIGHUP); /* the terminal that it was started from was closed */
}

static void mask(int how) {
  sigset_t signals;
  ending_set(&signals);
  sigprocmask(how, &signals, NULL);
}

void ending_hold(void) { mask(SIG_BLOCK); }

void ending_release(void) { mask(SIG_UNBLOCK); }
