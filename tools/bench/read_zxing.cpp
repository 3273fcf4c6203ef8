// SPDX-License-Identifier: Apache-2.0
// zxing-cpp behind the bench's C interface. Nothing it throws leaves this file.
#define ZX_USE_UTF8
#include <exception>

#include <ZXing/ReadBarcode.h>

#include "tools/bench/scan_readers.h"

extern "C" bool bench_zxing_read(const uint8_t *luma, int w, int h, bench_zxing_found *found, void *self) {
  try {
    ZXing::DecodeHints hints;
    hints.setFormats(ZXing::BarcodeFormat::QRCode).setTryHarder(true).setTryRotate(true).setTryDownscale(true);
    for (const auto &result : ZXing::ReadBarcodes(ZXing::ImageView(luma, w, h, ZXing::ImageFormat::Lum), hints)) {
      if (result.isValid() && !result.bytes().empty()) found(self, result.bytes().data(), result.bytes().size());
    }
    return true;
  } catch (const std::exception &) {
    return false;
  }
}
