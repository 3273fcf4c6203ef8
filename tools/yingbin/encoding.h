/* SPDX-License-Identifier: Apache-2.0
 * The encoding of a text file: found out (byte order mark, valid UTF-8, UTF-16's zero bytes, else ICU's
 * guess, where Chinese is the likeliest), or told by its name; and the text in UTF-8, in pieces. Bytes
 * that don't fit are named with their place.
 */
#ifndef YINGBIN_TOOLS_ENCODING_H
#define YINGBIN_TOOLS_ENCODING_H

#include "tools/yingbin/table.h"

/* The names that pack.ini and --encoding take: "utf-8, gb18030, ..." */
const char *encoding_names(void);
bool encoding_known(const char *name);

struct decoder;

/* `in` from its beginning; closed by decoder_close. False: an error was added. */
bool decoder_open(const struct table_ask *ask, FILE *in, struct decoder **out);
void decoder_close(struct decoder *decoder);
const char *decoder_name(const struct decoder *decoder); /* "UTF-8", "GB18030" */

enum decoded { DECODED_PIECE, DECODED_END, DECODED_BAD /* an error was added */ };

/* The next piece: whole characters, valid, without NUL bytes; borrowed until the next call. */
enum decoded decoder_next(struct decoder *decoder, const char **text, size_t *len);
void decoder_rewind(struct decoder *decoder);

/* The way back, into encodings that have every character. `name` as decoder_name's; NULL: leave it UTF-8. */
struct encoder *encoder_open(const char *name);
void encoder_close(struct encoder *encoder);
const char *
encoder_mark(const struct encoder *encoder); /* what such a file begins with, in UTF-8, too; NULL encoder: UTF-8's */
void encoder_put(struct encoder *encoder, FILE *out, const char *text, size_t len); /* whole characters of valid UTF-8; errors
                                                                                     * are the FILE's */

#endif
