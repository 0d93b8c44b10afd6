"""What one file, one page and one request may be: the one table that intake, split, the reader and the docs use."""

from __future__ import annotations

from dataclasses import dataclass

MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, times in seconds, pixels counted as width x height."""

    direct_request_bytes: int = 4_400_000
    """The whole multipart body of a direct POST. A Lambda event holds 6 MB and carries the body as base64 (4/3),
    with the headers beside it: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""

    file_bytes: int = 100 * MB
    file_pages: int = 5_000
    model_file_pages: int = 1_000
    """Of a file that a model reads, a page a message: each takes up to 16 of the 25,000 events that an execution of
    Step Functions may have, and costs five times as much."""

    page_pixels: int = 400_000_000
    """20,000 x 20,000: a sheet of 33 inches at 600 dpi."""

    page_decoded_bytes: int = 400 * MB
    """What the decoder may hold of one page, `decoded_bytes`: all 400 Mpx in black and white, in grey or as a JPEG;
    66 Mpx, A4 at 800 dpi, of any other picture in colour."""

    page_side_pixels: int = 30_000
    pdf_page_side_pt: float = 14_400.0
    """200 inches, the largest page that Acrobat makes (ISO 32000-1, Annex C.2); larger ones are refused."""

    inline_pages: int = 5
    """Jobs of at most so many pages are waited for inside the POST."""

    inline_wait_s: float = 26.0
    """Counted from the arrival of the request; API Gateway ends it at 30 s."""

    long_poll_s: float = 20.0
    long_polls: int = 10
    """Of one caller may begin in that time; more are answered at once."""

    partial_pages: int = 20
    """Pages that one `?pages=a-b` may ask for."""

    inline_result_bytes: int = 5 * MB
    """A larger result is answered by a redirect to S3: a Lambda response holds 6 MB."""

    inline_plain_bytes: int = 2_500_000
    """The same for a client that does not accept gzip: quotes double when the body becomes a JSON string."""

    page_result_bytes: int = 5 * MB
    """One page's result as JSON, lines and words included: some 50,000 words. What holds more is no page of text."""

    page_read_s: float = 60.0
    """The time that the reader gives itself for one page."""

    page_draw_cpu_s: float = 10.0
    """Seconds of CPU that taking a PDF's page apart and drawing it may take: a dense map takes two or three."""

    reader_memory_bytes: int = 1_000 * MB
    """What reading may take beside the loaded engines, 0.5 GB: together they stay below the 1,769 MB of the function,
    and above what the largest picture that a page may have takes, 600 MB."""

    parser_memory_bytes: int = 1_500 * MB
    """What the functions of 2,048 MB that open whole files may take beside what is loaded, 0.2 GB."""

    scratch_bytes: int = 1_000 * MB
    """The longest file that a process may write: their disks have 1,024 MB."""

    inspect_cpu_s: float = 10.0
    """Seconds of CPU to find out what a file is; somebody waits for it."""

    model_page_s: float = 400.0
    """The time that asking a model about one page may take, all tries together: within its worker's timeout. The
    longest answer takes four minutes at 67 tokens a second."""

    model_tries: int = 3
    """Answers that are asked for at most, the first included, before a page is given up."""

    model_answer_tokens: int = 16_000
    """The longest answer for one page: a page of small print has some 8,000 tokens, a table twice as many."""

    model_page_tokens: int = 60_000
    """Tokens in and out that one page may take, all tries together: a dense page takes some 8,000 and 6,000."""

    model_lines_characters: int = 40_000
    """Of the lines that a model is told; a page that has more is asked about without them."""

    export_wait_s: float = 25.0
    """A download is held while its file is rendered, counted from the arrival of the request; API Gateway ends it at
    30 s."""

    export_hops: int = 10
    """How often it is then sent to its own URL. Clients follow 20 redirects (httpx), 30 (requests) or 50 (curl)."""

    chat_answer_s: float = 26.0
    """Until when a question is answered, counted from the arrival of the request; API Gateway ends it at 30 s."""

    list_page: int = 100
    """Most jobs, entries of the ledger, or messages that one page of a list holds."""


def decoded_bytes(width: int, height: int, mode: str, *, is_jpeg: bool = False, is_progressive: bool = False) -> int:
    """What Pillow's decoder holds of a picture of that mode (its name in Pillow).

    A large JPEG is decoded to a quarter of each side, as libjpeg can; of a progressive one it holds all coefficients,
    of 16 bits, in three planes.
    """
    if is_jpeg:
        return width * height * 6 if is_progressive else width * height * 4 // 16
    return width * height * BYTES_OF_MODE.get(mode, 6)


BYTES_OF_MODE = {"1": 1, "L": 1, "P": 1, "I;16": 4, "I;16B": 4, "I;16L": 4, "I;16N": 4, "I": 12, "F": 12}
"""Bytes a pixel that Pillow holds (its `Imaging.h`), and half as much again, or twice, where a copy is made of it; 6
for all others."""

LIMITS = Limits()
