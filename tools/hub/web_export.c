/* SPDX-License-Identifier: Apache-2.0
 * GET /v1/export/{event}/{csv|xlsx}: everyone the organizer may see and when they came, for a spreadsheet. Texts stay texts:
 * nothing that somebody wrote into a name becomes a formula. What counts in the end is `yingbin log merge`.
 * GET /v1/journals/{kiosk}: a kiosk's journal for that; it is about everyone, so a host's own organizer doesn't get it.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/log.h"
#include "tools/hub/journals.h"
#include "tools/hub/web.h"
#include "tools/yingbin/book_cell.h"
#include "tools/yingbin/cells.h"

enum { AT_ONCE = 1000, COLUMNS = 9 };

static const char *const headings[COLUMNS] = {"编号",     "姓名",   "单位",   "票种", "手机尾号",
                                              "签到时间", "签到点", "签到机", "次数"};

struct sheet { /* one of the two */
  FILE *csv;
  lxw_worksheet *xlsx;
  uint32_t line;
};

static void put_line(struct sheet *s, const char *const cell[COLUMNS]) {
  for (int i = 0; i < COLUMNS; i++) {
    if (s->csv)
      cell_put(s->csv, cell[i], i + 1 < COLUMNS ? "," : "\r\n");
    else if (*cell[i])
      book_cell(s->xlsx, s->line, i, cell[i], NULL);
  }
  s->line++;
}

static const char *text_of(const json_t *o, const char *key) {
  const char *text = json_string_value(json_object_get(o, key));
  return text ? text : "";
}

static void put_person(struct sheet *s, const json_t *person) {
  const json_t *in = json_object_get(person, "in"), *first = json_array_get(in, 0);
  char at[96], times[24] = "";
  for (size_t i = 1; i < json_array_size(in); i++)
    if (strcmp(text_of(json_array_get(in, i), "at"), text_of(first, "at")) < 0) first = json_array_get(in, i);
  snprintf(at, sizeof at, "%s%s", text_of(first, "at"), first && !json_is_true(json_object_get(first, "sure")) ? " ?" : "");
  if (first) snprintf(times, sizeof times, "%zu", json_array_size(in));
  put_line(s, (const char *const[COLUMNS]){text_of(person, "number"), text_of(person, "name"), text_of(person, "organization"),
                                           text_of(person, "type"), text_of(person, "phone"), at, text_of(first, "station"),
                                           text_of(first, "kiosk"), times});
}

static void put_everyone(struct hub *hub, const struct user *user, const char *event, struct sheet *s) {
  struct roll_ask ask = {.user = user, .event = event, .search = "", .list = ROLL_ALL, .most = AT_ONCE};
  put_line(s, headings);
  do {
    json_t *page = roll_people(hub->web->roll, &ask);
    size_t i;
    const json_t *person;
    json_array_foreach(json_object_get(page, "people"), i, person) put_person(s, person);
    ask.after = json_integer_value(json_object_get(page, "more"));
    json_decref(page);
  } while (ask.after > 0);
}

static bool write_csv(struct hub *hub, const struct user *user, const char *event, struct reply *reply) {
  struct sheet s = {.csv = open_memstream(&reply->body, &reply->len)};
  if (!s.csv) return false;
  fputs("\xef\xbb\xbf", s.csv);
  put_everyone(hub, user, event, &s);
  reply->type = "text/csv; charset=utf-8";
  snprintf(reply->save_as, sizeof reply->save_as, "attendance.csv");
  return fclose(s.csv) == 0;
}

static int make_file(char path[PATH_MAX]) {
  const char *tmp = getenv("TMPDIR");
  snprintf(path, PATH_MAX, "%.*s/yingbin-hub-XXXXXX", PATH_MAX - 32, tmp && *tmp ? tmp : P_tmpdir);
  return mkostemp(path, O_CLOEXEC);
}

/* Its name is gone when it is sent. */
static bool send_file(const char *path, bool good, struct reply *reply) {
  struct stat st;
  reply->fd = good ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  unlink(path);
  if (reply->fd < 0 || fstat(reply->fd, &st) != 0) return false;
  reply->len = (size_t)st.st_size;
  reply->status = 200;
  return true;
}

static bool write_xlsx(struct hub *hub, const struct user *user, const char *event, struct reply *reply) {
  char path[PATH_MAX];
  const int fd = make_file(path);
  if (fd < 0) return false;
  lxw_workbook_options options = {.constant_memory = LXW_TRUE};
  lxw_workbook *book = workbook_new_opt(path, &options);
  struct sheet s = {.xlsx = workbook_add_worksheet(book, "签到")};
  worksheet_set_column(s.xlsx, 0, COLUMNS - 1, 16, NULL);
  worksheet_freeze_panes(s.xlsx, 1, 0);
  put_everyone(hub, user, event, &s);
  const lxw_error error = workbook_close(book);
  close(fd);
  reply->type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  snprintf(reply->save_as, sizeof reply->save_as, "attendance.xlsx");
  return send_file(path, error == LXW_NO_ERROR, reply);
}

static void refuse_failed(struct reply *reply) {
  log_error("the export can't be written");
  reply->save_as[0] = '\0';
  web_refuse(reply, 503, "导出写不出来：请看看汇总站的磁盘是否满了",
             "the export can't be written: see whether the hub's disk is full");
}

void give_export(struct hub *hub, const struct request *request, struct reply *reply) {
  struct user user;
  const char *event = request->segment[0], *as = request->segment[1];
  const bool csv = !strcmp(as, "csv");
  if (!web_user(hub, request, ROLE_ORGANIZER, &user, reply)) return;
  if (!csv && strcmp(as, "xlsx") != 0) {
    web_refuse(reply, 404, "只有 csv 和 xlsx", "there are csv and xlsx");
    return;
  }
  switch (roll_ready(hub->web->roll, event)) {
  case ROLL_READY: break;
  case ROLL_NO_EVENT: web_refuse(reply, 404, "没有这个活动", "there is no such event"); return;
  case ROLL_NOT_READ:
    reply->retry_after_s = 2;
    web_refuse(reply, 503, "记录还没有读完，请过几秒再试", "the records are still being read; try again in some seconds");
    return;
  }
  reply->status = 200;
  if (csv ? write_csv(hub, &user, event, reply) : write_xlsx(hub, &user, event, reply))
    log_info("%s exports %s", user.name, event);
  else
    refuse_failed(reply);
}

void give_journal(struct hub *hub, const struct request *request, struct reply *reply) {
  const char *kiosk = request->segment[0];
  struct user user;
  struct problem problem;
  char path[PATH_MAX];
  int64_t records = 0;
  if (!web_user(hub, request, ROLE_ORGANIZER, &user, reply)) return;
  if (user.host[0]) {
    web_refuse(reply, 403, "日志里有所有主办方的人，这个账号只能看自己的",
               "a journal is about all hosts' people, and this account is one host's");
    return;
  }
  const int fd = make_file(path);
  FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;
  if (!out) {
    refuse_failed(reply);
    return;
  }
  bool good = journals_write(hub->store, hub->db, kiosk, out, &records, &problem);
  good = fclose(out) == 0 && good;
  if (good && !records) {
    unlink(path);
    web_refuse(reply, 404, "汇总站没有这台签到机的记录", "the hub has no records of this kiosk");
    return;
  }
  reply->type = "application/jsonl; charset=utf-8";
  snprintf(reply->save_as, sizeof reply->save_as, "%.64s.jsonl", kiosk);
  if (send_file(path, good, reply))
    log_info("%s takes the journal of %s", user.name, kiosk);
  else
    refuse_failed(reply);
}
