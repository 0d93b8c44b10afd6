"""What EXIF's orientation (2.3, 4.6.4 A), also a tag of TIFF, says of a picture that is stored as it was not taken."""

from __future__ import annotations

TAG = 0x0112

CLOCKWISE = {3: 180, 4: 180, 5: 270, 6: 90, 7: 90, 8: 270}
"""Degrees to turn a picture of that orientation by; 2, 4, 5 and 7 are mirrored as well."""

TRANSPOSED = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}
"""Pillow's `Image.Transpose` that makes a picture of that orientation upright."""
