/* SPDX-License-Identifier: Apache-2.0
 * The contact sheet: a page with every picture at a tenth, filters above them, and the pictures behind it.
 * The page itself is gallery.html, whose line SHOTS becomes the list of pictures.
 */
#ifndef YINGBIN_TOOLS_GALLERY_H
#define YINGBIN_TOOLS_GALLERY_H

#include <stdint.h>
#include <stdio.h>

#include "base/problem.h"
#include "tools/shoot_main/matrix.h"

struct gallery {
  const char *folder, *page; /* borrowed */
  char *list;                /* owned: JavaScript */
  size_t list_len;
  FILE *entries; /* owned: writes the list */
  int pictures;
};

bool gallery_open(struct gallery *g, const char *folder, const char *page, struct problem *problem);

/* Writes the picture and its thumbnail. rgb: rows of w pixels of three bytes. */
bool gallery_add(struct gallery *g, const struct matrix_place *at, const uint8_t *rgb, int w, int h, struct problem *problem);

bool gallery_finish(struct gallery *g, struct problem *problem); /* writes index.html */
void gallery_close(struct gallery *g);

#endif
