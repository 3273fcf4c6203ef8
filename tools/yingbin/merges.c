/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/merges.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "tools/yingbin/cells.h"

static bool same(const char *a, const char *b) { return *a && !strcasecmp(a, b); }

/* By what they are one, for people: what both rosters say. */
static const char *because(const struct person *p, const struct person *other) {
  return same(p->phone, other->phone) ? "手机 phone" : same(p->email, other->email) ? "邮箱 email" : "codes.csv";
}

static void put_difference(FILE *out, const char *name, const char *a, const char *b) {
  if (*a && *b && strcmp(a, b) != 0) fprintf(out, "%s%s: %s / %s", ftell(out) ? "; " : "", name, a, b);
}

static const char *type_of(const struct folder *f, const struct person *p) {
  return p->type < 0 ? "" : f->catalog.type[p->type].key;
}

/* What one of the two must lose, with both values: the first one's stays. The caller frees it. */
static char *differences(const struct folder *f, const struct person *p, const struct person *other) {
  char *text = NULL;
  size_t len = 0;
  FILE *out = open_memstream(&text, &len);
  if (!out) abort();
  put_difference(out, "姓名 name", p->name, other->name);
  put_difference(out, "票种 type", type_of(f, p), type_of(f, other));
  put_difference(out, "手机 phone", p->phone, other->phone);
  put_difference(out, "邮箱 email", p->email, other->email);
  put_difference(out, "单位 organization", p->organization, other->organization);
  put_difference(out, "职位 title", p->title, other->title);
  put_difference(out, "座位 seat", p->seat, other->seat);
  put_difference(out, "关注 attention", p->attention, other->attention);
  if (p->confirmed != other->confirmed)
    put_difference(out, "状态 status", p->confirmed ? "放行 let in" : "不放行 not let in",
                   other->confirmed ? "放行 let in" : "不放行 not let in");
  fclose(out);
  return text;
}

void merges_add(struct folder *f, const struct person *p, const struct person *other) {
  struct merges *m = f->merges;
  char line[2][16];
  if (!m) *(m = f->merges = grow(NULL, 1, sizeof *m)) = (struct merges){.count = 0};
  if (!m->out && !(m->out = open_memstream(&m->csv, &m->len))) return;
  char *differ = differences(f, p, other);
  m->count++;
  m->of_roster++;
  m->differ += *differ != 0;
  snprintf(line[0], sizeof line[0], "%d", p->line);
  snprintf(line[1], sizeof line[1], "%d", other->line);
  const char *cell[] = {p->number,
                        f->roster[p->roster].label,
                        line[0],
                        p->name,
                        p->organization,
                        f->roster[other->roster].label,
                        line[1],
                        other->name,
                        other->organization,
                        because(p, other)};
  for (size_t i = 0; i < sizeof cell / sizeof *cell; i++) cell_put(m->out, cell[i], ",");
  cell_put(m->out, differ, "\r\n");
  free(differ);
}

void merges_tell(struct folder *f, int roster) {
  struct merges *m = f->merges;
  if (!m || !m->of_roster) return;
  fprintf(stderr,
          "yingbin: %s: 其中 %d 人也在前面的名单里，已合并，见 merged.csv / %d of them are on a roster before it, too, and "
          "were put together: see merged.csv\n",
          f->roster[roster].label, m->of_roster, m->of_roster);
  if (m->differ)
    remarks_say(
        &f->warnings,
        "%1$s：其中 %2$d 人在两份名单里写得不一样（如票种、座位）：以前面的名单为准，放行以较宽的为准。逐人对照见 merged.csv "
        "的 differ 一列",
        "%1$s: of these, the two rosters say different things about %2$d (type, seat and the like): the earlier roster "
        "counts, and who is let in by either is let in. Each is in merged.csv, column differ",
        f->roster[roster].label, m->differ);
  m->of_roster = m->differ = 0;
}

bool merges_write(struct folder *f, struct problem *problem) {
  static const char head[] = "\xEF\xBB\xBFnumber,roster,line,name,organization,roster,line,name,organization,by,differ\r\n";
  struct merges *m = f->merges;
  if (!m || !m->out || fflush(m->out) != 0) return true;
  char *all = grow(NULL, sizeof head + m->len, 1);
  memcpy(all, head, sizeof head - 1);
  memcpy(all + sizeof head - 1, m->csv, m->len);
  bool good = file_write(folder_path(f, "merged.csv"), all, sizeof head - 1 + m->len, 0600, problem);
  free(all);
  return good;
}

void merges_free(struct folder *f) {
  if (!f->merges) return;
  if (f->merges->out) fclose(f->merges->out);
  free(f->merges->csv);
  free(f->merges);
  f->merges = NULL;
}
