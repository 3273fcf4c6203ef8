/* SPDX-License-Identifier: Apache-2.0
 * The page's few addresses: each makes a request of core/staff.h out of what a phone sent, and JSON out of desk's answer.
 */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "monitor/inner.h"

/* --- the page --- */

static void serve_page(struct monitor *m, struct asked *r) {
  const char *known = MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, "If-None-Match");
  int which = 0;
  while (strcmp(r->route->path, pages[which].path) != 0) which++; /* each route of it is in the table */
  struct file *f = &m->state->file[which];
  const bool same = known && !strcmp(known, f->etag);
  r->answer = (struct answer){
      .status = same ? 304 : 200, .type = pages[which].type, .body = f->bytes, .len = same ? 0 : f->len, .kept = true};
  memcpy(r->answer.etag, f->etag, sizeof r->answer.etag);
}

/* --- what a phone sends --- */

/* NULL: it is answered. Bodies are small and flat; jansson checks UTF-8 and bounds depth. */
static json_t *body_of(struct asked *r) {
  json_t *object = json_loadb(r->body, r->len, JSON_REJECT_DUPLICATES, NULL);
  if (json_is_object(object)) return object;
  json_decref(object);
  answer_problem(r, 400, "内容应是一个 JSON 对象", "the body has to be a JSON object");
  return NULL;
}

/* A text that fits, or empty where there is none; false: it is neither, and answered. */
static bool text_of(struct asked *r, const json_t *object, const char *key, char *out, size_t size) {
  const json_t *value = json_object_get(object, key);
  char en[80], zh[80];
  out[0] = '\0';
  if (!value || json_is_null(value)) return true;
  if (json_is_string(value) && json_string_length(value) < size &&
      strlen(json_string_value(value)) == json_string_length(value)) {
    memcpy(out, json_string_value(value), json_string_length(value) + 1);
    return true;
  }
  snprintf(zh, sizeof zh, "%s 应是不超过 %zu 字节的文字", key, size - 1);
  snprintf(en, sizeof en, "%s has to be a text of at most %zu bytes", key, size - 1);
  answer_problem(r, 400, zh, en);
  return false;
}

static bool number_of(struct asked *r, const json_t *object, const char *key, int64_t most, int64_t *out) {
  const json_t *value = json_object_get(object, key);
  char en[80], zh[80];
  *out = 0;
  if (!value || json_is_null(value)) return true;
  *out = json_integer_value(value);
  if (json_is_integer(value) && *out >= 0 && *out <= most) return true;
  snprintf(zh, sizeof zh, "%s 应是 0 到 %lld 的整数", key, (long long)most);
  snprintf(en, sizeof en, "%s has to be an integer from 0 to %lld", key, (long long)most);
  answer_problem(r, 400, zh, en);
  return false;
}

/* --- what desk answers --- */

static json_t *person_json(const struct monitor *m, const struct staff_person *p) {
  json_t *o = json_pack("{s:s, s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:i, s:i, s:I, s:s}", "number", p->number, "event",
                        p->event, "name", p->name, "organization", p->organization, "title", p->title, "seat", p->seat, "phone",
                        p->phone, "attention", p->attention, "confirmed", p->confirmed, "party", (int)p->party, "inside",
                        (int)p->inside, "since_ms", (json_int_t)p->since_ms, "where", p->where);
  const int station_event = m->catalog->station[m->state->board.station].event;
  if (p->type >= 0 && p->type < m->catalog->types) json_object_set_new(o, "type", text_json(&m->catalog->type[p->type].label));
  if (p->event != station_event && p->event >= 0 && p->event < m->catalog->events)
    json_object_set_new(o, "elsewhere", text_json(&m->catalog->event[p->event].title));
  return o;
}

static json_t *people_json(const struct monitor *m, const struct staff_answer *a) {
  json_t *list = json_array();
  for (int i = 0; i < a->count && i < STAFF_LIST_MAX; i++) json_array_append_new(list, person_json(m, &a->person[i]));
  return list;
}

