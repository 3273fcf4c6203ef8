/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/practice.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

static const char file[] = "practice.csv";
static const char people[] = "\xef\xbb\xbf"
                             "number,name,attention\r\n"
                             "P1,练习一 Practice 1,practice\r\n"
                             "P2,练习二 Practice 2,practice\r\n"
                             "P3,练习三 Practice 3,practice\r\n"
                             "P4,练习四 Practice 4,practice\r\n"
                             "P5,练习五 Practice 5,practice\r\n";

bool practice_make(const char *dir, struct problem *problem) {
  struct pool texts = {0};
  const char *path = pool_format(&texts, "%s/%s", dir, file);
  bool good = !access(path, F_OK) || file_write(path, people, strlen(people), 0600, problem);
  pool_free(&texts);
  return good;
}

void practice_rosters(struct folder *f) {
  int rosters = f->rosters;
  bool done[EVENTS_MAX] = {false};
  if (access(folder_path(f, file), F_OK)) return;
  for (int i = 0; i < rosters && f->rosters < ROSTERS_MAX; i++) {
    const struct roster *real = &f->roster[i];
    if (real->event < 0 || real->elsewhere_only || done[real->event]) continue;
    done[real->event] = true;
    f->roster[f->rosters++] = (struct roster){.id = file,
                                              .file = file,
                                              .label = file,
                                              .line = real->line,
                                              .event = real->event,
                                              .hosts = real->hosts,
                                              .code_pattern = "",
                                              .status_ok = "*",
                                              .status_no = "",
                                              .sheet = "",
                                              .encoding = "utf-8",
                                              .practice = true};
  }
}

void practice_types(struct folder *f) {
  int n = 0;
  for (int i = 0; i < f->people_count; i++) {
    struct person *p = &f->people[i];
    bool practice = f->roster[p->roster].practice, says = !strcmp(p->attention, ATTENTION_PRACTICE);
    if (practice) {
      p->attention = ATTENTION_PRACTICE;
      p->type = f->catalog.types ? (int16_t)(n++ % f->catalog.types) : -1;
      p->confirmed = true;
    } else if (says) {
      remarks_say(&f->errors, "%1$s 第 %2$d 行：practice 只用于练习码（practice.csv）：真人这样写就不会被统计",
                  "%1$s, line %2$d: practice is for practice tickets (practice.csv) alone: a real person would not be counted",
                  f->roster[p->roster].label, p->line);
    }
  }
}
