/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/badges.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "tools/yingbin/event_words.h"
#include "tools/yingbin/papers.h"
#include "tools/yingbin/ticket_face.h"

/* Where things are on a badge, in mm from its top left corner. `code` holds the quiet zone, too: what is dark
 * in it is 21/29 of its side for our codes, and never under 12 mm. */
static const struct format {
  const char *name;
  double w, h;
  int columns, rows; /* on A4 */
  struct box title, logos, person, organization, job, type, note, code;
  enum sheet_align align;
  double name_size, organization_size, title_size, type_size;
} format[] = {
    {"90x54",
     90,
     54,
     2,
     5,
     {5, 4, 54, 7},
     {61, 4, 24, 7},
     {5, 12.5, 80, 14},
     {5, 27.5, 54, 7.5},
     {5, 35.5, 54, 6},
     {5, 42.5, 36, 7.5},
     {42.5, 42.5, 16, 7.5},
     {60.5, 26, 26, 26},
     SHEET_LEFT,
     11.5,
     3.8,
     2.8,
     4},
    {"86x54",
     86,
     54,
     2,
     5,
     {5, 4, 50, 7},
     {57, 4, 24, 7},
     {5, 12.5, 76, 14},
     {5, 27.5, 50, 7.5},
     {5, 35.5, 50, 6},
     {5, 42.5, 34, 7.5},
     {40.5, 42.5, 14, 7.5},
     {56.5, 26, 26, 26},
     SHEET_LEFT,
     11.5,
     3.8,
     2.8,
     4},
    {"A6",
     105,
     148,
     2,
     2,
     {8, 23, 89, 11},
     {8, 8, 89, 13},
     {8, 37, 89, 28},
     {8, 66, 89, 10},
     {8, 76.5, 89, 7},
     {8, 131, 89, 9},
     {8, 140.5, 89, 5},
     {29, 84, 47, 47},
     SHEET_CENTRE,
     21,
     6,
     4.2,
     5.5},
};
enum { FORMATS = sizeof format / sizeof *format, A4_W = 210, A4_H = 297 };

struct press {
  struct folder *folder;
  const struct format *format;
  struct sheet_fonts *fonts;
  struct sheet *sheet;
  struct sheet_picture *logo[HOSTS_MAX];
};

static const struct format *format_of(const char *size) {
  for (int i = 0; i < FORMATS; i++)
    if (!strcasecmp(format[i].name, size)) return &format[i];
  return NULL;
}

bool badges_size_known(const char *size) { return format_of(size) != NULL; }

static struct box at(struct box box, double x, double y) { return (struct box){box.x + x, box.y + y, box.w, box.h}; }

/* Chinese, then English where it says something else. */
static void both(const struct text *text, char *out, size_t size) {
  const char *zh = words_in(text, LANG_ZH_HANS), *en = text->in[LANG_EN];
  snprintf(out, size, "%s%s%s", zh, *en && strcmp(zh, en) != 0 ? " " : "", strcmp(zh, en) != 0 ? en : "");
}

/* Side by side, each with its share of the room; the last one at the right edge where badges are read from the left. */
static void logos(struct press *p, const struct event *event, double x, double y) {
  struct box box = at(p->format->logos, x, y);
  int count = 0, i = 0;
  for (int h = 0; h < HOSTS_MAX; h++) count += (event->hosts >> h & 1) && p->logo[h];
  double gap = 2, share = count ? (box.w - gap * (count - 1)) / count : 0;
  enum sheet_align align = p->format->align == SHEET_LEFT ? SHEET_RIGHT : SHEET_CENTRE;
  for (int h = 0; h < HOSTS_MAX; h++)
    if ((event->hosts >> h & 1) && p->logo[h])
      sheet_picture(p->sheet, (struct box){box.x + (share + gap) * i++, box.y, share, box.h}, align, p->logo[h]);
}

