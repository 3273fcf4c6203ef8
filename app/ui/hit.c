/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "ui/canvas.h"

void canvas_hit(struct canvas *canvas, struct box box, int action, int arg) {
  assert(canvas->hits < HITS_MAX);
  canvas->hit[canvas->hits++] = (struct hit){box, (int16_t)action, (int16_t)arg};
  if (canvas->ops->hit != NULL) canvas->ops->hit(canvas->self, box, action, arg);
}

const struct hit *canvas_hit_at(const struct canvas *canvas, int x, int y) {
  for (int i = canvas->hits - 1; i >= 0; i--) {
    const struct box *b = &canvas->hit[i].box;
    if (x >= b->x && x < b->x + b->w && y >= b->y && y < b->y + b->h) return &canvas->hit[i];
  }
  return NULL;
}
