// The orientation that a camera wrote into a picture (EXIF 2.3, 4.6.4 A): browsers turn the picture by it before we
// see it, so it has to be known how far.

import type { Turn } from "./geometry";

const CLOCKWISE: Record<number, Turn> = { 3: 180, 4: 180, 5: 270, 6: 90, 7: 90, 8: 270 };
const TAG = 0x0112;

/** How far a browser turns the picture clockwise. `bytes` is its beginning; 64 kB hold the EXIF part of any JPEG. */
export function turnOf(bytes: ArrayBuffer): Turn {
  const view = new DataView(bytes);
  const tiff = exifOf(view);
  return tiff === null ? 0 : (CLOCKWISE[orientationIn(view, tiff)] ?? 0);
}

/** Where the TIFF header of the EXIF data of a JPEG begins. */
function exifOf(view: DataView): number | null {
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return null;
  let place = 2;
  while (place + 10 <= view.byteLength && view.getUint8(place) === 0xff) {
    const marker = view.getUint8(place + 1);
    if (marker === 0xda) return null; // the picture itself begins
    if (marker === 0xe1 && view.getUint32(place + 4) === 0x45786966) return place + 10; // "Exif"
    place += 2 + view.getUint16(place + 2);
  }
  return null;
}

function orientationIn(view: DataView, tiff: number): number {
  if (tiff + 8 > view.byteLength) return 1;
  const little = view.getUint16(tiff) === 0x4949;
  const folder = tiff + view.getUint32(tiff + 4, little);
  if (folder + 2 > view.byteLength) return 1;
  const entries = view.getUint16(folder, little);
  for (let number = 0; number < entries; number++) {
    const entry = folder + 2 + number * 12;
    if (entry + 12 > view.byteLength) return 1;
    if (view.getUint16(entry, little) === TAG) return view.getUint16(entry + 8, little);
  }
  return 1;
}
