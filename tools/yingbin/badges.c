/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/badges.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "tools/yingbin/event_words.h"
#include "tools/yingbin/paper_words.h"
#include "tools/yingbin/papers.h"
#include "tools/yingbin/ticket_face.h"

/* Where things are on a badge, in mm from its top left corner. `code` holds the quiet zone, too: what is dark
 * in it is 21/29 of its side for our codes, and never under 12 mm. */
static const struct format {
  const char *name;
  double w, h;
  int columns, rows; /* on A4 */
  struct box title, logos, person, about, foot, note, code;
  enum sheet_align align;
  double name_size, organization_size, title_size, type_size;
} format[] = {
    {.name = "90x54",
     .w = 90,
     .h = 54,
     .columns = 2,
     .rows = 5,
     .title = {5, 4, 51, 7},
     .logos = {58, 4, 27, 7},
     .person = {5, 12.5, 80, 14.5},
     .about = {5, 28, 53, 12.6},
     .foot = {5, 42.5, 53, 7.5},
     .code = {60.5, 26, 26, 26},
     .align = SHEET_LEFT,
     .name_size = 11.5,
     .organization_size = 3.8,
     .title_size = 2.8,
     .type_size = 4},
    {.name = "86x54",
     .w = 86,
     .h = 54,
     .columns = 2,
     .rows = 5,
     .title = {5, 4, 47, 7},
     .logos = {54, 4, 27, 7},
     .person = {5, 12.5, 76, 14.5},
     .about = {5, 28, 49, 12.6},
     .foot = {5, 42.5, 49, 7.5},
     .code = {56.5, 26, 26, 26},
     .align = SHEET_LEFT,
     .name_size = 11.5,
     .organization_size = 3.8,
     .title_size = 2.8,
     .type_size = 4},
    {.name = "A6",
     .w = 105,
     .h = 148,
     .columns = 2,
     .rows = 2,
     .title = {8, 23, 89, 11},
     .logos = {8, 9, 89, 12},
     .person = {8, 36, 89, 28},
     .about = {8, 65, 89, 18},
     .foot = {8, 127, 89, 9},
     .note = {8, 137, 89, 5},
     .code = {29, 82, 47, 47},
     .align = SHEET_CENTRE,
     .name_size = 21,
     .organization_size = 6,
     .title_size = 4.4,
     .type_size = 5.5},
};
enum { FORMATS = sizeof format / sizeof *format, A4_W = 210, A4_H = 297 };

