/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/merged_page.h"

/* clang-format off */
static const char style[] =
    ":root{--ground:#F6F3EC;--ink:#1C2430;--soft:#5B6472;--card:#FFFFFF;--good:#1F5C57;--care:#D9482B;--line:#E4DFD3}"
    "@media(prefers-color-scheme:dark){:root{--ground:#12161C;--ink:#F4F1EA;--soft:#A9B2BF;--card:#1C222B;--good:#5CC4B6;"
    "--care:#FF7A59;--line:#2C343F}}*{box-sizing:border-box;margin:0}"
    "body{background:var(--ground);color:var(--ink);"
    "font:16px/1.55 system-ui,'Noto Sans CJK SC','Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif;"
    "padding:48px 24px;-webkit-print-color-adjust:exact;print-color-adjust:exact}main{max-width:1040px;margin:0 auto}"
    "small{color:var(--soft);font-size:.78em;font-weight:400}"
    "header.top{display:flex;justify-content:space-between;gap:24px;align-items:baseline;flex-wrap:wrap;margin:0 4px 32px}"
    "h1{font-size:2rem;line-height:1.25;font-weight:700}h1+p{color:var(--soft)}.kind{color:var(--soft);white-space:nowrap}"
    "h2{font-size:1.05rem;font-weight:700;margin-bottom:16px}"
    "section{background:var(--card);border:1px solid var(--line);border-radius:18px;padding:26px 28px;margin-bottom:20px;"
    "break-inside:avoid}.hero{display:flex;gap:48px;align-items:center;flex-wrap:wrap}"
    ".large{font-size:6.2rem;line-height:1;font-weight:700;letter-spacing:-.03em;font-variant-numeric:tabular-nums}"
    ".hero>div:last-child{flex:1;min-width:260px}.hero .of{font-size:1.25rem;margin-bottom:12px}"
    ".facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(160px,1fr));gap:20px;margin-bottom:20px}"
    ".facts section{margin:0;padding:20px 24px}"
    ".facts b{display:block;white-space:nowrap;font-size:2rem;line-height:1.2;font-variant-numeric:tabular-nums}"
    ".facts span{color:var(--soft)}.care b{color:var(--care)}.two{columns:2 340px;column-gap:20px}"
    ".two section{display:inline-block;width:100%}"
    ".bars{display:grid;grid-template-columns:minmax(5em,auto) 1fr auto;gap:10px 14px;align-items:center}"
    ".bars dt{overflow-wrap:anywhere}.bars dd{font-variant-numeric:tabular-nums;text-align:right}"
    ".bar{height:14px;border-radius:7px;background:var(--line);overflow:hidden}.bar{position:relative}"
    ".bar i{position:absolute;left:0;top:0;height:100%;border-radius:7px;background:var(--good)}.bar i.of{opacity:.28}"
    "svg{display:block;width:100%;height:auto}svg text{fill:var(--soft);font-size:13px;font-variant-numeric:tabular-nums}"
    "svg .grid{stroke:var(--line)}svg .in{fill:var(--good)}"
    "svg .sum{fill:none;stroke:var(--care);stroke-width:2.5;stroke-linejoin:round}svg .dot{fill:var(--care)}"
    "svg text.strong{fill:var(--ink);font-weight:700}figure{overflow-x:auto}figure svg{min-width:620px}"
    "figure+figure{margin-top:28px}figcaption{color:var(--soft);margin-bottom:8px}"
    ".key{display:inline-block;width:12px;height:12px;border-radius:3px;background:var(--good);margin:0 6px 0 16px}"
    ".key.line{height:3px;vertical-align:middle;background:var(--care)}.wide{overflow-x:auto}"
    "table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}"
    "th{text-align:left;color:var(--soft);font-weight:400;font-size:.85em;vertical-align:bottom}th small{display:block}"
    "th,td{white-space:nowrap;padding:8px 18px 8px 0;border-bottom:1px solid var(--line)}tr:last-child td{border-bottom:0}"
    "td.n,th.n{text-align:right}ul{list-style:none;padding:0}li{padding:7px 0 7px 26px;position:relative}"
    "li:before{content:'';position:absolute;left:2px;top:14px;width:12px;height:12px;border-radius:4px;"
    "background:var(--care)}li.good:before{border-radius:50%;background:var(--good)}"
    "header.top~header.top{margin-top:48px}footer{color:var(--soft);font-size:.85em;margin:28px 4px 0}"
    "@media print{header.top~header.top{break-before:page;margin-top:0}footer{break-before:avoid}@page{size:A4;margin:14mm}"
    ":root{--ground:#FFF;--ink:#1C2430;--soft:#5B6472;--card:#FFF;--good:#1F5C57;--care:#D9482B;--line:#D8D3C7}"
    "body{padding:0;font-size:11px}section{padding:14px 16px;border-radius:10px;margin-bottom:10px}"
    ".facts{gap:10px;margin-bottom:10px;grid-template-columns:repeat(4,1fr)}.facts section{padding:12px 14px}"
    ".facts b{font-size:1.5rem}.two{columns:2;column-gap:10px}figure svg{min-width:0}h2{margin-bottom:8px}"
    ".hero .of{font-size:1.1rem}.large{font-size:4rem}h1{font-size:1.6rem}header.top{margin-bottom:16px}"
    ".wide{overflow:visible}}";
