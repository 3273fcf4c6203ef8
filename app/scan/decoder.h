/* SPDX-License-Identifier: Apache-2.0
 * The contract between watch and the process yingbin-decoder, which alone touches hostile pixels.
 *
 * It runs as `yingbin-decoder PARENT-PID [--unfiltered]` with three descriptors: 3 the shared memory
 * (memfd, struct decoder_share), 4 an eventfd "a frame is there", 5 an eventfd "done" (rung once at
 * start, too, when filter and limits are in place: share->ready is set). One frame at a time: the parent
 * writes it, rings 4, waits for 5; the result is then in the share, which the parent copies, then checks.
 */
#ifndef YINGBIN_SCAN_DECODER_H
#define YINGBIN_SCAN_DECODER_H

#include "scan/scan.h"

enum { DECODER_FD_SHARE = 3, DECODER_FD_WAKE = 4, DECODER_FD_DONE = 5, DECODER_PIXELS_MAX = 4096 * 3072, DECODER_ABI = 1 };

enum decoder_ready { DECODER_STARTING, DECODER_FILTERED, DECODER_UNFILTERED, DECODER_REFUSED };

struct decoder_share {
  uint32_t abi;
  uint32_t ready; /* enum decoder_ready, set by the decoder */
  uint32_t effort;
  int32_t w, h, stride; /* of the frame in luma */
  uint32_t job;         /* counts up with each frame; the decoder copies it to done_job */
  uint32_t done_job;
  uint32_t cpu_us; /* CPU time of this job */
  struct scan_result result;
  uint8_t luma[DECODER_PIXELS_MAX]; /* untouched pages cost no memory */
};

#endif
