/* SPDX-License-Identifier: Apache-2.0
 * What is told of a verdict after it was shown: a line for scripts, a picture for people.
 */
#include <limits.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "core/day.h"
#include "ui/shot.h"
#include "ui/ui_state.h"

static void put_json(FILE *out, const char *key, const char *text) {
  fprintf(out, ",\"%s\":\"", key);
  for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++) {
    if (*c == '"' || *c == '\\')
      fprintf(out, "\\%c", *c);
    else if (*c < 0x20 || *c == 0x7F)
      fprintf(out, "\\u%04x", *c);
    else
      putc(*c, out);
  }
  putc('"', out);
}

static void put_at(FILE *out, int64_t wall_ms) {
  const struct zone utc = {.spans = 0};
  const struct civil c = civil_of(&utc, wall_ms);
  fprintf(out, "{\"at\":\"%04d-%02d-%02dT%02d:%02d:%02d.%03dZ\"", c.year, c.month, c.day, c.hour, c.minute, c.second,
          (int)(((wall_ms % 1000) + 1000) % 1000));
}

/* The one place below main that reads a clock: to measure, not to decide. Desk's stamp is of the same clock. */
static double since_ms(int64_t mono_us) {
  struct timespec t;
  clock_gettime(CLOCK_BOOTTIME, &t);
  return ((double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3 - (double)mono_us) / 1e3;
}

void ui_report(struct ui *ui, const struct notice *n) {
  FILE *out = ui->options.events;
  const struct verdict *v = &n->verdict;
  const double screen_ms = since_ms(n->decided_mono_us);
  if (out == NULL) return;
  const bool there = ui->catalog != NULL && ui->station >= 0 && ui->station < ui->catalog->stations;
  const struct station *station = there ? &ui->catalog->station[ui->station] : NULL;
  char name[NAME_MAX_BYTES] = "";
  if (v->has_attendee && ui->options.mask_names)
    screen_mask_name(v->attendee.name, name, sizeof name);
  else if (v->has_attendee)
    memcpy(name, v->attendee.name, sizeof name);
  put_at(out, n->at.wall_ms);
  put_json(out, "verdict", verdict_name(v->kind));
  put_json(out, "event", station != NULL ? ui->catalog->event[station->event].id : "");
  put_json(out, "station", station != NULL ? station->id : "");
  put_json(out, "attendee", v->has_attendee ? v->attendee.number : "");
  put_json(out, "name", name);
  put_json(out, "by", by_name(n->by));
  fprintf(out, ",\"seq\":%lld,\"read_ms\":%d,\"commit_ms\":%.3f,\"screen_ms\":%.3f}\n", (long long)n->seq, (int)n->read_ms,
          (double)n->commit_us / 1000, screen_ms);
  fflush(out);
}

/* Letters, digits, - and _ of an attendee's number; else whatever names the notice. */
static void shot_name(const struct notice *n, char *out, size_t size) {
  size_t at = 0;
  for (const char *c = n->verdict.has_attendee ? n->verdict.attendee.number : ""; *c != '\0' && at + 1 < size; c++)
    if ((*c >= '0' && *c <= '9') || (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || *c == '-' || *c == '_')
      out[at++] = *c;
  out[at] = '\0';
  if (at == 0) snprintf(out, size, "%lld", (long long)n->nth);
}

void ui_shoot(struct ui *ui, const struct notice *n) {
  struct ui_state *s = ui->state;
  char path[PATH_MAX], name[48];
  struct problem problem;
  if (n != NULL) {
    const char *what = n->kind == NOTICE_HEADS ? "heads" : verdict_name(n->verdict.kind);
    shot_name(n, name, sizeof name);
    snprintf(path, sizeof path, "%s/%03d-%s-%s.png", ui->options.shots, ++s->shots, what, name);
  } else {
    snprintf(path, sizeof path, "%s/000-idle.png", ui->options.shots);
  }
  ui_draw(ui, SCREEN_SETTLED_MS); /* once more: what was presented may be gone from a GPU's buffer */
  if (!shot_write(s->renderer, s->canvas.w, s->canvas.h, path, &problem)) log_warn("%s / %s", problem.zh, problem.en);
}
