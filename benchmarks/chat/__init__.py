"""Chats with documents: questions to real pages, and the pages where their answers stand.

The set was written from the pictures of the pages, before there was anything that finds or answers, and without their
truth; the answers were compared with it afterwards, and one misread word was put right. `documents.json` composes the
pages into documents as users have them: a `part` is a file of the folder of real pages, a PDF brings all its pages,
`x.pdf#2` only its second. `questions.json` holds what a reader of a document may ask, in part with other words than the
page's: the 1-based `pages` on each of which the answer stands, the `answer` as printed (the items of a list with commas
between), and none of both where the document does not say it. Where a document has one text in several languages, the
page in the question's language counts. Every second question of a document and kind is `held_out`, from the first or
from the second so that both halves are alike by document, kind and language: tune on one half, report on the other.
"""