struct press {
  struct folder *folder;
  const struct format *format;
  enum lang lang; /* of all badges, or LANG_COUNT: of each event's title */
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

/* Side by side at one height, at the right edge where badges are read from the left; false: there are none. */
static bool logos(struct press *p, const struct event *event, double x, double y) {
  static const double gap = 3, longest = 3.2; /* times as wide as high */
  struct box box = at(p->format->logos, x, y);
  double all = -gap, width[HOSTS_MAX] = {0};
  for (int h = 0; h < HOSTS_MAX; h++) {
    if (!(event->hosts >> h & 1) || !p->logo[h]) continue;
    width[h] = fmin(sheet_picture_aspect(p->logo[h]), longest) * box.h;
    all += width[h] + gap;
  }
  double scale = fmin(1, box.w / all), from = box.w - all * scale;
  box.x += p->format->align == SHEET_LEFT ? from : from / 2;
  for (int h = 0; h < HOSTS_MAX; h++) {
    if (!width[h]) continue;
    sheet_picture(p->sheet, (struct box){box.x, box.y, width[h] * scale, box.h}, SHEET_CENTRE, p->logo[h]);
    box.x += (width[h] + gap) * scale;
  }
  return all > 0;
}

/* The title, which takes the logos' room where there are none. */
static void head(struct press *p, const struct event *event, enum lang lang, double x, double y) {
  const struct format *f = p->format;
  bool centred = f->align == SHEET_CENTRE;
  struct box box = at(f->title, x, y);
  if (!logos(p, event, x, y)) {
    if (centred) box.h += box.y - (f->logos.y + y), box.y = f->logos.y + y;
    box.w = f->logos.x + f->logos.w - f->title.x;
  }
  struct lettering l = {f->title_size, 2, 2, false, f->align, SHEET_SECOND};
  sheet_text(p->sheet, box, &l, true, words_in(&event->title, lang));
}

/* In its language, then in English where that says something else and there is room for both. */
static void type_pill(struct press *p, const struct ticket_type *type, enum lang lang, struct box box) {
  const struct format *f = p->format;
  const char *own = words_in(&type->label, lang), *en = type->label.in[LANG_EN];
  struct lettering l = {f->type_size, f->type_size * 0.6, 2, true, SHEET_CENTRE, SHEET_WHITE};
  char label[TEXT_MAX * 2 + 2];
  snprintf(label, sizeof label, "%s%s%s", own, strcmp(own, en) != 0 ? " " : "", strcmp(own, en) != 0 ? en : "");
  double natural = sheet_text_width(p->sheet, &l, label), side = f->type_size / 2;
  bool both = natural * 0.7 <= box.w - 2 * side;
  if (both) l.lines = 1;
  if (!both) natural = sheet_text_width(p->sheet, &l, own);
  if (f->align == SHEET_LEFT) box.w = fmin(box.w, fmax(natural + f->type_size * 2, f->type_size * 5));
  sheet_fill(p->sheet, box, f->type_size / 2, ticket_colour(type->colour));
  sheet_text(p->sheet, (struct box){box.x + side, box.y, box.w - 2 * side, box.h}, &l, true, both ? label : own);
}

/* The ticket type at the left, seat, number and party at the right, one over the other where they are long; or below. */
static void foot(struct press *p, const struct person *person, enum lang lang, double x, double y) {
  const struct format *f = p->format;
  bool centred = f->align == SHEET_CENTRE;
  struct lettering l = {centred ? 3 : 2.5, 1.8, 1, false, centred ? SHEET_CENTRE : SHEET_RIGHT, SHEET_SECOND};
  char text[TEXT_MAX + ID_MAX + 64], number[ID_MAX + 64], party[48] = "";
  struct box box = at(f->foot, x, y), beside = at(centred ? f->note : f->foot, x, y);
  if (person->party > 1) paper_word_n(PAPER_PARTY, lang, (int)person->party, party, sizeof party);
  snprintf(number, sizeof number, "No. %s%s%s", person->number, *party ? " · " : "", party);
  snprintf(text, sizeof text, "%s%s%s", person->seat, *person->seat ? " · " : "", number);
  double wide = sheet_text_width(p->sheet, &l, text), most = centred ? box.w : box.w * 0.42;
  bool two = *person->seat && !centred && wide > most;
  if (two) wide = fmax(sheet_text_width(p->sheet, &l, person->seat), sheet_text_width(p->sheet, &l, number));
  wide = fmin(wide, most);
  if (!centred) beside.x += beside.w - wide, beside.w = wide, box.w -= wide + 2;
  if (person->type >= 0) type_pill(p, &p->folder->catalog.type[person->type], lang, box);
  if (two) {
    beside.h /= 2;
    sheet_text(p->sheet, beside, &l, true, person->seat);
    beside.y += beside.h;
  }
  sheet_text(p->sheet, beside, &l, true, two ? number : text);
}

/* The organization, then what the person is there. */
static void about(struct press *p, const struct person *person, double x, double y) {
  const struct format *f = p->format;
  struct lettering organization = {f->organization_size, 2.2, 3, false, f->align, SHEET_INK},
                   job = {f->organization_size * 0.82, 2, 2, false, f->align, SHEET_SECOND};
  struct box box = at(f->about, x, y), part = box;
  part.h = *person->organization ? box.h * 0.45 : box.h;
  double job_h = sheet_text_height(p->sheet, part, &job, person->title);
  part.h = box.h - job_h;
  part.y += sheet_text(p->sheet, part, &organization, false, person->organization);
  part.h = job_h;
  sheet_text(p->sheet, part, &job, false, person->title);
}

static bool badge(struct press *p, const struct person *person, double x, double y, struct problem *problem) {
  const struct format *f = p->format;
  const struct event *event = &p->folder->catalog.event[person->event];
  struct ticket_face face = {.name = person->name, .code = person->code, .issued = !person->foreign};
  enum lang lang = paper_lang(event, p->lang);
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
  head(p, event, lang, x, y);
  sheet_text(p->sheet, at(f->person, x, y), &(struct lettering){f->name_size, 4.6, 3, true, f->align, 0}, true, person->name);
  about(p, person, x, y);
  foot(p, person, lang, x, y);
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
  papers_check_pack(p->folder, p->fonts, p->lang);
  for (int i = 0; i < p->folder->people_count; i++) {
    const struct person *person = &p->folder->people[i];
    if (!wanted(p->folder, o, person, made)) continue;
    int place = made->badges++ % a_page;
    if (place == 0) {
      if (made->pages++) sheet_page(p->sheet);
      if (!o->labels) cut_marks(p, left, top);
    }
    papers_check(p->folder, p->fonts, person, PAPERS_BADGE);
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
  struct press p = {.folder = folder, .format = format_of(o->size), .lang = o->lang};
  const struct event *first = &folder->catalog.event[0];
  char *bytes = NULL;
  size_t len = 0;
  *made = (struct badges){0};
  bool good = read_logos(&p, problem) && sheet_fonts_open(&p.fonts, problem) &&
              sheet_pdf(p.fonts, words_in(&first->title, paper_lang(first, o->lang)), first->starts_ms,
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