/* What wasn't done, for the page to say in its words. Its session's end is the one that is an error. */
static void tell_refused(const struct monitor *m, struct asked *r, const struct staff_answer *a) {
  static const char *const results[] = {
      [STAFF_DONE] = "done", [STAFF_REFUSED] = "refused", [STAFF_DENIED] = "denied", [STAFF_FAILED] = "failed"};
  const struct verdict *v = &a->verdict;
  if (a->result == STAFF_LOCKED) {
    answer_problem(r, 401, "手机值班已结束，请再扫一次值班台上的码", "this phone is signed out: scan the console's code again");
    return;
  }
  json_t *o = json_pack("{s:s, s:s}", "result", results[a->result], "why", staff_why_name(a->why));
  if (a->why == STAFF_RULE) {
    json_object_set_new(o, "verdict", json_string(verdict_name(v->kind)));
    json_object_set_new(o, "may_override", json_boolean(a->may_override));
    json_object_set_new(o, "lead_may", json_boolean(a->lead_may));
    json_object_set_new(o, "when_ms", json_integer(v->when_ms));
    json_object_set_new(o, "where", json_string(v->where));
    if (v->kind == VERDICT_MISSING_STEP && v->station >= 0)
      json_object_set_new(o, "first", text_json(&m->catalog->station[v->station].label));
  }
  answer_json(r, 200, o);
}

/* --- session --- */

static void serve_redeem(struct monitor *m, struct asked *r) {
  json_t *body = body_of(r);
  if (!body) return;
  r->request = (struct staff_request){.kind = STAFF_REDEEM};
  memset(&r->who, 0, sizeof r->who); /* whoever it was before */
  if (!m->tls)
    answer_problem(r, 403, "这台签到机的手机页面没有加密（monitor_tls = off），只能看人数",
                   "this kiosk's page is not encrypted (monitor_tls = off): counts only");
  else
    text_of(r, body, "token", r->request.text, PHONE_TOKEN);
  json_decref(body);
  sodium_memzero(r->body, sizeof r->body);
}

static void tell_redeem(struct monitor *m, struct asked *r, const struct staff_answer *a) {
  if (a->result != STAFF_DONE) {
    if (a->why == STAFF_PHONES_FULL)
      answer_problem(r, 403, "已有太多手机在值班，请在值班台停用一个",
                     "too many phones are on duty: end one on the staff console");
    else
      answer_problem(r, 403, "这个码已经用过或过期了，请在值班台再开一个",
                     "that code was used or is too old: show a new one on the staff console");
    return;
  }
  latest_get(m->board, &m->state->board, &m->state->board_seen);
  answer_json(r, 200, json_pack("{s:s}", "result", "done"));
  snprintf(r->answer.cookie, sizeof r->answer.cookie, "yingbin=%s; Path=/; Max-Age=%d; HttpOnly; Secure; SameSite=Strict",
           a->token, PHONE_MS / 1000);
}

static void serve_leave(struct monitor *m, struct asked *r) {
  (void)m;
  r->request = (struct staff_request){.kind = STAFF_LEAVE};
}

static void tell_leave(struct monitor *m, struct asked *r, const struct staff_answer *a) {
  if (a->result != STAFF_DONE) {
    tell_refused(m, r, a);
    return;
  }
  answer_json(r, 200, json_pack("{s:s}", "result", "done"));
  snprintf(r->answer.cookie, sizeof r->answer.cookie, "yingbin=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Strict");
}

/* --- people --- */

static void serve_search(struct monitor *m, struct asked *r) {
  json_t *body = body_of(r);
  (void)m;
  if (!body) return;
  r->request = (struct staff_request){.kind = STAFF_SEARCH};
  text_of(r, body, "q", r->request.text, sizeof r->request.text);
  json_decref(body);
}

static void tell_search(struct monitor *m, struct asked *r, const struct staff_answer *a) {
  if (a->result != STAFF_DONE)
    tell_refused(m, r, a);
  else
    answer_json(r, 200,
                json_pack("{s:s, s:o, s:I, s:b}", "result", "done", "people", people_json(m, a), "more", (json_int_t)a->more,
                          "broken", a->broken));
}

enum { HEADS_MOST = 99 };

static void serve_admit(struct monitor *m, struct asked *r) {
  json_t *body = body_of(r);
  int64_t event, count;
  (void)m;
  if (!body) return;
  r->request = (struct staff_request){.kind = STAFF_ADMIT};
  if (text_of(r, body, "number", r->request.number, sizeof r->request.number) &&
      number_of(r, body, "event", EVENTS_MAX - 1, &event) && number_of(r, body, "count", HEADS_MOST, &count)) {
    r->request.event = (int16_t)event;
    r->request.count = (int32_t)count;
    r->request.override = json_is_true(json_object_get(body, "override"));
  }
  json_decref(body);
}

