/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/list.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "tools/yingbin/event_words.h"
#include "tools/yingbin/paper_words.h"
#include "tools/yingbin/papers.h"
#include "tools/yingbin/pinyin.h"
#include "tools/yingbin/ticket_face.h"

enum {
  WIDTH = 210,
  HEIGHT = 297,
  MARGIN = 12,
  COLUMNS = 2,
  GUTTER = 6,
  TOP = 34,
  ROW = 6,
  BOX = 4,
  BOXES_MAX = 4,
  WALKINS = 8
};
enum { A_COLUMN = (HEIGHT - TOP - 16) / ROW, COLUMN_WIDTH = (WIDTH - 2 * MARGIN - GUTTER) / COLUMNS, PINYIN = 128 };

struct entry {
  const struct person *person; /* NULL: a line to write on */
  char pinyin[PINYIN];
};

struct paper {
  struct folder *folder;
  struct sheet *sheet;
  enum lang chosen; /* LANG_COUNT: by the event */
  const struct event *event;
  enum lang lang;  /* of this part */
  int boxes;       /* a row: one a day */
  int row;         /* of this event's part, from 0, over all columns and pages */
  int rows, first; /* of this part in all; its first page's number */
  struct list_made *made;
};

/* By how it is read, then by how it is written; what can't be read so comes last. */
static int by_pinyin(const void *left, const void *right) {
  const struct entry *a = left, *b = right;
  if (!*a->pinyin != !*b->pinyin) return *a->pinyin ? -1 : 1;
  int order = strcmp(a->pinyin, b->pinyin);
  if (!order) order = strcmp(a->person->name, b->person->name);
  if (!order) order = (int)strlen(a->person->number) - (int)strlen(b->person->number);
  return order ? order : strcmp(a->person->number, b->person->number);
}

static char letter_of(const struct entry *e) { return isalpha((unsigned char)*e->pinyin) ? (char)toupper(*e->pinyin) : '#'; }

static void text(struct paper *p, double x, double y, double w, double size, bool bold, enum sheet_align align, uint32_t colour,
                 const char *words) {
  sheet_text(p->sheet, (struct box){x, y, w, ROW - 0.4}, &(struct lettering){size, size * 0.6, 2, bold, align, colour}, true,
             words);
}

static void page_head(struct paper *p) {
  char when[96], where[2 * TEXT_MAX + 8], line[3 * TEXT_MAX], number[48];
  int page = p->row / (A_COLUMN * COLUMNS), pages = (p->rows + A_COLUMN * COLUMNS - 1) / (A_COLUMN * COLUMNS);
  if (p->made->pages++) sheet_page(p->sheet);
  words_when(p->event, p->lang, when, sizeof when);
  words_where(p->event, p->lang, where, sizeof where);
  snprintf(line, sizeof line, "%s%s%s", when, *where ? "    " : "", where);
  snprintf(number, sizeof number, "%d / %d", page + 1, pages);
  sheet_text(p->sheet, (struct box){MARGIN, 10, 140, 8}, &(struct lettering){5.5, 3, 1, true, SHEET_LEFT, SHEET_INK}, true,
             words_in(&p->event->title, p->lang));
  sheet_text(p->sheet, (struct box){MARGIN, 18.5, 140, 5}, &(struct lettering){3.2, 2.2, 1, false, SHEET_LEFT, SHEET_SECOND},
             true, line);
  sheet_text(p->sheet, (struct box){WIDTH - MARGIN - 45, 10, 45, 8}, &(struct lettering){4, 3, 1, true, SHEET_RIGHT, SHEET_INK},
             true, paper_word(PAPER_LIST, p->lang));
  sheet_text(p->sheet, (struct box){WIDTH - MARGIN - 45, 18.5, 45, 5},
             &(struct lettering){3.2, 2.2, 1, false, SHEET_RIGHT, SHEET_SECOND}, true, number);
  sheet_line(p->sheet, MARGIN, 26, WIDTH - MARGIN, 26, 0.4, SHEET_INK);
  sheet_text(p->sheet, (struct box){MARGIN, HEIGHT - 11, WIDTH - 2 * MARGIN, 4},
             &(struct lettering){2.4, 2, 1, false, SHEET_CENTRE, SHEET_SECOND}, true, paper_word(PAPER_CARE, p->lang));
  for (int c = 0; c < COLUMNS; c++) {
    double x = MARGIN + c * (COLUMN_WIDTH + GUTTER);
    for (int i = 0; p->boxes > 1 && i < p->boxes; i++) {
      snprintf(number, sizeof number, "%d", i + 1);
      text(p, x + i * (BOX + 1), 27.5, BOX, 2.2, false, SHEET_CENTRE, SHEET_SECOND, number);
    }
    text(p, x + COLUMN_WIDTH - 26, 27.5, 26, 2.2, false, SHEET_RIGHT, SHEET_SECOND, paper_word(PAPER_LAST_FOUR, p->lang));
  }
}

