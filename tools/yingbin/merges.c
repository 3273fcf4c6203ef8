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

void merges_add(struct folder *f, const struct person *p, const struct person *other) {
  struct merges *m = f->merges;
  char line[2][16];
  if (!m) *(m = f->merges = grow(NULL, 1, sizeof *m)) = (struct merges){.count = 0};
  if (!m->out && !(m->out = open_memstream(&m->csv, &m->len))) return;
  m->count++;
  m->of_roster++;
  snprintf(line[0], sizeof line[0], "%d", p->line);
  snprintf(line[1], sizeof line[1], "%d", other->line);
  const char *cell[] = {p->number,          f->roster[p->roster].label,     line[0], p->name,
                        p->organization,    f->roster[other->roster].label, line[1], other->name,
                        other->organization};
  for (size_t i = 0; i < sizeof cell / sizeof *cell; i++) cell_put(m->out, cell[i], ",");
  cell_put(m->out, because(p, other), "\r\n");
}

void merges_tell(struct folder *f, int roster) {
  struct merges *m = f->merges;
  if (!m || !m->of_roster) return;
  fprintf(stderr,
          "yingbin: %s: 其中 %d 人也在前面的名单里，已合并，见 merged.csv / %d of them are on a roster before it, too, and "
          "were put together: see merged.csv\n",
          f->roster[roster].label, m->of_roster, m->of_roster);
  m->of_roster = 0;
}

bool merges_write(struct folder *f, struct problem *problem) {
  static const char head[] = "\xEF\xBB\xBFnumber,roster,line,name,organization,roster,line,name,organization,by\r\n";
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