/* clang-format on */

void page_text(FILE *out, const char *text) {
  for (; *text; text++) switch (*text) {
    case '&': fputs("&amp;", out); break;
    case '<': fputs("&lt;", out); break;
    case '>': fputs("&gt;", out); break;
    case '"': fputs("&quot;", out); break;
    case '\'': fputs("&#39;", out); break;
    default: fputc(*text, out);
    }
}

void page_begin(FILE *out, const char *title) {
  fputs("<!doctype html>\n<html lang=\"zh-Hans\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>",
        out);
  page_text(out, title);
  fprintf(out, "</title>\n<style>%s</style>\n</head>\n<body>\n<main>\n", style);
}

void page_end(FILE *out) { fputs("</main>\n</body>\n</html>\n", out); }

void page_both(FILE *out, const char *zh, const char *en) { fprintf(out, "%s <small lang=\"en\">%s</small>", zh, en); }

void page_card(FILE *out, const char *zh, const char *en) {
  fputs("<section>\n<h2>", out);
  page_both(out, zh, en);
  fputs("</h2>\n", out);
}

void page_card_end(FILE *out) { fputs("</section>\n", out); }

void page_percent(int64_t part, int64_t of, char out[32]) {
  const int64_t percent = of ? (200 * part + of) / (2 * of) : 0, tenths = of ? (2000 * part + of) / (2 * of) : 0;
  if (part > 0 && percent == 0)
    snprintf(out, 32, "0.%lld%%", (long long)(tenths > 0 ? tenths : 1));
  else if (part < of && percent == 100)
    snprintf(out, 32, "99.%lld%%", (long long)(tenths < 1000 ? tenths - 990 : 9));
  else
    snprintf(out, 32, "%lld%%", (long long)percent);
}

void page_bars(FILE *out) { fputs("<dl class=\"bars\">\n", out); }

void page_bar(FILE *out, const char *label, int64_t value, int64_t of, int64_t most) {
  double share = most > 0 ? 100.0 * (double)value / (double)most : 0, whole = most > 0 ? 100.0 * (double)of / (double)most : 0;
  fputs("<dt>", out);
  page_text(out, label);
  fputs("</dt><div class=\"bar\">", out);
  if (of > 0) fprintf(out, "<i class=\"of\" style=\"width:%.1f%%\"></i>", whole > 100 ? 100 : whole);
  fprintf(out, "<i style=\"width:%.1f%%\"></i></div><dd>%lld", share > 100 ? 100 : share, (long long)value);
  if (of > 0) fprintf(out, " <small>/ %lld</small>", (long long)of);
  fputs("</dd>\n", out);
}

void page_bars_end(FILE *out) { fputs("</dl>\n", out); }

/* --- the curve --- */

enum { WIDTH = 960, HEIGHT = 300, LEFT = 48, RIGHT = 64, TOP = 22, BOTTOM = 34, BINS = 72 };

struct curve {
  int from, to, step; /* minutes since the day's border; a bar's width */
  int64_t most;       /* the scale of the bars */
};

static int64_t binned(const struct numbers_day *d, int from, int step) {
  int64_t sum = 0;
  for (int i = from; i < from + step && i < NUMBERS_MINUTES; i++) sum += d->minute[i];
  return sum;
}

