/* SPDX-License-Identifier: Apache-2.0
 * POST /v1/kiosks/{kiosk}/health {"v":1, ...}: how a kiosk is, every quarter of a minute. The members are those of one table;
 * any of them may be missing, and others are dropped, so that older and newer kiosks are understood. Only the newest
 * message is kept.
 */
#include <stdlib.h>
#include <string.h>

#include "journal/export_read.h"
#include "tools/hub/hub.h"

enum { TROUBLES_MOST = 8, TEXT_MOST = 128 };

static bool is_text(const json_t *value) { return json_is_string(value) && json_string_length(value) <= TEXT_MOST; }
static bool is_whole(const json_t *value) { return json_is_integer(value); }
static bool is_number(const json_t *value) { return json_is_number(value); }
static bool is_yesno(const json_t *value) { return json_is_boolean(value); }

static bool are_texts(const json_t *value) {
  bool good = json_is_array(value) && json_array_size(value) <= TROUBLES_MOST;
  for (size_t i = 0; good && i < json_array_size(value); i++) good = is_text(json_array_get(value, i));
  return good;
}

static const struct kind {
  bool (*fits)(const json_t *value);
  const char *zh, *en;
} a_text = {is_text, "不超过 128 字节的文字", "a text of at most 128 bytes"}, a_whole = {is_whole, "整数", "a whole number"},
  a_number = {is_number, "数字", "a number"}, a_yesno = {is_yesno, "true 或 false", "true or false"},
  a_texts = {are_texts, "最多 8 段不超过 128 字节的文字", "at most 8 texts of at most 128 bytes"};

static const struct member {
  const char *key;
  const struct kind *kind;
} members[] = {
    {"version", &a_text},  {"pack", &a_text},   {"build", &a_whole}, {"event", &a_text},     {"station", &a_text},
    {"queue", &a_whole},   {"camera", &a_text}, {"fps", &a_number},  {"clock_ok", &a_yesno}, {"disk_free", &a_whole},
    {"records", &a_whole}, {"today", &a_whole}, {"up_s", &a_whole},  {"trouble", &a_texts},
};

/* The members that are known; NULL where one isn't what it must be. */
static json_t *read_health(const struct request *request, struct problem *problem) {
  json_t *in = export_object(request->body, request->len), *out = NULL;
  if (json_integer_value(json_object_get(in, "v")) == 1)
    out = json_object();
  else
    problem_set(problem, "应是 {\"v\":1, ...} 这样的一个 JSON 对象", "expected one JSON object {\"v\":1, ...}");
  for (size_t i = 0; out && i < sizeof members / sizeof *members; i++) {
    json_t *value = json_object_get(in, members[i].key);
    if (!value) continue;
    if (members[i].kind->fits(value)) {
      json_object_set(out, members[i].key, value);
      continue;
    }
    problem_set(problem, "%1$s 应是%2$s%3$.0s", "%1$s takes %2$.0s%3$s", members[i].key, members[i].kind->zh,
                members[i].kind->en);
    json_decref(out);
    out = NULL;
  }
  json_decref(in);
  return out;
}

void take_health(struct hub *hub, const struct request *request, struct reply *reply) {
  struct problem problem;
  json_t *said = read_health(request, &problem);
  if (!said) {
    reply_problem(reply, 400, &problem, NULL);
    return;
  }
  char *text = json_dumps(said, JSON_COMPACT);
  json_decref(said);
  if (text && hub->store->health(hub->db, request->kiosk.name, text, strlen(text), request->at_ms) == STORE_DONE)
    reply_json(reply, request, 200, json_object());
  else
    reply_failed(reply);
  free(text);
}
