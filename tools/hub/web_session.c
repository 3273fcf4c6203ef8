/* SPDX-License-Identifier: Apache-2.0
 * POST /v1/session {"user","password"}: signs in, with a cookie that no script can read and that goes to this site alone.
 * GET says who one is, DELETE signs out.
 */
#include <sodium.h>
#include <string.h>

#include "base/log.h"
#include "journal/export_read.h"
#include "tools/hub/web.h"

void web_refuse(struct reply *reply, int status, const char *zh, const char *en) {
  struct problem problem;
  problem_set(&problem, "%1$s%2$.0s", "%1$.0s%2$s", zh, en);
  reply_problem(reply, status, &problem, NULL);
}

bool web_user(struct hub *hub, const struct request *request, enum role least, struct user *user, struct reply *reply) {
  switch (session_user(hub->store, hub->db, request->session, request->at_ms, true, user)) {
  case STORE_DONE: break;
  case STORE_FAILED: reply_failed(reply); return false;
  default: web_refuse(reply, 401, "请先登录", "sign in first"); return false;
  }
  atomic_store(&hub->web->wanted, true);
  if (user->role >= least) return true;
  web_refuse(reply, 403, "这要组织者的账号", "this takes an organizer's account");
  return false;
}

static bool is_own_page(const struct request *request, struct reply *reply) {
  if (request->own_page) return true;
  web_refuse(reply, 403, "请从本站的页面操作（X-Yingbin: page）", "do this on this site's own page (X-Yingbin: page)");
  return false;
}

static void set_cookie(const struct request *request, const char *token, struct reply *reply) {
  snprintf(reply->cookie, sizeof reply->cookie, "yingbin=%s; Path=/; HttpOnly; SameSite=Strict%s%s", token,
           request->tls ? "; Secure" : "", *token ? "" : "; Max-Age=0");
}

static json_t *user_json(const struct user *user) {
  return json_pack("{s:s, s:s, s:s}", "user", user->name, "role", role_name(user->role), "host", user->host);
}

static bool may_try(struct web *w, const struct request *request, const char *name) {
  const bool all = limit_take(&w->all, "", 0, request->at_mono_ms),
             by_address =
                 !request->from_len || limit_take(&w->by_address, request->from, request->from_len, request->at_mono_ms);
  return limit_take(&w->by_name, name, strlen(name), request->at_mono_ms) && all && by_address;
}

static void sign_in(struct hub *hub, const struct request *request, const char *name, const char *password,
                    struct reply *reply) {
  struct user user;
  char token[SESSION_TOKEN];
  if (!may_try(hub->web, request, name)) {
    reply->retry_after_s = 10;
    web_refuse(reply, 429, "试得太多，请 10 秒后再试", "too many tries; try again in 10 seconds");
    return;
  }
  switch (session_begin(hub->store, hub->db, name, password, request->at_ms, &user, token)) {
  case STORE_DONE:
    log_info("%s signs in", user.name);
    set_cookie(request, token, reply);
    sodium_memzero(token, sizeof token);
    reply_json(reply, request, 200, user_json(&user));
    break;
  case STORE_FAILED: reply_failed(reply); break;
  default:
    log_warn("somebody tried to sign in with a wrong name or password");
    web_refuse(reply, 401, "用户名或密码不对", "the user name or the password is wrong");
  }
}

void begin_session(struct hub *hub, const struct request *request, struct reply *reply) {
  if (!is_own_page(request, reply)) return;
  json_t *o = export_object(request->body, request->len);
  const char *name = json_string_value(json_object_get(o, "user")),
             *password = json_string_value(json_object_get(o, "password"));
  if (name && password && strlen(password) <= USER_PASSWORD_MOST)
    sign_in(hub, request, name, password, reply);
  else
    web_refuse(reply, 400, "应是 {\"user\",\"password\"}", "expected {\"user\",\"password\"}");
  json_decref(o);
}

void say_session(struct hub *hub, const struct request *request, struct reply *reply) {
  struct user user;
  if (web_user(hub, request, ROLE_VOLUNTEER, &user, reply)) reply_json(reply, request, 200, user_json(&user));
}

void end_session(struct hub *hub, const struct request *request, struct reply *reply) {
  if (!is_own_page(request, reply)) return;
  if (request->session[0] && session_end(hub->store, hub->db, request->session) != STORE_DONE) {
    reply_failed(reply);
    return;
  }
  set_cookie(request, "", reply);
  reply_json(reply, request, 200, json_object());
}
