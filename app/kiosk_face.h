/* SPDX-License-Identifier: Apache-2.0
 * Hands ui what the pack has for eyes and ears: logos and slides of all its events, the voices of the station's. Main thread.
 */
#ifndef YINGBIN_KIOSK_FACE_H
#define YINGBIN_KIOSK_FACE_H

#include "pack/pack.h"
#include "ui/ui.h"

void kiosk_face(struct pack *pack, int16_t station, struct ui *ui); /* before desk's thread starts: the pack is its own then */
void kiosk_voice(const struct pack *pack, int16_t station, struct ui *ui); /* at any time: the kiosk serves another event now */

#endif
