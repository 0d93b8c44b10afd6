"""English words that documents and those who ask about them use for one another."""

from __future__ import annotations

_GROUPS = """
pay paid payment payments
total amount sum
cost price charge fee
bill invoice receipt
buy bought purchase purchased
sell sold sale
write wrote written author authors
send sent
issue issued publish published publication
begin began start started
end ended finish
make made
take took taken
give gave given
get got receive received
hold held
keep kept
find found
show shown
know known
say said
speak spoke
teach taught
think thought
lead led
lose lost
grow grew grown
build built
choose chose chosen
drive drove driven
become became
come came
go went gone
leave left
die died death
bear born birth
live lives resident residents population inhabitants people
phone telephone tel mobile
email mail @
address street road located location
firm company business
head chief director president
work job employment
worker employee staff personnel
boss manager supervisor
guarantee warranty
return returned exchange refund
cashier served operator
shop store
car vehicle
doctor dr physician
child children
man men
woman women
person persons people individual
country countries nation nations state
law laws legal
forbid forbidden prohibit prohibited
allow allowed permit permitted
need needs require required requirement requirements
must shall
use used usage
help helps assist assistance
reason because due
goal goals aim objective purpose
result results outcome
part parts component
big large
small little
quick fast rapid
old age aged
year years annual annually
month months monthly
day days daily
date dated
time hour
deadline due
big biggest largest
minimum least
maximum most limit
percent percentage share proportion
tax gst vat
picture figure image
rise increase increased
fall decrease decreased drop
stop cancel terminate terminated termination
harm damage injury
insurance policy coverage
own owns owner property trademark
name named title
number no
"""

ALIKE: dict[str, tuple[tuple[str, ...], ...]] = {}
for _group in filter(None, map(str.split, _GROUPS.splitlines())):
    for _word in _group:
        ALIKE[_word] = (*ALIKE.get(_word, ()), tuple(_group))
