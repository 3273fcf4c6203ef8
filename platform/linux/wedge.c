/* SPDX-License-Identifier: Apache-2.0
 * A scanner sends a code in one burst; whatever else happens is not a code. The danger is half a code
 * taken for a whole one: so a burst that stutters is thrown away to its end, and only a real pause (or
 * Enter) lets a new one begin.
 */
#include "platform/reader.h"

#include <string.h>

enum { QUIET_GAPS = 10 }; /* after a pause of so many gaps, whatever went before is over */

void wedge_init(struct wedge *w, int32_t least, int64_t gap_ms) {
  memset(w, 0, sizeof *w);
  w->least = least;
  w->gap_ms = gap_ms;
}

static int64_t wedge_pause(const struct wedge *w, int64_t mono_ms) { return mono_ms > w->last_ms ? mono_ms - w->last_ms : 0; }

static void wedge_clear(struct wedge *w) {
  w->len = 0;
  w->spoilt = false;
}

void wedge_char(struct wedge *w, char c, int64_t mono_ms) {
  if (w->len > 0 || w->spoilt) {
    int64_t pause = wedge_pause(w, mono_ms);
    if (pause > w->gap_ms * QUIET_GAPS) {
      wedge_clear(w);
    } else if (pause > w->gap_ms || w->len == PAYLOAD_MAX) {
      w->spoilt = true;
    }
  }
  w->last_ms = mono_ms;
  if (!w->spoilt) w->bytes[w->len++] = (uint8_t)c;
}

void wedge_spoil(struct wedge *w) {
  w->spoilt = true;
  w->last_ms = INT64_MAX; /* when is not known: the next key, whenever it comes, still belongs to this one */
}

void wedge_spoil_at(struct wedge *w, int64_t mono_ms) {
  w->spoilt = true;
  w->last_ms = mono_ms;
}

void wedge_away(struct wedge *w, int64_t ms) {
  if (ms > 0 && w->last_ms < INT64_MAX - ms) w->last_ms += ms;
}

bool wedge_end(struct wedge *w, int64_t mono_ms, struct payload *out) {
  bool code = !w->spoilt && w->len >= w->least && w->len > 0 && wedge_pause(w, mono_ms) <= w->gap_ms;
  if (code) {
    memset(out, 0, sizeof *out);
    memcpy(out->bytes, w->bytes, w->len);
    out->len = w->len;
    out->by = BY_READER;
    out->at.mono_ms = mono_ms;
  }
  wedge_clear(w);
  return code;
}