static void type_pill(struct press *p, const struct person *person, double x, double y) {
  const struct format *f = p->format;
  char label[TEXT_MAX * 2 + 2];
  if (person->type < 0) return;
  const struct ticket_type *type = &p->folder->catalog.type[person->type];
  both(&type->label, label, sizeof label);
  struct lettering l = {f->type_size, 1.5, 1, true, SHEET_CENTRE, SHEET_WHITE};
  struct box box = at(f->type, x, y);
  double w = fmin(box.w, fmax(sheet_text_width(p->sheet, &l, label) + f->type_size * 2, f->type_size * 5));
  if (f->align == SHEET_CENTRE) w = box.w;
  sheet_fill(p->sheet, (struct box){box.x, box.y, w, box.h}, f->type_size / 2, ticket_colour(type->colour));
  sheet_text(p->sheet, (struct box){box.x + 1, box.y, w - 2, box.h}, &l, true, label);
}

static void note(struct press *p, const struct person *person, double x, double y) {
  struct lettering l = {2.5, 1.6, 2, false, p->format->align == SHEET_LEFT ? SHEET_RIGHT : SHEET_CENTRE, SHEET_SECOND};
  char text[TEXT_MAX + ID_MAX + 32], party[32] = "";
  if (person->party > 1) snprintf(party, sizeof party, " · %d 人", (int)person->party);
  snprintf(text, sizeof text, "%s%sNo. %s%s", person->seat, *person->seat ? " · " : "", person->number, party);
  sheet_text(p->sheet, at(p->format->note, x, y), &l, true, text);
}

static bool badge(struct press *p, const struct person *person, double x, double y, struct problem *problem) {
  const struct format *f = p->format;
  const struct event *event = &p->folder->catalog.event[person->event];
  struct ticket_face face = {.name = person->name, .code = person->code, .issued = !person->foreign};
  bool centred = f->align == SHEET_CENTRE;
  QRcode *qr;
  if (!ticket_face_qr(&face, &qr, problem)) return false;
  double module = sheet_qr(p->sheet, at(f->code, x, y), qr);
  if (module < 0.34)
    remarks_say(
        &p->folder->warnings,
        "%1$s（%2$s 号）：外来的码太长，徽章上每格只有 %3$.2f 毫米，手机和签到机可能读不出；请用更大的尺寸",
        "%1$s (No. %2$s): the foreign code is long, a module of it is %3$.2f mm on the badge, which may not be read; use a "
        "larger size",
        person->name, person->number, module);
  QRcode_free(qr);
  sheet_text(p->sheet, at(f->title, x, y), &(struct lettering){f->title_size, 2, 2, false, f->align, SHEET_SECOND}, !centred,
             words_in(&event->title, LANG_ZH_HANS));
  logos(p, event, x, y);
  sheet_text(p->sheet, at(f->person, x, y),
             &(struct lettering){f->name_size, f->name_size / 2.5, centred ? 3 : 2, true, f->align, 0}, true, person->name);
  sheet_text(p->sheet, at(f->organization, x, y), &(struct lettering){f->organization_size, 2.2, 2, false, f->align, SHEET_INK},
             centred, person->organization);
  sheet_text(p->sheet, at(f->job, x, y), &(struct lettering){f->organization_size * 0.82, 2, 2, false, f->align, SHEET_SECOND},
             false, person->title);
  type_pill(p, person, x, y);
  note(p, person, x, y);
  return true;
}