static void serve_walkin(struct monitor *m, struct asked *r) {
  json_t *body = body_of(r);
  int64_t count;
  (void)m;
  if (!body) return;
  r->request = (struct staff_request){.kind = STAFF_WALKIN};
  if (text_of(r, body, "name", r->request.text, sizeof r->request.text) && number_of(r, body, "count", HEADS_MOST, &count)) {
    r->request.count = (int32_t)count;
    r->request.override = json_is_true(json_object_get(body, "override"));
  }
  json_decref(body);
}

static void tell_admitted(struct monitor *m, struct asked *r, const struct staff_answer *a) {
  if (a->result != STAFF_DONE) {
    tell_refused(m, r, a);
    return;
  }
  json_t *o = json_pack("{s:s, s:s, s:I}", "result", "done", "why", staff_why_name(a->why), "seq", (json_int_t)a->seq);
  if (a->count > 0) json_object_set_new(o, "person", person_json(m, &a->person[0]));
  answer_json(r, 200, o);
}

/* --- what this operator did --- */

static void serve_recent(struct monitor *m, struct asked *r) {
  (void)m;
  r->request = (struct staff_request){.kind = STAFF_RECENT};
}

static void tell_recent(struct monitor *m, struct asked *r, const struct staff_answer *a) {
  char id[33];
  if (a->result != STAFF_DONE) {
    tell_refused(m, r, a);
    return;
  }
  json_t *list = json_array();
  for (int i = 0; i < a->count && i < STAFF_LIST_MAX; i++) {
    const struct staff_record *s = &a->record[i];
    sodium_bin2hex(id, sizeof id, s->id, sizeof s->id);
    json_array_append_new(list,
                          json_pack("{s:s, s:s, s:s, s:s, s:I, s:b, s:i, s:b}", "id", id, "verdict", verdict_name(s->verdict),
                                    "name", s->name, "number", s->number, "at_ms", (json_int_t)s->at.wall_ms, "clock_ok",
                                    s->at.wall_ok, "count", (int)s->count, "undone", s->undone));
  }
  answer_json(r, 200, json_pack("{s:s, s:o}", "result", "done", "records", list));
}

static void serve_undo(struct monitor *m, struct asked *r) {
  json_t *body = body_of(r);
  char id[40];
  size_t len = 0;
  (void)m;
  if (!body) return;
  r->request = (struct staff_request){.kind = STAFF_UNDO};
  if (text_of(r, body, "id", id, sizeof id) && text_of(r, body, "reason", r->request.text, sizeof r->request.text) &&
      (sodium_hex2bin(r->request.ref, sizeof r->request.ref, id, strlen(id), NULL, &len, NULL) != 0 ||
       len != sizeof r->request.ref))
    answer_problem(r, 400, "id 应是最近记录里的 32 位十六进制", "id has to be the 32 hex digits of a recent record");
  json_decref(body);
}

static void tell_done(struct monitor *m, struct asked *r, const struct staff_answer *a) {
  if (a->result != STAFF_DONE)
    tell_refused(m, r, a);
  else
    answer_json(r, 200, json_pack("{s:s, s:I}", "result", "done", "seq", (json_int_t)a->seq));
}

const struct route routes[] = {
    {"GET", "/", false, serve_page, NULL},
    {"GET", "/kiosk.css", false, serve_page, NULL},
    {"GET", "/kiosk.js", false, serve_page, NULL},
    {"GET", "/kiosk_words.js", false, serve_page, NULL},
    {"GET", "/common.css", false, serve_page, NULL},
    {"GET", "/common.js", false, serve_page, NULL},
    {"GET", "/mark.svg", false, serve_page, NULL},
    {"GET", "/metrics", false, answer_metrics, NULL},
    {"GET", "/api/state", false, answer_state, NULL},
    {"POST", "/api/session", false, serve_redeem, tell_redeem},
    {"DELETE", "/api/session", true, serve_leave, tell_leave},
    {"POST", "/api/search", true, serve_search, tell_search},
    {"POST", "/api/admit", true, serve_admit, tell_admitted},
    {"POST", "/api/walkin", true, serve_walkin, tell_admitted},
    {"GET", "/api/recent", true, serve_recent, tell_recent},
    {"POST", "/api/undo", true, serve_undo, tell_done},
    {NULL, NULL, false, NULL, NULL},
};
