/* SPDX-License-Identifier: Apache-2.0
 * The ticket as a page of HTML that needs nothing besides itself: the code is one path of whole modules,
 * the letters are the phone's own.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unictype.h>
#include <unilbrk.h>
#include <unistr.h>
#include <uniwidth.h>

#include "tools/yingbin/markup.h"
#include "tools/yingbin/paper_words.h"
#include "tools/yingbin/sheet.h"
#include "tools/yingbin/ticket_face.h"

/* Phones first: the code as wide as the phone, always black on white, also where the page itself is dark. */
static const char style[] =
    ":root{color-scheme:light dark;--ground:#f6f3ec;--ink:#1c2430;--second:#5b6472}\n"
    "@media(prefers-color-scheme:dark){:root{--ground:#12161c;--ink:#f4f1ea;--second:#a9b2bf}}\n"
    "*{box-sizing:border-box;margin:0}\n"
    "body{background:var(--ground);color:var(--ink);text-align:center;line-height:1.4;padding:20px 16px;\n"
    "font-family:-apple-system,'PingFang SC','Noto Sans CJK SC','Noto Sans SC','Microsoft YaHei',sans-serif}\n"
    "[lang|=zh-Hant]{font-family:-apple-system,'PingFang TC','Noto Sans CJK TC','Noto Sans TC','Microsoft "
    "JhengHei',sans-serif}\n"
    "main{max-width:24rem;margin:auto}\n"
    "h1,p{unicode-bidi:plaintext;overflow-wrap:anywhere;text-wrap:balance}\n"
    "h1{font-size:1.25rem;line-height:1.3;margin-bottom:4px}\n"
    "p{color:var(--second)}\n"
    ".code{background:#fff;border-radius:16px;margin:16px 0;overflow:hidden;forced-color-adjust:none}\n"
    ".code svg{display:block;width:100%;height:auto}\n"
    ".name{color:var(--ink);font-size:2.25rem;font-weight:700;line-height:1.2}\n"
    ".type,.mark{color:#fff;border-radius:8px;padding:4px 16px;font-weight:600;\n"
    "forced-color-adjust:none;-webkit-print-color-adjust:exact;print-color-adjust:exact}\n"
    ".type{display:inline-block;margin-top:8px;box-shadow:0 0 0 1px #fff4}\n"
    ".mark{background:#92400e;margin-bottom:16px}\n"
    ".party{color:var(--ink);font-weight:600;margin-top:8px}\n"
    ".say{font-size:.875rem;margin-top:16px}\n"
    ".say+.say{margin-top:4px}\n"
    ".say span{display:inline-block}\n"
    "@media print{:root{color-scheme:light;--ground:#fff;--ink:#000;--second:#444}.code{width:70mm;margin:8mm auto}}\n";

static void element(FILE *out, const char *open, const char *text, const char *close) {
  if (!text || !*text) return;
  fputs(open, out);
  markup_put(out, text);
  fputs(close, out);
}

/* The dark modules as one path, a module a unit. */
static void path(FILE *out, const QRcode *qr) {
  for (int row = 0; row < qr->width; row++)
    for (int from = 0, to; from < qr->width; from = to) {
      const unsigned char *m = qr->data + row * qr->width;
      for (to = from + 1; to < qr->width && (m[to] & 1) == (m[from] & 1); to++) {
      }
      if (m[from] & 1) fprintf(out, "M%d %dh%dv1h-%dz", from, row, to - from, to - from);
    }
}

static void code(FILE *out, const struct ticket_face *face, const QRcode *qr) {
  int all = qr->width + 2 * SHEET_QUIET;
  fprintf(out,
          "<div class=\"code\"><svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" stroke=\"none\" role=\"img\" "
          "aria-label=\"%s\"><rect width=\"%d\" height=\"%d\" fill=\"#fff\"/><path transform=\"translate(%d %d)\" "
          "shape-rendering=\"crispEdges\" fill=\"#000\" d=\"",
          all, all, paper_word(PAPER_CODE, face->lang), all, all, SHEET_QUIET, SHEET_QUIET);
  path(out, qr);
  fputs("\"/></svg></div>\n", out);
}

