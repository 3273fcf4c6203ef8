/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/keyboard.h"

const char keys_of[KEYS_PAGES][KEYS_ROWS][KEYS_TEXT] = {
    [KEYS_LETTERS] = {"qwertyuiop", "asdfghjkl\b", "\tzxcvbnm \x7F"},
    [KEYS_DIGITS] = {"1234567890", "-:/.,'@()\b", "\t+&#_?!* \x7F"},
};