/* Marks outside the badges where the paper has room for them; else on the cutting lines, between badges alone. */
static void cut_marks(struct press *p, double left, double top) {
  const struct format *f = p->format;
  double right = left + f->w * f->columns, bottom = top + f->h * f->rows;
  bool room = left >= 6 && top >= 6;
  for (int c = 0; c <= f->columns; c++) {
    double x = left + f->w * c, from = room ? top - 6 : 0, to = room ? top - 1.5 : 4;
    if (!room && (c == 0 || c == f->columns)) continue;
    sheet_line(p->sheet, x, from, x, to, 0.1, 0x808080);
    sheet_line(p->sheet, x, A4_H - from - (room ? A4_H - bottom - top : 0), x, room ? bottom + 1.5 : A4_H - 4, 0.1, 0x808080);
  }
  for (int r = 0; r <= f->rows; r++) {
    double y = top + f->h * r, from = room ? left - 6 : 0, to = room ? left - 1.5 : 4;
    if (!room && (r == 0 || r == f->rows)) continue;
    sheet_line(p->sheet, from, y, to, y, 0.1, 0x808080);
    sheet_line(p->sheet, room ? right + 6 : A4_W, y, room ? right + 1.5 : A4_W - 4, y, 0.1, 0x808080);
  }
}

static bool wanted(const struct folder *folder, const struct badges_options *o, const struct person *p, struct badges *made) {
  bool named = o->numbers == 0;
  for (int i = 0; i < o->numbers; i++) named = named || !strcmp(o->number[i], p->number);
  if (!named || folder->roster[p->roster].elsewhere_only || folder->roster[p->roster].practice) return false;
  if (p->confirmed || o->all || o->numbers) return true;
  made->left_out++;
  return false;
}

static bool draw_all(struct press *p, const struct badges_options *o, struct badges *made, struct problem *problem) {
  const struct format *f = p->format;
  int a_page = o->labels ? 1 : f->columns * f->rows;
  double left = o->labels ? 0 : (A4_W - f->w * f->columns) / 2, top = o->labels ? 0 : (A4_H - f->h * f->rows) / 2;
  for (int i = 0; i < p->folder->people_count; i++) {
    const struct person *person = &p->folder->people[i];
    if (!wanted(p->folder, o, person, made)) continue;
    int place = made->badges++ % a_page;
    if (place == 0) {
      if (made->pages++) sheet_page(p->sheet);
      if (!o->labels) cut_marks(p, left, top);
    }
    papers_check(p->folder, p->fonts, person);
    if (!badge(p, person, left + f->w * (place % f->columns), top + f->h * (o->labels ? 0 : place / f->columns), problem))
      return false;
  }
  return made->badges > 0 ||
         problem_set(problem, "没有要印的徽章：名单为空，或没有这个编号、都未确认（--all 也印未确认的）",
                     "there are no badges to print: no people, no such number, or none confirmed (--all prints them, too)");
}

static bool read_logos(struct press *p, struct problem *problem) {
  for (int h = 0; h < p->folder->catalog.hosts; h++)
    if (p->folder->logo[h] && !sheet_picture_read(folder_path(p->folder, p->folder->logo[h]), &p->logo[h], problem))
      return false;
  return true;
}

bool badges_write(struct folder *folder, const struct badges_options *o, struct badges *made, struct problem *problem) {
  struct press p = {.folder = folder, .format = format_of(o->size)};
  char *bytes = NULL;
  size_t len = 0;
  *made = (struct badges){0};
  bool good = read_logos(&p, problem) && sheet_fonts_open(&p.fonts, problem) &&
              sheet_pdf(p.fonts, words_in(&folder->catalog.event[0].title, LANG_ZH_HANS), folder->catalog.event[0].starts_ms,
                        o->labels ? p.format->w : A4_W, o->labels ? p.format->h : A4_H, &p.sheet, problem);
  if (good && !draw_all(&p, o, made, problem)) {
    sheet_finish(p.sheet, NULL, NULL, NULL);
    good = false;
  } else if (good) {
    good = sheet_finish(p.sheet, &bytes, &len, problem) && file_write(o->out, bytes, len, 0600, problem);
  }
  free(bytes);
  for (int h = 0; h < HOSTS_MAX; h++) sheet_picture_free(p.logo[h]);
  sheet_fonts_close(p.fonts);
  return good;
}
