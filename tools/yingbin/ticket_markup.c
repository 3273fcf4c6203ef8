/* SPDX-License-Identifier: Apache-2.0
 * The ticket as SVG 1.1 and as a page of HTML: the code is one path of whole modules, so that nothing of
 * it is ever smoothed. SVG has no line breaks and only the viewer knows its fonts, so long texts are
 * broken and made smaller by the columns that their characters take (East Asian Width, as libunistring
 * has it). HTML breaks its lines itself.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unigbrk.h>
#include <unistr.h>
#include <uniwidth.h>

#include "tools/yingbin/ticket_face.h"

enum { LINES_MAX = 3 };

static const char fonts[] =
    "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei','Noto Sans','HanaMinB','Hanazono Mincho B',"
    "'Noto Sans Arabic','Noto Sans Hebrew','Noto Serif Tibetan','Noto Color Emoji','Apple Color Emoji','Segoe UI "
    "Emoji',sans-serif";

/* XML 1.0 has no control characters but tab and line ends, which a line of text doesn't need. */
static void escape(FILE *out, const char *text, size_t len) {
  for (size_t i = 0; i < len; i++) switch (text[i]) {
    case '&': fputs("&amp;", out); break;
    case '<': fputs("&lt;", out); break;
    case '>': fputs("&gt;", out); break;
    case '"': fputs("&quot;", out); break;
    default: fputc((unsigned char)text[i] < 0x20 || text[i] == 0x7f ? ' ' : text[i], out);
    }
}

static int columns(const char *text, size_t len) { return u8_width((const uint8_t *)text, len, "UTF-8"); }

/* A name may be broken at a blank and behind a middle dot. */
static bool breaks(const uint8_t *at) { return *at == ' ' || !memcmp(at - 2, "·", 2); }

/* Bytes of the first line: at most `most` columns, whole characters as people see them, broken well if that is near. */
static size_t line_of(const char *text, size_t len, int most) {
  const uint8_t *from = (const uint8_t *)text, *end = from + len, *at = from, *good = NULL;
  while (at < end) {
    const uint8_t *next = u8_grapheme_next(at, end);
    if (columns(text, (size_t)(next - from)) > most && at > from) break;
    if (at - from >= 2 && breaks(at)) good = at;
    at = next;
  }
  return (size_t)((at < end && good && good - from > (at - from) / 2 ? good : at) - from);
}

