/* SPDX-License-Identifier: Apache-2.0
 * Reed-Solomon codes as QR symbols have them: bytes over GF(256) with 0x11D, the code's roots are the powers
 * 0 to ecc - 1 of 2, check bytes stand last. Corrects errors and erasures (places known to be doubtful) up to the
 * code's distance; how far one may go without inventing is the caller's to decide. Pure.
 * Source: Berlekamp-Massey started from the erasures' locator, Chien's search, Forney's values (Blahut, "Algebraic
 * Codes for Data Transmission", chapter 7).
 */
#ifndef YINGBIN_SCAN_RS_H
#define YINGBIN_SCAN_RS_H

#include <stdbool.h>
#include <stdint.h>

enum { RS_ECC_MAX = 30, RS_LEN_MAX = 255 };

uint8_t rs_times(uint8_t a, uint8_t b);

/* The check bytes of len data bytes. */
void rs_encode(const uint8_t *data, int len, int ecc, uint8_t *check);

/* True: the word, check bytes included, is one of the code, and all ecc syndromes are 0. */
bool rs_syndromes(const uint8_t *word, int len, int ecc, uint8_t *syndrome);

/* Corrects word by its syndromes. erased: `erasures` different indices into word. What it leaves is of the code, and
 * 2 * errors + erasures <= ecc. Returns how many bytes outside the erasures were wrong; -1: no such word, and word is as it
 * was. */
int rs_correct(uint8_t *word, int len, int ecc, const uint8_t *syndrome, const uint8_t *erased, int erasures);

#endif
