"""Numbers, months and frequencies as they are written in words, in the languages in which `kinds` knows a question for
them."""

from __future__ import annotations

from functools import lru_cache

from .folding import folded
from .function_words import STOP_WORDS

_NUMBERS = """
one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion dozen half
eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn
neunzehn zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig hundert tausend dutzend
deux trois quatre cinq sept huit neuf dix onze douze treize quatorze quinze seize vingt vingts trente quarante cinquante
soixante septante huitante nonante cent cents mille
dos tres cuatro cinco seis siete ocho nueve diez doce trece catorce quince dieciséis diecisiete dieciocho diecinueve
veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve treinta
cuarenta cincuenta sesenta setenta ochenta noventa cien ciento mil
due tre quattro cinque sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto
diciannove venti trenta quaranta cinquanta sessanta settanta ottanta novanta cento ventuno ventotto trentuno trentotto
quarantuno quarantotto cinquantuno cinquantotto sessantuno sessantotto settantuno settantotto ottantuno ottantotto
novantuno novantotto
dois duas três quatro sete oito dez treze catorze dezasseis dezesseis dezassete dezessete dezoito dezanove dezenove
vinte trinta quarenta cinquenta sessenta oitenta cem
twee vijf zes zeven negen tien twaalf dertien veertien vijftien zestien zeventien achttien negentien twintig dertig
veertig vijftig zestig zeventig tachtig negentig honderd duizend
två fyra fem sju åtta nio tio elva tolv tretton fjorton femton sexton sjutton arton nitton tjugo trettio fyrtio femtio
sextio sjuttio åttio nittio hundra tusen
fire seks syv otte elleve tretten fjorten femten seksten sytten atten nitten tyve tredive fyrre halvtreds halvfjerds
firs halvfems hundrede tusind åtte tjue tretti førti femti seksti sytti åtti nitti hundre
dwa dwie trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście trzynaście czternaście piętnaście
szesnaście siedemnaście osiemnaście dziewiętnaście dwadzieścia trzydzieści czterdzieści pięćdziesiąt sześćdziesiąt
siedemdziesiąt osiemdziesiąt dziewięćdziesiąt sto tysiąc
dva dvě tři čtyři pět šest sedm osm devět deset jedenáct dvanáct třináct čtrnáct patnáct šestnáct sedmnáct osmnáct
devatenáct dvacet třicet čtyřicet padesát šedesát sedmdesát osmdesát devadesát tisíc
dvije tri četiri pet sedam osam jedanaest dvanaest trinaest četrnaest petnaest šesnaest sedamnaest osamnaest devetnaest
dvadeset trideset četrdeset pedeset šezdeset sedamdeset osamdeset devedeset tisuća
kettő két három négy öt hét nyolc kilenc tíz tizen tizenegy húsz huszon harminc negyven ötven hatvan hetven nyolcvan
kilencven száz ezer
kaksi kolme neljä viisi kuusi seitsemän kahdeksan yhdeksän kymmenen kymmentä toista yksitoista sata tuhat
iki üç dört beş altı yedi sekiz dokuz yirmi otuz kırk elli altmış yetmiş seksen doksan yüz
doi două trei patru cinci șase șapte opt nouă zece unsprezece doisprezece douăsprezece treisprezece paisprezece
cincisprezece șaisprezece șaptesprezece optsprezece nouăsprezece douăzeci treizeci patruzeci cincizeci șaizeci șaptezeci
optzeci nouăzeci sută
hai ba bốn sáu bảy tám chín mười mươi trăm
dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas belas puluh seratus ratus ribu
два две двух три трех трёх четыре четырех четырёх пять пяти шесть шести семь семи восемь восьми девять девяти десять
десяти одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать
двадцать двадцати тридцать тридцати сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто сто тысяча тысяч
дві чотири п'ять шість сім вісім дев'ять одинадцять дванадцять двадцять тридцять п'ятдесят тисяча
четири пет шест седем осем девет десет дванадесет двадесет тридесет седам осам
хоёр гурав дөрөв тав зургаа долоо найм ес арав хорь гуч дөч тавь жар ная зуу
δύο τρία τρεις τέσσερα τέσσερις πέντε έξι επτά εφτά οκτώ οχτώ εννέα εννιά δέκα έντεκα δώδεκα είκοσι τριάντα σαράντα
πενήντα εξήντα εβδομήντα ογδόντα ενενήντα εκατό χίλια
اثنان اثنين ثلاثة ثلاث أربعة أربع خمسة خمس ستة سبعة سبع ثمانية ثماني تسعة تسع عشرة عشر عشرون عشرين ثلاثون ثلاثين
أربعون أربعين خمسون خمسين ستون ستين سبعون سبعين ثمانون ثمانين تسعون تسعين مائة مئة ألف
שניים שתיים שני שתי שלושה שלוש ארבעה ארבע חמישה חמש שישה שש שבעה שבע שמונה תשעה תשע עשרה עשר עשרים שלושים ארבעים
חמישים שישים שבעים שמונים תשעים מאה אלף
دو سه چهار پنج شش هفت هشت ده بیست چهل پنجاه شصت هفتاد هشتاد نود صد هزار تین چار پانچ سات آٹھ دس
दो तीन चार पांच पाँच छह सात आठ नौ दस बीस तीस चालीस पचास साठ सत्तर अस्सी नब्बे सौ
দুই তিন চার পাঁচ ছয় সাত আট নয় দশ বিশ একশ
"""

