/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/pictures.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

enum { LOGOS_BUDGET = 6 << 20 };

struct pictures {
  struct picture_room room[PICTURE_KINDS];
  size_t share[PICTURE_KINDS]; /* bytes that one of a kind may have */
  size_t bytes;
  int count;
  struct image image[PICTURES_KEPT];
};

static uint32_t last_id; /* of all packs: a canvas keeps by it what it has painted. Main thread */

struct pictures *pictures_open(const struct picture_room room[PICTURE_KINDS], int logos, int slides) {
  struct pictures *p = calloc(1, sizeof *p);
  if (p == NULL) return NULL;
  memcpy(p->room, room, sizeof p->room);
  p->share[PICTURE_LOGO] = LOGOS_BUDGET / (size_t)(logos > 0 ? logos : 1);
  p->share[PICTURE_SLIDE] = (PICTURES_BUDGET - LOGOS_BUDGET) / (size_t)(slides > 0 ? slides : 1);
  return p;
}

void pictures_close(struct pictures *p) {
  for (int i = 0; p != NULL && i < p->count; i++) image_free(&p->image[i]);
  free(p);
}

bool pictures_add(struct pictures *p, const char *name, enum picture_kind kind, const uint8_t *bytes, size_t len) {
  struct problem problem;
  struct image *image = &p->image[p->count];
  if (pictures_find(p, name) != NULL) return true;
  if (p->count == PICTURES_KEPT || strlen(name) >= sizeof image->name) {
    log_warn("picture %s: too many pictures, or too long a name", name);
    return false;
  }
  int w = p->room[kind].w, h = p->room[kind].h;
  const size_t most = p->share[kind];
  if ((size_t)w * (size_t)h * 4 > most) { /* the same shape of box, smaller */
    const double scale = sqrt((double)most / ((double)w * h * 4));
    w = (int)(w * scale), h = (int)(h * scale);
  }
  *image = (struct image){.id = ++last_id};
  if (!image_read(bytes, len, w < 1 ? 1 : w, h < 1 ? 1 : h, image, &problem)) {
    log_warn("picture %s: %s", name, problem.en);
    return false;
  }
  snprintf(image->name, sizeof image->name, "%s", name);
  p->bytes += (size_t)image->w * (size_t)image->h * 4;
  p->count++;
  return true;
}

const struct image *pictures_find(const struct pictures *p, const char *name) {
  for (int i = 0; p != NULL && i < p->count; i++)
    if (strcmp(p->image[i].name, name) == 0) return &p->image[i];
  return NULL;
}

size_t pictures_bytes(const struct pictures *p) { return p != NULL ? p->bytes : 0; }
