/* SPDX-License-Identifier: Apache-2.0
 * A hub beside this kiosk: the unit yingbin-hub-here.path starts it where DATA/hub-here is, and it gives out the packs of
 * DATA/hub-packs. The one in use is linked there before the mark is, so that the others can switch to it; only what is sealed
 * and signed lies there. `hub = here` holds while it is set; what a lead said at the console, until a lead takes it back.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "sync/sync_inner.h"

static const char by_lead[] = "lead\n", by_setting[] = "setting\n";

static bool marked_by_lead(const char *mark) {
  struct problem problem;
  char *text;
  size_t len;
  if (!file_read(mark, sizeof by_lead, &text, &len, &problem)) return false;
  const bool lead = len == strlen(by_lead) && !memcmp(text, by_lead, len);
  free(text);
  return lead;
}

static void mark_path(const struct sync *s, char mark[PATH_MAX]) { snprintf(mark, PATH_MAX, "%s/hub-here", s->data); }

/* One file, as its name there: whoever reads it has the old one whole, or the new one. */
static bool give(const char *from, const char *to, struct problem *problem) {
  char beside[PATH_MAX + 16];
  snprintf(beside, sizeof beside, "%.*s.part", PATH_MAX, to);
  unlink(beside);
  if (link(from, beside) != 0 || chmod(beside, 0644) != 0 || rename(beside, to) != 0)
    return problem_system(problem, errno, "放不进", "can't be put there", to);
  unlink(beside); /* it was the same file already */
  return true;
}

/* The signature last: whoever sees a new one finds its pack. */
static bool give_pack(const struct sync *s, struct problem *problem) {
  char folder[PATH_MAX], pack[PATH_MAX], from[PATH_MAX + 16], to[PATH_MAX + ID_MAX + 32];
  static const char *const endings[] = {"", ".minisig"};
  snprintf(folder, sizeof folder, "%.*s/hub-packs", PATH_MAX - 16, s->data);
  if ((mkdir(folder, 0755) != 0 && errno != EEXIST) || chmod(folder, 0755) != 0) /* whatever umask says: it is the hub's, too */
    return problem_system(problem, errno, "无法建立", "can't make", folder);
  if (!pack_in_use(s->data, s->identity->stamp_key, pack))
    return problem_set(problem, "数据文件夹里没有活动包", "there is no pack in the data folder");
  for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
    snprintf(from, sizeof from, "%s%s", pack, endings[i]);
    snprintf(to, sizeof to, "%s/%s.ybp%s", folder, s->pack, endings[i]);
    if (!give(from, to, problem)) return false;
  }
  return true;
}

/* What is marked stays so while it carries. */
static void settle(struct sync *s, bool carries) {
  char mark[PATH_MAX];
  mark_path(s, mark);
  s->own->health.carries = carries;
  s->own->marked = false;
  if (!carries && unlink(mark) != 0 && errno != ENOENT) log_warn("%s can't be removed: %s", mark, strerror(errno));
}

void sync_carry_begin(struct sync *s) {
  char mark[PATH_MAX];
  mark_path(s, mark);
  settle(s, s->carry || marked_by_lead(mark));
}

void sync_carry_order(struct sync *s, bool carry) { settle(s, carry || s->carry); }

void sync_carry(struct sync *s) {
  const uint32_t build = atomic_load(&s->build);
  struct problem problem;
  char mark[PATH_MAX];
  if (!s->own->health.carries || (s->own->marked && s->own->given == build)) return;
  if (s->pack[0] && !give_pack(s, &problem)) log_warn("the hub here gives out no pack: %s", problem.en);
  s->own->given = build;
  mark_path(s, mark);
  const char *by = s->carry ? by_setting : by_lead;
  if (!file_write(mark, by, strlen(by), 0600, &problem)) log_warn("no hub is started here: %s", problem.en);
  s->own->marked = true;
}
