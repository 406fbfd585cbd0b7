"""Names of one company that are written otherwise but born in one month: still one human?

Only asked of two statements whose birth keys are equal. Two humans on one board who share month and year of
birth are rare unless they are twins, who share the surname and not the given name; so whatever is allowed here
leaves twins two.
"""

from __future__ import annotations

from collections import Counter

from leadgen_identity.names import HumanName
from leadgen_identity.text import fold, word_set

__all__ = ["alike"]

# Short forms that are no beginning of the long one; each line is one name.
_SHORT_FORMS = tuple(
    word_set(line)
    for line in (
        "william bill billy will willie liam", "robert bob bobby rob robbie bert", "richard dick rick richie",
        "james jim jimmy jamie", "john jack johnny", "edward ted teddy ned eddie", "charles charlie chuck",
        "henry harry hal", "margaret peggy maggie meg daisy", "elizabeth beth betty liz lizzie betsy libby eliza",
        "catherine katherine kathryn kate kathy cathy katie kitty", "anthony tony antony", "michael mick mike micky",
        "francis frank frankie", "joseph joe joey", "david dave davy dai", "andrew drew andy", "stephen steven steve",
        "geoffrey jeffrey geoff jeff", "patrick paddy pat", "patricia trish patsy tricia", "susan sue susie",
        "deborah debbie deb", "alexander sandy alex alec", "sarah sally sadie", "mary molly polly", "ann nancy annie",
        "dorothy dot dolly", "philip phil pip", "lawrence laurence larry", "nicholas nick nicky", "peter pete",
        "thomas tom tommy", "matthew matt", "rebecca becky", "victoria vicky tori", "jacqueline jackie", "helen nell",
        "christopher kit chris", "gerald gerard gerry jerry", "kenneth kenny", "ronald ronnie", "donald donny",
    )
)  # fmt: skip
_LONG_GIVEN = 6
"""Letters from which one slip in a given name is taken for a slip; twins have short names that differ by one."""
_LONG_FAMILY = 4


def alike(one: HumanName, other: HumanName) -> bool:
    """Whether these two names, of equal months of birth, are one human's."""
    if one.generation and other.generation and one.generation != other.generation:
        return False
    words, others = _words(one), _words(other)
    if words == others:
        return True  # also the same words in another order
    fewer, more = sorted((words, others), key=lambda counted: counted.total())
    missing = fewer - more
    if not missing:
        return fewer.total() >= 2  # a middle name, half a double surname, a maiden name left out
    if missing.total() > 1 or fewer.total() < 2:
        return False
    (odd,) = missing
    spare = more - fewer
    given = {*one.given_key, *other.given_key}
    if odd in given:
        return any(word in given and (_short_for(odd, word) or _slip(odd, word, _LONG_GIVEN)) for word in spare)
    same_first = bool(one.given_key) and bool(other.given_key) and one.given_key[0] == other.given_key[0]
    return same_first and any(_slip(odd, word, _LONG_FAMILY) for word in spare)


def _words(name: HumanName) -> Counter[str]:
    family = (fold(piece) for word in name.family.split() for piece in word.split("-"))
    return Counter([*name.given_key, *(piece for piece in family if piece)])


def _short_for(one: str, other: str) -> bool:
    """``Max`` for ``Maximilian``, ``Bill`` for ``William``, ``J`` for ``John``."""
    short, long = sorted((one, other), key=len)
    if long.startswith(short) and len(short) != 2:
        return True
    return any(short in forms and long in forms for forms in _SHORT_FORMS)


def _slip(one: str, other: str, letters: int) -> bool:
    """Whether one letter is wrong, missing or too many, or two neighbours are swapped."""
    if max(len(one), len(other)) < letters or abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, tail = one[start:], other[start:]
    if rest[1:] == tail[1:] or rest == tail[1:] or rest[1:] == tail:
        return True
    return rest[:2] == tail[:2][::-1] and rest[2:] == tail[2:]
