/* SPDX-License-Identifier: Apache-2.0
 * The demo's event with two doors and a hub between them, by the shipped programs: the second door is without a network and
 * with a wrong clock at first; the first one joins the hub by its setup card, and its queue comes; then the second one joins,
 * and knows whom the first one let in.
 */
#ifndef YINGBIN_TOOLS_DEMO_HUB_H
#define YINGBIN_TOOLS_DEMO_HUB_H

#include "tools/yingbin/demo_run.h"

/* In place of a single demo_run: OUT/EVENT/data and data-2, hub.db, door-2/ (the pictures that its camera sees), kiosk-2.conf.
 */
bool demo_doors(const struct demo *demo, const struct story *story, struct folder *folder, struct demo_count *count,
                struct problem *problem);

#endif
