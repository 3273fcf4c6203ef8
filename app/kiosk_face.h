/* SPDX-License-Identifier: Apache-2.0
 * Hands ui what the pack has for eyes and ears: logos, slides and voices. Before desk's thread starts, for
 * the pack is desk's from then on; its copies of the files are given back.
 */
#ifndef YINGBIN_KIOSK_FACE_H
#define YINGBIN_KIOSK_FACE_H

#include "pack/pack.h"
#include "ui/ui.h"

void kiosk_face(struct pack *pack, int16_t station, struct ui *ui);

#endif
