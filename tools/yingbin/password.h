/* SPDX-License-Identifier: Apache-2.0
 * Asks for a password: on the terminal without echo, else a line of standard input.
 */
#ifndef YINGBIN_TOOLS_PASSWORD_H
#define YINGBIN_TOOLS_PASSWORD_H

#include "base/problem.h"
#include "pack/minisign.h"

enum { PASSWORD_MAX = 1024 };

bool password_ask(const char *prompt, char out[PASSWORD_MAX], struct problem *problem);
bool password_new(char out[PASSWORD_MAX], struct problem *problem); /* twice, where there is a terminal; not empty */

/* Reads a secret key, and asks for its password where it has one. */
bool password_read_key(const char *file, struct minisign_key *key, struct problem *problem);

#endif
