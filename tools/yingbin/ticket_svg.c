/* SPDX-License-Identifier: Apache-2.0
 * The QR code of a ticket, and the ticket as SVG 1.1: one path of whole modules, so that nothing of it
 * is ever smoothed. SVG has no line breaks and only the viewer knows its fonts, so long texts are broken
 * and made smaller by the columns that their characters take (East Asian Width, as libunistring has it).
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

static bool all_of(const char *set, const unsigned char *bytes, size_t len) {
  for (size_t i = 0; i < len; i++)
    if (!bytes[i] || !strchr(set, bytes[i])) return false;
  return len > 0;
}

QRcode *ticket_qr(const void *bytes, size_t len, QRecLevel level) {
  QRencodeMode mode = all_of("0123456789", bytes, len)                                      ? QR_MODE_NUM
                      : all_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:", bytes, len) ? QR_MODE_AN
                                                                                            : QR_MODE_8;
  QRcode *qr = NULL;
  for (int l = (int)level; !qr && l >= QR_ECLEVEL_L && len > 0; l--) {
    QRinput *input = QRinput_new2(0, (QRecLevel)l);
    if (!input) return NULL;
    if (!QRinput_append(input, mode, (int)len, bytes)) qr = QRcode_encodeInput(input);
    QRinput_free(input);
  }
  return qr;
}

bool ticket_face_qr(const struct ticket_face *face, QRcode **qr, struct problem *problem) {
  size_t len = strlen(face->code);
  *qr = ticket_qr(face->code, len, QR_ECLEVEL_Q);
  if (!*qr)
    return problem_set(problem, "%s：票码有 %zu 字节，放不进二维码", "%s: a code of %zu bytes does not fit into a QR code",
                       face->name, len);
  if (!face->issued || (*qr)->version == 1) return true;
  QRcode_free(*qr);
  *qr = NULL;
  return problem_set(problem, "%s：codes.csv 里的票码应为 16 个字符", "%s: the code in codes.csv should have 16 characters",
                     face->name);
}

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
  double width = TICKET_WIDTH - 2 * TICKET_MARGIN, least = size * 0.45;
  int all = columns(text, strlen(text)), lines = 1;
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

static double modules(FILE *out, const QRcode *qr, double y) {
  int dots = TICKET_CODE_SIDE / (qr->width + 2 * TICKET_QUIET), side = dots * (qr->width + 2 * TICKET_QUIET);
  fprintf(out, "<path transform=\"translate(%d %.0f) scale(%d)\" shape-rendering=\"crispEdges\" fill=\"#000\" d=\"",
          (TICKET_WIDTH - side) / 2 + dots * TICKET_QUIET, y + dots * TICKET_QUIET, dots);
  for (int row = 0; row < qr->width; row++)
    for (int from = 0, to; from < qr->width; from = to) {
      const unsigned char *m = qr->data + row * qr->width;
      for (to = from + 1; to < qr->width && (m[to] & 1) == (m[from] & 1); to++) {
      }
      if (m[from] & 1) fprintf(out, "M%d %dh%dv1h-%dz", from, row, to - from, to - from);
    }
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
  if (out) {
    y = text_lines(out, face->title, y, TICKET_TITLE_SIZE, "500", "#1e2430");
    y = modules(out, qr, y);
    y = text_lines(out, face->name, y, TICKET_NAME_SIZE, "700", "#000");
    y = text_lines(out, face->type, y + TICKET_MARGIN / 4.0, TICKET_TYPE_SIZE, "500", "#1f5c56") + TICKET_MARGIN;
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
