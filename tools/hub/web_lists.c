/* SPDX-License-Identifier: Apache-2.0
 * POST /v1/people {"event","list":"all|in|out","search","after"} and /v1/conflicts {"event"}: a body, so that no name is in
 * an address that something on the way logs. An organizer goes through the list; a volunteer asks for somebody who stands
 * before them: by two characters at least or a number, some twenty at most, once a second, and the log says how often.
 * Who was let in twice is a list that only organizers work through: a volunteer knows how many, at which station, and
 * sees it of whom they search.
 */
#include <string.h>

#include "base/log.h"
#include "base/utf8.h"
#include "journal/export_read.h"
#include "tools/hub/web.h"

enum { PAGE = 50, GLANCE = 20, SEARCH_MOST = 128, SEARCH_LEAST = 2 };

static const char *text_of(const json_t *o, const char *key) {
  const json_t *value = json_object_get(o, key);
  return json_is_string(value) ? json_string_value(value) : "";
}

static bool read_ask(const json_t *o, struct roll_ask *ask) {
  static const char *const lists[] = {[ROLL_ALL] = "all", [ROLL_IN] = "in", [ROLL_OUT] = "out"};
  const char *list = text_of(o, "list");
  ask->event = text_of(o, "event");
  ask->search = text_of(o, "search");
  const json_t *after = json_object_get(o, "after");
  if (after && !json_is_integer(after)) return false;
  ask->after = json_integer_value(after);
  ask->most = PAGE;
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
    if (strcmp(list, lists[i]) != 0) continue;
    ask->list = (enum roll_list)i;
    return *ask->event && strlen(ask->search) <= SEARCH_MOST;
  }
  return false;
}

static size_t characters(const char *text) {
  size_t count = 0;
  for (size_t i = 0, n, len = strlen(text); i < len && (n = utf8_char((const unsigned char *)text + i, len - i)) != 0; i += n)
    count++;
  return count;
}

static bool may_look(struct web *w, const struct request *request, struct roll_ask *ask, struct reply *reply) {
  char folded[MATCH_FOLDED_MAX];
  if (ask->user->role == ROLE_ORGANIZER) return true;
  match_fold(ask->search, strlen(ask->search), folded, sizeof folded);
  const size_t count = characters(folded);
  ask->most = GLANCE;
  ask->after = 0;
  ask->number_only = count < SEARCH_LEAST;
  if (!count || (count < SEARCH_LEAST && !strspn(folded, "0123456789"))) {
    web_refuse(reply, 400, "请输入姓名或拼音的至少两个字（字母），编号，或手机后四位",
               "give two characters of the name or pinyin at least, a number, or the last four digits");
    return false;
  }
  if (limit_take(&w->looks, ask->user->name, strlen(ask->user->name), request->at_mono_ms)) return true;
  reply->retry_after_s = 5;
  web_refuse(reply, 429, "查得太快，请 5 秒后再试", "too many searches; try again in 5 seconds");
  return false;
}

static void look(struct hub *hub, const struct request *request, const struct roll_ask *ask, struct reply *reply) {
  json_t *found = roll_people(hub->web->roll, ask);
  if (ask->user->role != ROLE_ORGANIZER)
    log_info("%s searches for somebody: %zu found", ask->user->name, json_array_size(json_object_get(found, "people")));
  reply_json(reply, request, 200, found);
}

void list_people(struct hub *hub, const struct request *request, struct reply *reply) {
  struct user user;
  struct roll_ask ask = {.user = &user};
  if (!web_user(hub, request, ROLE_VOLUNTEER, &user, reply)) return;
  json_t *o = export_object(request->body, request->len);
  if (!read_ask(o, &ask))
    web_refuse(reply, 400, "应是 {\"event\",\"list\":\"all|in|out\",\"search\",\"after\"}",
               "expected {\"event\",\"list\":\"all|in|out\",\"search\",\"after\"}");
  else if (may_look(hub->web, request, &ask, reply))
    look(hub, request, &ask, reply);
  json_decref(o);
}

void list_conflicts(struct hub *hub, const struct request *request, struct reply *reply) {
  struct user user;
  if (!web_user(hub, request, ROLE_ORGANIZER, &user, reply)) return;
  json_t *o = export_object(request->body, request->len);
  const char *event = text_of(o, "event");
  if (*event)
    reply_json(reply, request, 200, roll_conflicts(hub->web->roll, &user, event));
  else
    web_refuse(reply, 400, "应是 {\"event\"}", "expected {\"event\"}");
  json_decref(o);
}