/* Where the next row stands; begins a page where need be. */
static void next_row(struct paper *p, double *x, double *y) {
  int at = p->row % (A_COLUMN * COLUMNS);
  if (at == 0) page_head(p);
  *x = MARGIN + at / A_COLUMN * (COLUMN_WIDTH + GUTTER);
  *y = TOP + at % A_COLUMN * ROW;
  p->row++;
}

static void heading_row(struct paper *p, const char *words) {
  double x, y;
  next_row(p, &x, &y);
  text(p, x, y, COLUMN_WIDTH, 3.6, true, SHEET_LEFT, SHEET_GOOD, words);
  sheet_line(p->sheet, x, y + ROW - 0.3, x + COLUMN_WIDTH, y + ROW - 0.3, 0.25, SHEET_GOOD);
}

static void last_digits(const char *phone, char out[5]) {
  int n = 0;
  for (const char *at = phone + strlen(phone); at > phone && n < 4; at--)
    if (isdigit((unsigned char)at[-1])) out[3 - n++] = at[-1];
  if (n < 4) memmove(out, out + 4 - n, (size_t)n);
  out[n] = '\0';
}

static void person_cells(struct paper *p, const struct person *person, double x, double y, double w) {
  char name[NAME_MAX_BYTES + 24], last[5], about[2 * TEXT_MAX];
  bool known = person->confirmed;
  const struct ticket_type *type = person->type >= 0 ? &p->folder->catalog.type[person->type] : NULL;
  double name_w = 34, type_w = 14, last_w = 9, about_w = w - name_w - type_w - last_w - 2;
  last_digits(person->phone, last);
  snprintf(name, sizeof name, person->party > 1 ? "%s ×%d" : "%s", person->name, (int)person->party);
  static const char dot[] = "\u00A0· "; /* at a line's end, never at its beginning */
  snprintf(about, sizeof about, "%s%s%s%s%s", person->attention, *person->attention ? dot : "", person->seat,
           *person->seat && *person->organization ? dot : "", person->organization);
  double natural = sheet_text_width(p->sheet, &(struct lettering){3.8, 3.8, 1, known, SHEET_LEFT, 0}, name);
  double more = natural > name_w ? natural - name_w : 0; /* a long name takes of the room beside it */
  if (more > about_w / 2) more = *about ? about_w / 2 : about_w;
  name_w += more;
  about_w -= more;
  text(p, x, y, name_w, 3.8, known, SHEET_LEFT, known ? 0 : SHEET_SECOND, name);
  sheet_text_cut(p->sheet, (struct box){x + name_w + 1, y, about_w - 1, ROW - 0.4},
                 &(struct lettering){2.6, 1.9, 2, false, SHEET_LEFT, SHEET_SECOND}, about);

  text(p, x + w - last_w - type_w, y, type_w, 2.6, false, SHEET_LEFT,
       known && type ? ticket_colour(type->colour) : SHEET_SECOND,
       !known ? paper_word(PAPER_OPEN, p->lang)
       : type ? words_in(&type->label, p->lang)
              : "");
  text(p, x + w - last_w, y, last_w, 3.2, false, SHEET_RIGHT, SHEET_INK, last);
}

