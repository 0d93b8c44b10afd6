"""Words that a question has and its answer need not: what only makes it a question or a sentence. For the languages
that are not here, words that stand everywhere weigh nothing anyway."""

from __future__ import annotations

import re

from .folding import folded

_WORDS = """
a about an and are as at be been being but by can could did do does doing for from had has have having he her here him
his how i if in into is it its just may me might mine much many must my no not of on or our ours out over own please
shall she should so some such tell than that the their theirs them then there these they this those to too under until
up us was we were what when where which who whom whose why will with would you your say says said according document
page text mention mentioned mentions show shows stated give gives given called mean means meant kind kinds type types
der die das den dem des ein eine einer eines einem einen und oder ist sind war waren wird werden wurde wurden hat haben
hatte was wer wem wen wie wo wann warum wieso weshalb welche welcher welches welchem welchen wieviel viel viele in im am
an auf aus bei mit nach von vom zu zum zur für über unter nicht es er sie wir ihr ich man sich auch so dass als muss
müssen soll sollen kann können darf
le la les l un une des du de d au aux et ou est sont était sera a ont avait que qui quoi quel quelle quels quelles
combien comment où quand pourquoi dans en par pour sur sous avec sans ce cet cette ces il elle ils elles on nous vous je
se s son sa ses leur leurs ne pas plus faut doit doivent peut peuvent
el los las una uno unos unas del al y o es son era fue ha han qué que cuál cuáles quién quiénes cuándo dónde cómo cuánto
cuánta cuántos cuántas por para con sin sobre su sus se lo le les no debe deben puede pueden dice hay
il lo gli i e ed o è sono era ha hanno che chi cosa quale quali quando dove come perché quanto quanta quanti quante di
del della dello dei delle da dal dalla in nel nella con su per tra fra non si deve devono può
os as um uma uns umas do da dos das no na nos nas em com por pelo pela é são foi tem têm o a e ou que quem qual quais
quando onde como porque quanto quanta quantos quantas se seu sua não deve devem preciso entre
de het een van en in is zijn was wat wie waar wanneer hoe hoeveel waarom welke op te met voor door aan bij niet
och att det som en ett är var vad vem när hur varför vilken vilket vilka på med för av till i den inte ska skall
og er hva hvem hvor når hvordan hvorfor hvilken til på med for av som ikke á að og er hvernig hvað hver hvar hvenær skal
i w z ze na do od po za o u że się jest są był co kto gdzie kiedy jak dlaczego ile jaki jaka jakie który która które nie
to dla
a v na do od z se je jsou byl co kdo kde kdy jak proč kolik jaký jaká jaké který která které ve že by pro
a az és egy van nem hogy mi ki hol mikor hogyan miért hány mennyi milyen melyik kell
ja on ei se että mikä kuka missä milloin miten miksi kuinka
si cu de la în pe un o este sunt ce cine unde când cum cât care din pentru ir kas kur kada kaip kodėl kiek
ve bir bu ne kim nerede nasıl neden niçin kaç hangi ile için mi mı da de
и в во на с со к по о об от до за из у не что кто где когда как почему зачем сколько какой какая какое какие каком каким
каких который это эти этих быть был была было были для же ли чтобы нужно чем
і й та у в з із зі на до від за по про що хто де коли як чому скільки який яка яке які якого крім не це
и в на с от до за по че се е са да какво кой коя кое кои къде кога как защо колко най
и у на с са од до за по је су да шта ко где када како зашто колико који која које
και ο η το οι τα του της των τον την τους τις σε στο στη στην στον στα με για από που πού τι ποιος ποια ποιο ποιοι ποιες
πότε πώς γιατί πόσο πόσα πόσοι είναι ήταν να θα ένα ένας μια δεν ποιον ποιου είδους πρέπει ανάμεσα
في من على إلى عن مع هل ما ماذا لماذا متى أين كيف كم أي هو هي هذا هذه التي الذي أن إن لا ذلك كان تكون يكون ينبغي
و در به از که را با این آن است بود شد برای چه چرا چگونه کجا کی چند چقدر چیست کدام تا می ها های هایی
של את על עם מה מי איפה מתי איך למה כמה איזה איזו אילו הוא היא זה זאת לא כי או גם אל לגבי
کا کی کے میں سے کو نے پر اور ہے ہیں تھا تھی کیا کون کہاں کب کیوں کیسے کتنا کتنے کس جو یہ وہ اس سب
का की के में से को ने पर और है हैं था थी थे क्या कौन कहाँ कब क्यों कैसे कितना कितने कितनी किस जो यह वह इस हुआ हुई होता होती
এই ও এবং কি কী কে কোথায় কখন কবে কেন কিভাবে কত কোন কোনটি যে থেকে দিয়ে করা হয় হয়েছিল হয়েছে এর জন্য
ఏమిటి ఎవరు ఎక్కడ ఎప్పుడు ఎందుకు ఎలా ఎంత ఏ ఈ మరియు
là của và có không được cho trong các những một này đó gì ai đâu khi nào bao nhiêu sao thế như từ với ở
yang di ke dari dan ini itu apa siapa mana kapan bagaimana mengapa berapa ang ng mga sa na ay ano sino saan kailan
ի է են և որ ինչ ով որտեղ երբ ինչու ինչպես քանի რა ვინ სად როდის რატომ როგორ რამდენი და არის
юу хэн хаана хэзээ яагаад яаж хэдэн вэ бэ уу үү нь ёстой
"""

STOP_WORDS = frozenset(folded(_WORDS).split())

_PHRASES = """
为什么 為什麼 什么时候 什么 什麼 甚麼 多少 多大 多长 谁 誰 哪些 哪个 哪一 哪里 哪儿 哪
怎么样 怎么 怎樣 如何 何时 几个 几 吗 呢
是否 应当 请问 的 了 是 在 和 还是 这个 这份 当作 作为
なぜ どうして どこ いつ だれ どの どれ どんな
どう いくら いくつ 何ですか 何を 何が 何 ですか ますか ませんか でしたか ました ません
ます です でした ありますか あります のですか という
とは もの こと から まで より では には なければならない に は が を の で と も や か
무엇인가요 무엇입니까 무엇 누구 언제 어디 어떻게 어떤
어느 얼마 몇 왜 인가요 입니까 하나요 나요 까요 되나요 했나요 합니까 있나요
이란 란 습니까
อะไร ใคร ที่ไหน เมื่อไร เมื่อใด ทำไม อย่างไร เท่าไร เท่าใด กี่ ใด ไหน หรือไม่ คือ เป็น ที่ ของ ใน และ ไว้ ให้ ได้ นี้
ຫຍັງ ໃຜ ໃສ ເມື່ອໃດ ຍ້ອນຫຍັງ ແນວໃດ ເທົ່າໃດ ແມ່ນ ຂອງ ອັນໃດ ໃດ អ្វី អ្នកណា ឯណា ពេលណា ហេតុអ្វី យ៉ាងណា ប៉ុន្មាន
ဘာ ဘယ်သူ ဘယ်မှာ ဘယ်တော့ ဘာကြောင့် ဘယ်လို ဘယ်လောက် သလဲ လဲ
"""
"""Chinese, Japanese, Korean, Thai, Lao, Khmer, Burmese."""

_LONGEST_FIRST = sorted(map(folded, _PHRASES.split()), key=len, reverse=True)
_PHRASE = re.compile("|".join(map(re.escape, _LONGEST_FIRST)))


def without_phrases(question: str) -> str:
    """A folded question without the function words of scripts that set no spaces, of which pairs would be taken."""
    return _PHRASE.sub(" ", question)
