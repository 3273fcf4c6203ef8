/* SPDX-License-Identifier: Apache-2.0
 * What desk tells the volunteers' phones' service (monitor) besides answers to core/staff.h, and what that service tells ui:
 * by value, the newest counts. Desk alone knows who is signed in; monitor looks it up on the board at each request.
 */
#ifndef YINGBIN_CORE_MONITOR_H
#define YINGBIN_CORE_MONITOR_H

#include "core/notice.h"

enum { PHONES_MAX = 8, PHONE_TOKEN = 32, PHONE_HASH = 32, PHONE_MS = 4 * 3600 * 1000 };

struct phone_session {      /* a phone that is signed in */
  uint32_t number;          /* of the session, for core/staff.h; 0: none */
  uint8_t hash[PHONE_HASH]; /* BLAKE2b-256 of the secret in its cookie */
  char name[ID_MAX];        /* of the operator */
  bool lead;
  int64_t until_mono_ms;
};

struct board { /* latest: desk -> monitor, each second and before a sign-in or its end is answered */
  struct moment at;
  int16_t station;
  struct desk_health health;
  struct phone_session phone[PHONES_MAX];
};

enum monitor_state {
  MONITOR_OFF,    /* not configured */
  MONITOR_COUNTS, /* without TLS: health and counts alone */
  MONITOR_GOOD,
  MONITOR_FAILED /* `why` */
};

struct monitor_health { /* latest: monitor -> ui */
  enum monitor_state state;
  char url[128];           /* where a phone finds it: https://192.168.1.20:8443; empty: no network */
  uint8_t fingerprint[32]; /* SHA-256 of the certificate, as browsers show it */
  char why[TEXT_MAX];
};

#endif