/* 1, 2 or 5 times a power of ten, not below. */
static int64_t round_up(int64_t value) {
  static const int64_t steps[] = {1, 2, 5};
  for (int64_t ten = 1;; ten *= 10)
    for (int i = 0; i < 3; i++)
      if (steps[i] * ten >= value || ten > INT64_C(1) << 50) return steps[i] * ten;
}

static struct curve fit(const struct numbers_day *d) {
  static const int steps[] = {1, 2, 5, 10, 15, 30, 60};
  struct curve c = {.from = NUMBERS_MINUTES, .step = 60, .most = 1};
  for (int i = 0; i < NUMBERS_MINUTES; i++) {
    if (!d->minute[i]) continue;
    if (c.from > i) c.from = i;
    c.to = i + 1;
  }
  for (int i = 0; i < 7 && c.step == 60; i++)
    if ((c.to - c.from) / steps[i] <= BINS) c.step = steps[i];
  int whole = c.step < 10 ? 10 : c.step; /* both ends at a round time */
  c.from -= c.from % whole;
  c.to += (whole - c.to % whole) % whole;
  for (int i = c.from; i < c.to; i += c.step)
    if (binned(d, i, c.step) > c.most) c.most = binned(d, i, c.step);
  c.most = 4 * round_up((c.most + 3) / 4);
  return c;
}

static double x_of(const struct curve *c, double minute) {
  return LEFT + (minute - c->from) / (c->to - c->from) * (WIDTH - LEFT - RIGHT);
}

static double y_of(double share) { return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM); }

static void draw_scales(FILE *out, const struct curve *c, int32_t border_s) {
  static const int apart[] = {5, 10, 15, 30, 60, 120, 180, 360};
  int every = 360;
  for (int i = 7; i-- > 0;)
    if ((c->to - c->from) / apart[i] <= 12) every = apart[i];
  for (int i = 0; i <= 4; i++)
    fprintf(out,
            "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/><text x=\"%d\" y=\"%.1f\" "
            "text-anchor=\"end\">%lld</text>\n",
            LEFT, WIDTH - RIGHT, y_of(i / 4.0), y_of(i / 4.0), LEFT - 10, y_of(i / 4.0) + 4, (long long)(c->most * i / 4));
  for (int minute = c->from; minute <= c->to; minute++) {
    int clock = (border_s / 60 + minute) % 1440;
    if (clock % every) continue;
    fprintf(out, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%02d:%02d</text>\n", x_of(c, minute), HEIGHT - 10,
            clock / 60, clock % 60);
  }
}

void page_curve(FILE *out, const struct numbers_day *d, int32_t border_s) {
  struct curve c = fit(d);
  int64_t sum = 0;
  if (!d->arrived || c.from >= c.to) return;
  double width = x_of(&c, c.from + c.step) - x_of(&c, c.from), gap = width > 6 ? 2 : width / 4;
  fprintf(out, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"到场曲线 arrivals\">\n", WIDTH, HEIGHT);
  draw_scales(out, &c, border_s);
  for (int i = c.from; i < c.to; i += c.step) {
    int64_t n = binned(d, i, c.step);
    double high = y_of(0) - y_of((double)n / (double)c.most);
    if (n)
      fprintf(out, "<rect class=\"in\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"%.1f\"/>\n",
              x_of(&c, i) + gap / 2, y_of(0) - high, width - gap, high, width > 12 ? 3.0 : 1.0);
  }
  fprintf(out, "<polyline class=\"sum\" points=\"%.1f,%.1f", x_of(&c, c.from), y_of(0));
  for (int i = c.from; i < c.to; i += c.step) {
    sum += binned(d, i, c.step);
    fprintf(out, " %.1f,%.1f", x_of(&c, i + c.step < c.to ? i + c.step : c.to), y_of((double)sum / (double)d->arrived));
  }
  fprintf(out,
          "\"/>\n<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"4.5\"/><text class=\"strong\" x=\"%.1f\" "
          "y=\"%.1f\">%lld</text>\n</svg>\n",
          x_of(&c, c.to), y_of(1), x_of(&c, c.to) + 12, y_of(1) + 5, (long long)d->arrived);
  fprintf(out,
          "<p><i class=\"key\"></i><small>每 %d 分钟到场 arrivals in %d min</small><i class=\"key line\"></i><small>累计 in "
          "all</small></p>\n",
          c.step, c.step);
}
