/* SPDX-License-Identifier: Apache-2.0
 * The keyboard on the console's screen: pages of three rows of ten keys, each a character. Letters as on
 * every phone, so that a name's initials are two taps.
 */
#ifndef YINGBIN_UI_KEYBOARD_H
#define YINGBIN_UI_KEYBOARD_H

enum keys_page { KEYS_LETTERS, KEYS_DIGITS, KEYS_PAGES };
enum { KEYS_ROWS = 3, KEYS_COLUMNS = 10, KEYS_TEXT = 11 /* a row's columns and its NUL */ };
enum key_code { KEY_BACKSPACE = '\b', KEY_CLEAR = 0x7F, KEY_TURN = '\t' /* to the other page */ };

extern const char keys_of[KEYS_PAGES][KEYS_ROWS][KEYS_TEXT];

#endif
