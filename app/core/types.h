/* SPDX-License-Identifier: Apache-2.0
 * The values that cross threads and modules: flat, fixed size, copied, owned by whoever holds them.
 * Texts are UTF-8 with a NUL at their end; an empty text means "not given". Times: `_ms` are
 * milliseconds; mono is CLOCK_BOOTTIME, wall is UTC since 1970.
 */
#ifndef YINGBIN_CORE_TYPES_H
#define YINGBIN_CORE_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/moment.h"

enum lang { LANG_ZH_HANS, LANG_ZH_HANT, LANG_EN, LANG_COUNT };

enum by { BY_CAMERA, BY_READER, BY_TAP, BY_HAND, BY_PHONE, BY_PAPER, BY_COUNT }; /* how a check-in came */

struct point {
  int16_t x, y; /* in pixels of the frame */
};

/* Data codewords of a version 40-L symbol: all that its byte mode holds (2953). Texts of digits or capitals can be
 * longer, and are refused. */
enum { PAYLOAD_MAX = 2956 };

struct frame {
  const uint8_t *luma; /* borrowed; h rows of `stride` bytes, 0 black to 255 white */
  int32_t w, h, stride;
  int64_t at_ms; /* mono */
};

struct payload {
  uint8_t bytes[PAYLOAD_MAX];
  uint16_t len;
  enum by by;
  struct moment at; /* when the frame was taken, or the last key came */
  int32_t read_ms;  /* from `at` to the decoded payload */
  struct point where[4]; /* camera: the code's corners, clockwise from top left; else all 0 */
  int16_t heads; /* tap: the answer to how many of a party have come; 0: it is none */
};

enum { ID_MAX = 64, TEXT_MAX = 256, NAME_MAX_BYTES = 512, URL_MAX = 512, FILE_NAME_MAX = 128 };

struct text { /* one text in each language; an empty one falls back: zh-Hant to zh-Hans, others to what there is */
  char in[LANG_COUNT][TEXT_MAX];
};

/* Of an attendee's `attention`; any other text there is a note to staff, who are told as for _STAFF. */
#define ATTENTION_PRACTICE "practice" /* nobody: the ticket runs the whole path, for rehearsals, and is never counted */
#define ATTENTION_VIP "vip"
#define ATTENTION_MINOR "minor" /* no name on the screen, no group, staff called */
#define ATTENTION_STAFF "staff" /* the console is told, the guest sees a kind screen */

/* One person's row, unsealed. */
struct attendee {
  char number[ID_MAX]; /* roster number, as in codes.csv */
  char name[NAME_MAX_BYTES];
  char organization[TEXT_MAX], title[TEXT_MAX], seat[TEXT_MAX];
  int16_t event;   /* index in the catalog */
  int16_t type;    /* index in the catalog, -1: none */
  uint32_t hosts;
  int32_t party;   /* at least 1 */
  bool confirmed;  /* the roster's status is one of status.ok */
  char attention[ID_MAX]; /* ATTENTION_..., a note to staff, or empty */
};

#endif
