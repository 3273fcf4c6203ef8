/* SPDX-License-Identifier: Apache-2.0
 * An event pack (*.ybp): a SQLite file, read-only and immutable, signed beside itself with minisign.
 * This side opens, looks up and unseals; `format.h` has the tables and the sealing that the builder
 * shares. One thread at a time (desk); pack_catalog's result is read-only and may be read by all until
 * pack_close. No allocation in the look-ups beyond SQLite's own.
 */
#ifndef YINGBIN_PACK_PACK_H
#define YINGBIN_PACK_PACK_H

#include <limits.h>

#include "base/problem.h"
#include "core/verdict.h"
#include "pack/minisign.h"

struct pack; /* owned by the opener */

/* Opens a pack as it lies, without asking for a signature (tools, tests; the kiosk uses pack_install). */
bool pack_open(const char *file, struct pack **pack, struct problem *problem);
void pack_close(struct pack *pack);

/* The file that is open there, once more, for another thread. False: another pack has taken its place meanwhile. */
bool pack_again(const struct pack *pack, struct pack **own, struct problem *problem);

const struct catalog *pack_catalog(const struct pack *pack); /* borrowed until pack_close */

/* What the builder counted. */
struct pack_facts {
  int64_t attendees, weak_codes; /* people with a row; foreign codes too easy to guess to protect their rows */
  int64_t cards;                 /* operator cards that it knows */
};
const struct pack_facts *pack_facts(const struct pack *pack); /* borrowed until pack_close */

/* Brings the pack at `file` (with file.minisig) into the folder `data`, if it isn't the one that is
 * there: the whole signature is checked first, a build lower than the last one used is refused unless
 * it equals `allow_build`, the copy is written beside and renamed. Then opens the copy, whose stamp
 * (size, mtime, inode, signature) is MACed with `stamp_key`. Where `file` is missing or bad and an
 * earlier good pack of that name is in `data`, false is returned all the same: a wrong pack is never
 * silently replaced by an old one. file may be NULL: the pack that is in `data`. */
bool pack_install(const char *file, const char *data, const struct minisign_pub *pub, const uint8_t stamp_key[32],
                  uint32_t allow_build, struct pack **pack, struct problem *problem);

/* The same for one that a hub gave: it stays in use at later starts, in place of the file that pack_install is given, as long
 * as that file is the one that it was and nobody sets allow_build. No build lower than the last one used. */
bool pack_receive(const char *file, const char *data, const struct minisign_pub *pub, const uint8_t stamp_key[32],
                  struct pack **pack, struct problem *problem);

/* Where the pack lies that is in use in `data`; its signature beside it. False: none is. */
bool pack_in_use(const char *data, const uint8_t stamp_key[32], char path[PATH_MAX]);

/* None is in use any more, and its files are gone; that no older build of it comes back holds. */
bool pack_remove(const char *data, const uint8_t stamp_key[32], struct problem *problem);

/* The pack that is in use in `data` has this very signature file. */
bool pack_has_signature(const char *data, const uint8_t stamp_key[32], const char *text, size_t len);

/* Hashes the next piece of the installed file: the whole is checked again in the background.
 * PACK_CHECK_BAD sets the problem once. */
enum pack_check { PACK_CHECK_MORE, PACK_CHECK_GOOD, PACK_CHECK_BAD };
enum pack_check pack_recheck(struct pack *pack, size_t bytes, struct problem *problem);

/* Fills q->lookup, q->attendee, q->elsewhere_event (and q->ticket.s's name into the attendee) for
 * q->ticket, q->station and the bytes as scanned; `code` gets the ticket's journal hash in hex
 * (33 bytes; empty where none may be kept: payment codes, events without a roster). Order: roster
 * codes and whole foreign codes of the station's event, code.pattern of its rosters, other events of
 * the pack, the station's `accept`. */
void pack_find(struct pack *pack, const uint8_t *bytes, size_t len, struct question *q, char code[33]);

/* Whether the ticket of that hash (of pack_find or a search) is revoked: LOOKUP_FOUND where it isn't. */
enum lookup pack_valid(struct pack *pack, int16_t event, const char code[33]);

/* The organizer's sealing key (X25519, for `sealed` in the journal); false: the pack has none. */
bool pack_seal_key(const struct pack *pack, uint8_t key[32]);

/* A file of the pack by name (logo, slide, voice): bytes borrowed until pack_drop_pictures or pack_close. */
bool pack_picture(struct pack *pack, const char *name, const uint8_t **bytes, size_t *len);
void pack_drop_pictures(struct pack *pack); /* takes back all bytes that were borrowed */

#endif
