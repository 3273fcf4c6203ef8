/* SPDX-License-Identifier: Apache-2.0
 * yingbin-bench hub: a fleet of kiosks against real hubs, measured, or with kills to see that nothing is lost.
 */
#ifndef YINGBIN_TOOLS_BENCH_BENCH_HUB_H
#define YINGBIN_TOOLS_BENCH_BENCH_HUB_H

int bench_hub(int argc, char **argv); /* the exit code */

#endif
