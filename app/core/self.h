/* SPDX-License-Identifier: Apache-2.0
 * A guest without a code looks themselves up by their whole phone number, where the event has self_lookup = phone:
 * what ui asks of desk, and what desk answers. Names that cross are masked, nothing is found without all digits,
 * and tries are few: five a minute, then none for a minute. One look-up at a time; each SELF_FIND gets one
 * answer, some 0.2 s later (seconds on a small board). SELF_ADMIT gives a verdict, as a scan does.
 */
#ifndef YINGBIN_CORE_SELF_H
#define YINGBIN_CORE_SELF_H

#include "core/types.h"

enum { SELF_DIGITS_LEAST = 7, SELF_DIGITS_MOST = 15, SELF_PEOPLE_MAX = 4, SELF_NAME_MAX = 64 };

enum self_kind {
  SELF_FIND,  /* digits, as typed: the country code of 86 may stand before them */
  SELF_ADMIT, /* index: of the last answer's persons; a verdict follows, by tap */
  SELF_DROP   /* nobody is there any more: desk forgets whom it found. No answer */
};

struct self_request {
  enum self_kind kind;
  uint32_t serial; /* of the question; comes back in the answer. SELF_ADMIT: of the answer that is meant */
  char digits[SELF_DIGITS_MOST + 1];
  int16_t index;
  struct moment at;
};

enum self_result {
  SELF_FOUND,  /* person[]: which of them are you? */
  SELF_NOBODY, /* no such number; or SELF_ADMIT came too late */
  SELF_WAIT,   /* too many tries: wait_ms */
  SELF_OFF,    /* this event has no look-up */
  SELF_FAILED  /* out of memory, or the pack can't be read: the service desk helps */
};

struct self_person {
  char name[SELF_NAME_MAX]; /* masked: "张*" */
  int16_t type;             /* index in the catalog, -1: none */
};

struct self_answer {
  uint32_t serial;
  enum self_result result;
  int64_t wait_ms;
  int count;
  struct self_person person[SELF_PEOPLE_MAX]; /* several may share a phone */
};

#endif