NUMBERS = frozenset(folded(_NUMBERS).split()) - STOP_WORDS
"""Up to a hundred. What is also a word that stands everywhere in another of the languages tells nothing."""

_JOINTS = ("", "und", "en", "e", "y", "ja", "og")
_UNITS = tuple(folded(one) + joint for one in ("ein", "een", "en", "enog") for joint in ("und", "en", ""))

_MONTHS = """
jan january feb february mar march apr april may jun june jul july aug august sep sept september oct october nov
november
dec december
januar jänner februar märz mai juni juli oktober dezember
janvier février mars avril juin juillet août septembre octobre novembre décembre
enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre
gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre
janeiro fevereiro março maio junho julho setembro outubro novembro dezembro
januari februari maart mei augustus maj augusti marts desember
styczeń stycznia luty lutego marzec marca kwiecień kwietnia maja czerwiec czerwca lipiec lipca sierpień sierpnia
wrzesień września październik października listopad listopada grudzień grudnia
ledna února března dubna května června července srpna září října listopadu prosince
siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna studenoga studenog prosinca
január február március április május június július augusztus szeptember október
tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta
joulukuuta
ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
ianuarie februarie martie aprilie iunie iulie septembrie octombrie noiembrie decembrie
maret agustus tháng
январь января февраль февраля март марта апрель апреля май мая июнь июня июль июля август августа сентябрь сентября
октябрь октября ноябрь ноября декабрь декабря
січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
януари февруари април юни юли септември октомври ноември декември
јануар јануара фебруар фебруара април априла мај јун јуна јул јула септембар септембра октобар октобра новембар новембра
децембар децембра
Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου Αυγούστου Σεπτεμβρίου Οκτωβρίου Νοεμβρίου Δεκεμβρίου
يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
ינואר בינואר פברואר בפברואר מרץ במרץ אפריל באפריל מאי במאי יוני ביוני יולי ביולי אוגוסט באוגוסט ספטמבר בספטמבר אוקטובר
באוקטובר נובמבר בנובמבר דצמבר בדצמבר
فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند
جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر
जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर
জানুয়ারি ফেব্রুয়ারি মার্চ এপ্রিল মে জুন জুলাই আগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর
"""

MONTHS = frozenset(folded(_MONTHS).split())

_FREQUENCIES = """
once twice thrice hourly daily nightly weekly fortnightly biweekly monthly bimonthly quarterly yearly annually annual
biannual biannually semiannual every each per regularly
einmal zweimal dreimal stündlich täglich wöchentlich monatlich vierteljährlich halbjährlich jährlich jede jeden jedes
pro
quotidien quotidienne quotidiennement hebdomadaire mensuel mensuelle mensuellement trimestriel trimestrielle annuel
annuelle annuellement chaque fois
diario diaria diariamente semanal semanalmente mensual mensualmente trimestral anual anualmente cada vez veces
giornaliero giornaliera settimanale mensile mensilmente trimestrale annuale annualmente ogni volta volte
mensal mensalmente vezes toda todo
dagelijks wekelijks maandelijks jaarlijks elke eenmaal tweemaal
dagligen veckovis månadsvis årligen varje daglig ugentlig månedlig årlig hver hvert
codziennie dziennie tygodniowo miesięcznie rocznie denně týdně měsíčně ročně každý dnevno tjedno mjesečno godišnje
naponta hetente havonta évente päivittäin viikoittain kuukausittain vuosittain
günlük haftalık aylık yıllık zilnic săptămânal lunar anual
ежедневно еженедельно ежемесячно ежеквартально ежегодно каждый каждую каждое раз щодня щотижня щомісяця щороку
يوميا أسبوعيا شهريا سنويا كل מדי
"""

FREQUENCIES = frozenset(folded(_FREQUENCIES).split())


@lru_cache(maxsize=4096)
def spells_number(word: str) -> bool:
    """Whether a folded word is a number, or numbers written together, such as `achtundvierzig`."""
    if word in NUMBERS:
        return True
    for unit in _UNITS:
        if word.startswith(unit) and _goes_on(word[len(unit) :]):
            return True
    return _goes_on(word)


def _goes_on(word: str) -> bool:
    """Whether it is numbers, with joints between them."""
    ends = {0}
    for end in range(3, len(word) + 1):
        starts = (start for start in ends if word[start:end] in NUMBERS and end - start > 2)
        if any(True for _ in starts):
            ends |= {end + len(joint) for joint in _JOINTS if word.startswith(joint, end)}
    return len(word) in ends and len(word) > 0
