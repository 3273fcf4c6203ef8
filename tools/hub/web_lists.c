/* SPDX-License-Identifier: Apache-2.0
 * POST /v1/people {"event","list":"all|in|out","search","after"} and /v1/conflicts {"event"}: a body, so that no name is in
 * an address that something on the way logs.
 */
#include <string.h>

#include "journal/export_read.h"
#include "tools/hub/web.h"

enum { PAGE = 50, SEARCH_MOST = 128 };

static const char *text_of(const json_t *o, const char *key) {
  const json_t *value = json_object_get(o, key);
  return json_is_string(value) ? json_string_value(value) : "";
}

static bool read_ask(const json_t *o, struct roll_ask *ask) {
  static const char *const lists[] = {[ROLL_ALL] = "all", [ROLL_IN] = "in", [ROLL_OUT] = "out"};
  const char *list = text_of(o, "list");
  ask->event = text_of(o, "event");
  ask->search = text_of(o, "search");
  ask->after = json_integer_value(json_object_get(o, "after"));
  ask->most = PAGE;
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
    if (strcmp(list, lists[i]) != 0) continue;
    ask->list = (enum roll_list)i;
    return *ask->event && strlen(ask->search) <= SEARCH_MOST;
  }
  return false;
}

void list_people(struct hub *hub, const struct request *request, struct reply *reply) {
  struct user user;
  struct roll_ask ask = {.user = &user};
  if (!web_user(hub, request, ROLE_VOLUNTEER, &user, reply)) return;
  json_t *o = export_object(request->body, request->len);
  if (read_ask(o, &ask))
    reply_json(reply, request, 200, roll_people(hub->web->roll, &ask));
  else
    web_refuse(reply, 400, "应是 {\"event\",\"list\":\"all|in|out\",\"search\",\"after\"}",
               "expected {\"event\",\"list\":\"all|in|out\",\"search\",\"after\"}");
  json_decref(o);
}

void list_conflicts(struct hub *hub, const struct request *request, struct reply *reply) {
  struct user user;
  if (!web_user(hub, request, ROLE_VOLUNTEER, &user, reply)) return;
  json_t *o = export_object(request->body, request->len);
  reply_json(reply, request, 200, roll_conflicts(hub->web->roll, &user, text_of(o, "event")));
  json_decref(o);
}
