/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "core/day.h"
#include "tools/yingbin/forms.h"
#include "tools/yingbin/plan_inner.h"

/* The event of a session: its own key's, its station's, or the only one. */
static int event_of(struct plan *p, const struct section *s, int station) {
  const char *event = settings_value(s, "event");
  int e = *event ? plan_index(p->event, p->c->events, event, strlen(event)) : -1;
  if (*event && e < 0) {
    plan_bad(p, plan_line(s, "event"), "没有这个活动的 [event] 小节", "there is no [event] section for", event);
    return -1;
  }
  if (station >= 0 && e >= 0 && p->c->station[station].event != e) {
    plan_bad(p, plan_line(s, "event"), "签到点属于另一个活动", "its station belongs to another event", event);
    return -1;
  }
  if (e < 0 && station >= 0) e = p->c->station[station].event;
  if (e < 0 && p->c->events == 1) e = 0;
  if (e < 0)
    plan_bad(p, s->line, "有几个活动，请写 event 或 station", "there are several events: say which by event or station", s->id);
  return e;
}

static bool time_of(const struct section *s, const char *key, const struct zone *zone, int64_t *ms) {
  struct civil civil;
  if (!plan_given(s, key) || !form_time(settings_value(s, key), &civil) || !zone->spans) return false;
  *ms = civil_to_ms(zone, &civil);
  return true;
}

static void make_session(struct plan *p, const struct section *s, struct session *out) {
  const char *station = settings_value(s, "station");
  int at = *station ? plan_index(p->station, p->c->stations, station, strlen(station)) : -1;
  *out = (struct session){.station = (int16_t)at};
  if (strlen(s->id) < sizeof out->id)
    strcpy(out->id, s->id);
  else
    plan_bad(p, s->line, "名字太长", "the name is too long", s->id);
  if (*station && at < 0)
    plan_bad(p, plan_line(s, "station"), "没有这个签到点的 [station] 小节", "there is no [station] section for", station);
  plan_texts(s, "title", &out->title);
  if (plan_empty(&out->title) && !settings_refused(s, "title")) plan_bad(p, s->line, "缺少", "missing", "title.zh-Hans");
  plan_texts(s, "room", &out->room);
  if (plan_empty(&out->room) && at >= 0) out->room = p->c->station[at].room;
  int e = event_of(p, s, at);
  if (e < 0) return;
  out->event = (int16_t)e;
  plan_need(p, s, "starts");
  time_of(s, "starts", &p->c->event[e].zone, &out->starts_ms);
  if (time_of(s, "ends", &p->c->event[e].zone, &out->ends_ms) && out->ends_ms < out->starts_ms)
    plan_bad(p, plan_line(s, "ends"), "结束早于开始", "the end is before the start", settings_value(s, "ends"));
}

/* Those that begin together: in the order of their stations. */
static int by_start(const void *a, const void *b) {
  const struct session *x = a, *y = b;
  if (x->starts_ms != y->starts_ms) return x->starts_ms < y->starts_ms ? -1 : 1;
  return x->station != y->station ? x->station - y->station : strcmp(x->id, y->id);
}

void plan_sessions(struct plan *p) {
  for (int i = 0; i < p->c->sessions; i++) make_session(p, p->session[i], &p->c->session[i]);
  qsort(p->c->session, (size_t)p->c->sessions, sizeof *p->c->session, by_start);
}