/* Centred lines from `y` down; returns where they end. */
static double text_lines(FILE *out, const char *text, double y, double size, const char *weight, const char *colour) {
  if (!text) return y;
  double width = TICKET_WIDTH - 2 * TICKET_MARGIN, least = size * 0.45;
  int all = columns(text, strlen(text)), lines = 1;
  if (!all) return y;
  while (all > 0 && lines < LINES_MAX && width * 2 * lines / all < size * (lines == 1 ? 0.7 : 0.5)) lines++;
  int a_line = lines == 1 ? all : all / lines + (lines == 2 ? 4 : 5);
  if (all > 0 && width * 2 / a_line < size) size = width * 2 / a_line;
  if (size < least) size = least, a_line = (int)(width * 2 / least);
  for (size_t len = strlen(text), line; len > 0; text += line, len -= line) {
    while (len > 0 && *text == ' ') text++, len--;
    line = line_of(text, len, a_line);
    y += size * 1.25;
    fprintf(out, "<text x=\"%d\" y=\"%.1f\" font-size=\"%.1f\" font-weight=\"%s\" fill=\"%s\">", TICKET_WIDTH / 2,
            y - size * 0.3, size, weight, colour);
    escape(out, text, line);
    fputs("</text>\n", out);
  }
  return y;
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

static double modules(FILE *out, const QRcode *qr, double y) {
  int dots = TICKET_CODE_SIDE / (qr->width + 2 * TICKET_QUIET), side = dots * (qr->width + 2 * TICKET_QUIET);
  fprintf(out, "<path transform=\"translate(%d %.0f) scale(%d)\" shape-rendering=\"crispEdges\" fill=\"#000\" d=\"",
          (TICKET_WIDTH - side) / 2 + dots * TICKET_QUIET, y + dots * TICKET_QUIET, dots);
  path(out, qr);
  fputs("\"/>\n", out);
  return y + side;
}

bool ticket_svg(const struct ticket_face *face, char **bytes, size_t *len, struct problem *problem) {
  QRcode *qr;
  if (!ticket_face_qr(face, &qr, problem)) return false;
  char *body = NULL;
  size_t body_len = 0;
  FILE *out = open_memstream(&body, &body_len);
  double y = TICKET_MARGIN;
  char colour[16];
  snprintf(colour, sizeof colour, "#%06x", face->colour ? (unsigned)ticket_colour(face->colour) : 0x1f5c56U);
  if (out) {
    y = text_lines(out, face->title, y, TICKET_TITLE_SIZE, "500", "#1e2430");
    y = text_lines(out, face->when, y, TICKET_WHEN_SIZE, "400", "#5b6472");
    y = text_lines(out, face->where, y, TICKET_WHEN_SIZE, "400", "#5b6472");
    y = modules(out, qr, y);
    y = text_lines(out, face->name, y, TICKET_NAME_SIZE, "700", "#000");
    y = text_lines(out, face->type, y + TICKET_MARGIN / 4.0, TICKET_TYPE_SIZE, "500", colour) + TICKET_MARGIN;
    fclose(out);
  }
  QRcode_free(qr);
  out = body ? open_memstream(bytes, len) : NULL;
  if (!out) {
    free(body);
    return problem_set(problem, "内存不足", "out of memory");
  }
  double mm = 25.4 / TICKET_DPI;
  fprintf(
      out,
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.2fmm\" "
      "height=\"%.2fmm\" viewBox=\"0 0 %d %.0f\">\n"
      "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n<g stroke=\"none\" text-anchor=\"middle\" font-family=\"%s\" "
      "style=\"unicode-bidi:plaintext\">\n",
      TICKET_WIDTH * mm, y * mm, TICKET_WIDTH, y, fonts);
  fwrite(body, 1, body_len, out);
  fputs("</g>\n</svg>\n", out);
  free(body);
  return !fclose(out) || problem_set(problem, "内存不足", "out of memory");
}

/* Phones first: the code as wide as the phone, always black on white, also where the page itself is dark. */
static const char style[] =
    ":root{color-scheme:light dark;--ground:#f6f3ec;--ink:#1c2430;--second:#5b6472}\n"
    "@media(prefers-color-scheme:dark){:root{--ground:#12161c;--ink:#f4f1ea;--second:#a9b2bf}}\n"
    "*{box-sizing:border-box;margin:0}\n"
    "body{background:var(--ground);color:var(--ink);text-align:center;line-height:1.4;padding:24px "
    "16px;unicode-bidi:plaintext;\n"
    "font-family:-apple-system,'PingFang SC','Noto Sans CJK SC','Noto Sans SC','Microsoft YaHei',sans-serif}\n"
    "main{max-width:28rem;margin:auto}\n"
    "h1{font-size:1.25rem;text-wrap:balance}\n"
    "p{color:var(--second);overflow-wrap:anywhere}\n"
    ".code{background:#fff;border-radius:16px;margin:16px 0;padding:0;forced-color-adjust:none}\n"
    ".code svg{display:block;width:100%;height:auto}\n"
    ".name{color:var(--ink);font-size:2.25rem;font-weight:700;line-height:1.2}\n"
    ".type{display:inline-block;color:#fff;border-radius:8px;padding:4px 16px;margin:12px 0;font-weight:600;\n"
    "forced-color-adjust:none;-webkit-print-color-adjust:exact;print-color-adjust:exact}\n"
    ".say{font-size:.875rem;margin-top:16px}\n"
    "@media print{:root{--ground:#fff;--ink:#000;--second:#444}.code{width:70mm;margin:8mm auto}}\n";

static void element(FILE *out, const char *open, const char *text, const char *close) {
  if (!text || !*text) return;
  fputs(open, out);
  escape(out, text, strlen(text));
  fputs(close, out);
}

static void html_code(FILE *out, const struct ticket_face *face, const QRcode *qr) {
  int all = qr->width + 2 * TICKET_QUIET;
  fprintf(out,
          "<div class=\"code\"><svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" stroke=\"none\" role=\"img\" "
          "aria-label=\"签到二维码 check-in QR code\"><rect width=\"%d\" height=\"%d\" fill=\"#fff\"/><path "
          "transform=\"translate(%d %d)\" shape-rendering=\"crispEdges\" fill=\"#000\" d=\"",
          all, all, all, all, TICKET_QUIET, TICKET_QUIET);
  path(out, qr);
  fputs("\"/></svg></div>\n", out);
  element(out, "<p class=\"name\" dir=\"auto\">", face->name, "</p>\n");
  if (face->type && *face->type) {
    fprintf(out, "<p class=\"type\" style=\"background:#%06x\">", (unsigned)ticket_colour(face->colour));
    element(out, "", face->type, "</p>\n");
  }
}

bool ticket_html(const struct ticket_face *face, char **bytes, size_t *len, struct problem *problem) {
  QRcode *qr;
  if (!ticket_face_qr(face, &qr, problem)) return false;
  FILE *out = open_memstream(bytes, len);
  if (out) {
    fputs("<!doctype html>\n<html lang=\"zh-Hans\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
          "<meta name=\"robots\" content=\"noindex\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<title>",
          out);
    element(out, "", face->title, "");
    fprintf(out, "</title>\n<style>\n%s</style>\n</head>\n<body>\n<main>\n", style);
    element(out, "<h1>", face->title, "</h1>\n");
    element(out, "<p>", face->when, "</p>\n");
    element(out, "<p>", face->where, "</p>\n");
    html_code(out, face, qr);
    fputs("<p class=\"say\">请把二维码对准签到机的摄像头，屏幕调亮。没有网络也能打开，可保存或截图；请勿转发。<br>\n"
          "Hold this code up to the kiosk's camera, with your screen bright. It opens without a network; keep it or take a "
          "screenshot, and don't pass it on.</p>\n</main>\n</body>\n</html>\n",
          out);
  }
  QRcode_free(qr);
  return (out && !fclose(out)) || problem_set(problem, "内存不足", "out of memory");
}
