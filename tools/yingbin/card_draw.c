/* SPDX-License-Identifier: Apache-2.0
 * A card as a picture, in the shape of a ticket.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "tools/yingbin/cards.h"
#include "tools/yingbin/ticket_face.h"

bool card_draw(const struct card *card, const char *file, struct problem *problem) {
  struct ticket_face face = {.title = card->event, .name = card->name, .type = card->role.zh, .code = card->payload};
  struct ticket_pen *pen = NULL;
  char *bytes = NULL;
  size_t len = 0;
  bool good = ticket_pen_open(&pen, problem) && ticket_png(pen, &face, &bytes, &len, problem) &&
              file_write(file, bytes, len, 0600, problem);
  if (bytes) sodium_memzero(bytes, len);
  free(bytes);
  ticket_pen_close(pen);
  return good;
}