static void row_of(struct paper *p, const struct person *person) {
  double x, y, w = COLUMN_WIDTH - p->boxes * (BOX + 1) - 1;
  next_row(p, &x, &y);
  for (int i = 0; i < p->boxes; i++)
    sheet_frame(p->sheet, (struct box){x + 0.2 + i * (BOX + 1), y + (ROW - BOX) / 2.0, BOX, BOX}, 0.6, 0.25, SHEET_INK);
  sheet_line(p->sheet, x, y + ROW, x + COLUMN_WIDTH, y + ROW, 0.1, SHEET_FAINT);
  if (person) person_cells(p, person, x + p->boxes * (BOX + 1) + 1, y, w);
}

static int rows_of(const struct entry *entry, int count) {
  int rows = count + 1 + WALKINS;
  for (int i = 0; i < count; i++) rows += i == 0 || letter_of(&entry[i]) != letter_of(&entry[i - 1]);
  int whole = A_COLUMN * COLUMNS;
  return (rows + whole - 1) / whole * whole; /* lines to write on fill the last page */
}

/* A letter never stands alone at a column's foot. */
static void keep_with_next(struct paper *p) {
  double x, y;
  if (p->row % A_COLUMN == A_COLUMN - 1) next_row(p, &x, &y);
}

static void part(struct paper *p, struct entry *entry, int count) {
  qsort(entry, (size_t)count, sizeof *entry, by_pinyin);
  p->row = 0;
  p->rows = rows_of(entry, count);
  p->boxes = words_days(p->event) < BOXES_MAX ? words_days(p->event) : BOXES_MAX;
  for (int i = 0; i < count; i++) {
    char letter[2] = {letter_of(&entry[i]), '\0'};
    if (i == 0 || *letter != letter_of(&entry[i - 1])) {
      keep_with_next(p);
      heading_row(p, letter);
    }
    row_of(p, entry[i].person);
  }
  keep_with_next(p);
  heading_row(p, paper_word(PAPER_WALKINS, p->lang));
  while (p->row % (A_COLUMN * COLUMNS)) row_of(p, NULL);
}

static bool parts(struct paper *p, const struct sheet_fonts *fonts, struct pinyin *pinyin) {
  struct folder *f = p->folder;
  papers_check_pack(f, fonts, p->chosen);
  struct entry *entry = grow(NULL, (size_t)f->people_count + 1, sizeof *entry);
  for (int e = 0; e < f->catalog.events; e++) {
    int count = 0;
    for (int i = 0; i < f->people_count; i++) {
      const struct person *person = &f->people[i];
      if (person->event != e || f->roster[person->roster].elsewhere_only || f->roster[person->roster].practice) continue;
      papers_check(f, fonts, person, PAPERS_LIST);
      entry[count].person = person;
      pinyin_of(pinyin, person->name, entry[count++].pinyin, PINYIN);
    }
    p->event = &f->catalog.event[e];
    p->lang = paper_lang(p->event, p->chosen);
    bool has_station = false;
    for (int i = 0; i < f->catalog.stations; i++) has_station = has_station || f->catalog.station[i].event == e;
    if (!count && !has_station) continue; /* another city's */
    p->made->people += count;
    part(p, entry, count);
  }
  free(entry);
  return true;
}

bool list_write(struct folder *folder, enum lang lang, const char *file, struct list_made *made, struct problem *problem) {
  struct paper p = {.folder = folder, .chosen = lang, .made = made};
  const struct event *first = &folder->catalog.event[0];
  struct sheet_fonts *fonts = NULL;
  struct pinyin *pinyin = NULL;
  char *bytes = NULL;
  size_t len = 0;
  *made = (struct list_made){0};
  bool good =
      pinyin_open(&pinyin, problem) && sheet_fonts_open(&fonts, problem) &&
      sheet_pdf(fonts, words_in(&first->title, paper_lang(first, lang)), first->starts_ms, WIDTH, HEIGHT, &p.sheet, problem);
  if (good) {
    parts(&p, fonts, pinyin);
    good = sheet_finish(p.sheet, &bytes, &len, problem) && file_write(file, bytes, len, 0600, problem);
  }
  free(bytes);
  sheet_fonts_close(fonts);
  pinyin_close(pinyin);
  return good;
}
