"""Chats with documents: questions to real pages, and the pages where their answers stand.

`documents.json` composes the pages into documents as users have them: a `part` is a file of the folder of real pages, a
PDF brings all its pages, `x.pdf#2` only its second. `questions.json` holds what a reader of a document may ask, in part
with other words than the page's: the 1-based `pages` on each of which the answer stands, the `answer` as printed (the
items of a list with commas between), and none of both where the document does not say it. Where a document has one text
in several languages, the page in the question's language counts.

The first 298 questions were written from the pictures of the pages, without their truth, before there was anything
that finds or answers; the answers were compared with the truth afterwards, and one misread word was put right. Every
second question was held out then; in the end both halves have been used to tune, and none is `held_out` any more.

The others, but for those that go on from `earlier` ones, `held_out`, came afterwards, by someone who saw neither the
code that finds and answers nor its results: tune on the first, report on the others. They too were written from the
pictures; the truth, where there is one, served to check answers and that what is asked for in vain is missing. Of
their ten documents, eight hold only files that no earlier document has, though four of these show a page that an
earlier document has from another file (on tables, on sayings and countries, a contract's first, a Hindi sentence).
The other two, `meals-claim` and `desk-tray`, compose known pages anew, as the folder had no other receipts. Two
fifths of the new questions are to the earlier documents.

Those that go on from `earlier` ones came last, by someone who knew the code that answers them; every second one is held
out, and was asked once. They are told apart from the goals: a page is found by what was asked before, and an answer by
what is asked now.
"""