/* About how wide the letter is in a bold typeface of any phone, in em: rather too wide. */
static double em_of(ucs4_t letter) {
  int columns = uc_width(letter, "UTF-8");
  if (columns != 1) return columns > 0 ? 1.1 : 0;
  if (letter < 0x80 && strchr("MWmw@%&", (int)letter)) return letter == 'm' || letter == 'w' ? 0.95 : 1.05;
  return uc_is_upper(letter) ? 0.75 : 0.62;
}

/* Of the whole text and of what of it can't be broken, in em. */
static void widths_of(const char *text, double *all, double *longest) {
  size_t len = strlen(text);
  char *breaks = malloc(len + 1);
  if (!breaks) abort();
  u8_possible_linebreaks((const uint8_t *)text, len, "UTF-8", breaks);
  *all = *longest = 0;
  double word = 0;
  for (size_t i = 0; i < len;) {
    ucs4_t letter;
    int n = u8_mbtouc(&letter, (const uint8_t *)text + i, len - i);
    if (breaks[i] == UC_BREAK_POSSIBLE) word = 0;
    *all += em_of(letter);
    word += em_of(letter);
    *longest = fmax(*longest, word);
    i += (size_t)n;
  }
  free(breaks);
}

/* On at most three lines or so, and no word broken unless it would be too small to read: then it is, evenly. */
static void name(FILE *out, const char *name) {
  static const double usual = 2.25 / 24, readable = 0.5 / 24; /* of the page's width */
  double all, longest;
  widths_of(name, &all, &longest);
  if (longest > 1 / readable) longest /= ceil(longest * readable) - 0.1; /* the lines aren't quite even */
  double share = 1 / fmax(longest, all / 3);
  fputs("<p class=\"name\" dir=\"auto\"", out);
  if (share < usual) fprintf(out, " style=\"font-size:1rem;font-size:calc(min(100vw - 32px,24rem)*%.4f)\"", share);
  element(out, ">", name, "</p>\n");
}

/* Chinese has the English below it: who shows the ticket may read either. */
static void say(FILE *out, enum lang lang) {
  for (enum lang l = lang;; l = LANG_EN) {
    fprintf(out, "<p class=\"say\" lang=\"%s\"><span>%s</span> <span>%s</span></p>\n", paper_lang_name[l],
            paper_word(PAPER_SHOW_IT, l), paper_word(PAPER_KEEP_IT, l));
    if (l == LANG_EN) break;
  }
}

static void body(FILE *out, const struct ticket_face *face, const QRcode *qr) {
  element(out, "<p class=\"mark\">", face->mark, "</p>\n");
  element(out, "<h1>", face->title, "</h1>\n");
  element(out, "<p>", face->when, "</p>\n");
  element(out, "<p>", face->where, "</p>\n");
  code(out, face, qr);
  name(out, face->name);
  if (face->type && *face->type) {
    fprintf(out, "<p class=\"type\" style=\"background:#%06x\">", (unsigned)ticket_colour(face->colour));
    element(out, "", face->type, "</p>\n");
  }
  element(out, "<p class=\"party\">", face->party, "</p>\n");
  say(out, face->lang);
}

bool ticket_html(const struct ticket_face *face, char **bytes, size_t *len, struct problem *problem) {
  QRcode *qr;
  if (!ticket_face_qr(face, &qr, problem)) return false;
  FILE *out = open_memstream(bytes, len);
  if (out) {
    fprintf(out,
            "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
            "<meta name=\"robots\" content=\"noindex\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<title>",
            paper_lang_name[face->lang]);
    element(out, "", face->title, "");
    fprintf(out, "</title>\n<style>\n%s</style>\n</head>\n<body>\n<main>\n", style);
    body(out, face, qr);
    fputs("</main>\n</body>\n</html>\n", out);
  }
  QRcode_free(qr);
  return (out && !fclose(out)) || problem_set(problem, "内存不足", "out of memory");
}
