/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/page_inner.h"

#include <string.h>

#include <SDL_stdinc.h>

int page_step(const struct setting *s, double percent) {
  return SDL_max(grid_type(s->g, TYPE_SMALL), (int)(grid_step(s->g, percent) * s->scale));
}

int page_type(const struct setting *s, enum type_step which) { return page_step(s, s->g->theme->type[which]); }
int page_gap(const struct setting *s, double percent) { return (int)(grid_gap(s->g, percent) * s->scale); }

const char *page_second(const struct page *p, size_t offset) {
  const char *first = (const char *)&p->say[0] + offset, *other = (const char *)&p->say[1] + offset;
  return p->sayings < 2 || strcmp(first, other) == 0 ? "" : other;
}

const struct text_layout *page_lay(const struct setting *s, const char *text, enum weight weight, int size, int width,
                                   int lines) {
  const struct text_ask ask = {.text = text,
                               .weight = weight,
                               .most = size,
                               .least = SDL_min(size, SDL_max(grid_type(s->g, TYPE_SMALL), size * 3 / 4)),
                               .width = SDL_max(width, size),
                               .lines = lines,
                               .shorten = lines == 1};
  return text_layout(s->stage->texts, &ask);
}

void page_text(const struct setting *s, int x, int y, const struct text_layout *l, int align, enum colour colour) {
  s->canvas->ops->text(s->canvas->self, x, y, l, align, colour);
}

void page_flow(struct flow *f, double gap_percent, const char *what, enum weight weight, int size, int lines,
               enum colour colour) {
  if (what[0] == '\0') return;
  if (f->h > 0) f->h += page_gap(f->s, gap_percent);
  const struct text_layout *l = page_lay(f->s, what, weight, size, f->w, lines);
  if (f->draw) page_text(f->s, f->x + (f->w - l->w) * (f->align + 1) / 2, f->y + f->h, l, f->align, colour);
  f->h += l->h;
}
