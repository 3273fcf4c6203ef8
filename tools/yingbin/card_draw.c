/* SPDX-License-Identifier: Apache-2.0
 * A card on a sheet of A6: its code on the left; on the right whose it is, what it opens, whom to give it
 * and how to keep it, in Chinese with the English in small under it, or in English alone.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "tools/yingbin/cards.h"
#include "tools/yingbin/sheet.h"
#include "tools/yingbin/ticket_face.h"

enum { WIDTH = 148, HEIGHT = 105, MARGIN = 8, BAND = 16, CODE = 58, DPI = 300 };

static const struct lettering role_letters = {7, 4, 1, true, SHEET_LEFT, SHEET_WHITE},
                              role_second_letters = {4, 3, 1, false, SHEET_RIGHT, SHEET_WHITE},
                              name_letters = {8, 3, 2, true, SHEET_LEFT, SHEET_INK},
                              event_letters = {3.2, 2.4, 2, false, SHEET_LEFT, SHEET_SECOND},
                              head_letters = {3.2, 2.4, 1, true, SHEET_LEFT, SHEET_GOOD},
                              own_letters = {3, 2.4, 0, false, SHEET_LEFT, SHEET_INK},
                              second_letters = {2.4, 2, 0, false, SHEET_LEFT, SHEET_SECOND},
                              id_letters = {3, 2.4, 1, false, SHEET_CENTRE, SHEET_SECOND};

static bool has_suffix(const char *file, const char *suffix) {
  size_t len = strlen(file), n = strlen(suffix);
  return len > n && !strcasecmp(file + len - n, suffix);
}

struct column { /* the words on the right, drawn downwards */
  struct sheet *sheet;
  double y, scale;
  bool measure;
};

static void put(struct column *c, double after, const struct lettering *letters, const char *text) {
  struct lettering l = *letters;
  struct box box = {MARGIN + CODE + 6, c->y, WIDTH - 2 * MARGIN - CODE - 6, 0};
  l.size *= c->scale;
  l.least *= c->scale;
  double h = c->measure ? sheet_text_height(c->sheet, box, &l, text) : sheet_text(c->sheet, box, &l, false, text);
  if (h > 0) c->y += h + after * c->scale;
}

static const struct card_line opens = {{"能做什么", "能做什麼", "What it opens"}},
                              care = {{"交给谁，怎样保管", "交給誰，怎樣保管", "Whom to give it, how to keep it"}},
                              everyone = {{"全部名单", "全部名單", "all rosters"}};

static void put_lines(struct column *c, enum lang lang, const struct card_line *head, const struct card_line line[CARD_LINES]) {
  c->y += 2.5 * c->scale;
  put(c, 1, &head_letters, head->in[lang]);
  for (int i = 0; i < CARD_LINES && line[i].in[lang]; i++) {
    put(c, lang == LANG_EN ? 1 : 0, &own_letters, line[i].in[lang]);
    if (lang != LANG_EN) put(c, 1, &second_letters, line[i].in[LANG_EN]);
  }
}

static void words(struct column *c, const struct card *card) {
  c->y = BAND + 5;
  put(c, 0.5, &name_letters, card->name);
  put(c, 0.5, &event_letters, card->event);
  if (card->kind == CARD_OPERATOR) put(c, 0.5, &event_letters, *card->host ? card->host : everyone.in[card->lang]);
  put_lines(c, card->lang, &opens, card->opens);
  put_lines(c, card->lang, &care, card->care);
}

static void draw(struct sheet *s, const struct card *card, const QRcode *qr) {
  char text[TEXT_MAX * 2 + 32];
  uint32_t colour = card->kind == CARD_SETUP ? 0x334155 : card->lead ? 0x8a3324 : SHEET_GOOD;
  sheet_fill(s, (struct box){0, 0, WIDTH, BAND}, 0, colour);
  sheet_text(s, (struct box){MARGIN, 0, 70, BAND}, &role_letters, true, card->role.in[card->lang]);
  if (card->lang != LANG_EN)
    sheet_text(s, (struct box){WIDTH - MARGIN - 60, 0, 60, BAND}, &role_second_letters, true, card->role.in[LANG_EN]);
  struct box code = {MARGIN - 4, BAND + 6, CODE + 4, CODE + 4};
  sheet_qr(s, code, qr);
  snprintf(text, sizeof text, "%s%s", *card->id ? "No. " : "", *card->id ? card->id : card->hub);
  sheet_text(s, (struct box){code.x, code.y + code.h, code.w, 8}, &id_letters, false, text);
  struct column c = {.sheet = s, .scale = 1.2, .measure = true};
  for (words(&c, card); c.y > HEIGHT - MARGIN + 2 && c.scale > 0.5; words(&c, card)) c.scale -= 0.04;
  c.measure = false;
  words(&c, card);
}

bool card_draw(const struct card *card, const char *file, struct problem *problem) {
  bool png = has_suffix(file, ".png");
  struct sheet_fonts *fonts = NULL;
  struct sheet *s = NULL;
  char *bytes = NULL;
  size_t len = 0;
  QRcode *qr = NULL;
  if (!png && !has_suffix(file, ".pdf"))
    return problem_set(problem, "%s：文件名应以 .pdf 或 .png 结尾", "%s: the file's name should end in .pdf or .png", file);
  bool good = (qr = ticket_qr(card->payload, strlen(card->payload), QR_ECLEVEL_M)) ||
              problem_set(problem, "卡的内容太长，二维码放不下", "the card holds too much for a QR code");
  good = good && sheet_fonts_open(&fonts, problem) &&
         (png ? sheet_png(fonts, WIDTH, HEIGHT, DPI, &s, problem)
              : sheet_pdf(fonts, card->role.in[card->lang], 0, WIDTH, HEIGHT, &s, problem));
  if (good) {
    draw(s, card, qr);
    good = sheet_finish(s, &bytes, &len, problem) && file_write(file, bytes, len, 0600, problem);
  }
  if (bytes) sodium_memzero(bytes, len);
  free(bytes);
  if (qr) {
    sodium_memzero(qr->data, (size_t)qr->width * (size_t)qr->width);
    QRcode_free(qr);
  }
  sheet_fonts_close(fonts);
  return good;
}
