/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/hub/reply.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/utf8.h"
#include "httpd/httpd.h"

void iso_time(int64_t wall_ms, char out[32]) {
  struct tm tm;
  const time_t s = (time_t)(wall_ms / 1000);
  gmtime_r(&s, &tm);
  const size_t len = strftime(out, 32, "%Y-%m-%dT%H:%M:%S", &tm);
  snprintf(out + len, 32 - len, ".%03dZ", (int)(wall_ms % 1000));
}

static void put(struct reply *reply, int status, const char *type, json_t *object) {
  reply->status = status;
  reply->type = type;
  reply->body = object ? json_dumps(object, JSON_COMPACT) : NULL;
  reply->len = reply->body ? strlen(reply->body) : 0;
  json_decref(object);
}

void reply_json(struct reply *reply, const struct request *request, int status, json_t *object) {
  char at[32];
  iso_time(request->at_ms, at);
  if (object) json_object_set_new(object, "at", json_string(at));
  if (object)
    put(reply, status, "application/json", object);
  else
    reply_failed(reply);
}

void reply_problem(struct reply *reply, int status, const struct problem *problem, json_t *more) {
  json_t *object = httpd_problem(status, problem);
  utf8_copy(reply->why, sizeof reply->why, problem->en);
  if (object && more) json_object_update(object, more);
  json_decref(more);
  put(reply, status, "application/problem+json", object);
}

void reply_failed(struct reply *reply) {
  struct problem problem;
  problem_set(&problem, "汇总站的数据库暂时不能写入，稍后自动再试；组织者请看汇总站的日志",
              "the hub's database can't be written now; try again later, and whoever runs the hub sees why in its log");
  reply->retry_after_s = 10;
  reply_problem(reply, 503, &problem, NULL);
}
