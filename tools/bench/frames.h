/* SPDX-License-Identifier: Apache-2.0
 * yingbin-bench frames: the pictures and clips of the people generator as files, with what their codes
 * carry, to look at or to measure any reader with.
 */
#ifndef YINGBIN_TOOLS_BENCH_FRAMES_H
#define YINGBIN_TOOLS_BENCH_FRAMES_H

int bench_frames(int argc, char **argv); /* argv[0]: "frames"; the exit code */

#endif
