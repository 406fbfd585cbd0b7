"""Common given names in Great Britain, in folded form: they tell ``Henry Law`` from ``Lacey Law``.

A short list on purpose. A name in it speaks for a person; a name that is missing says nothing.
"""

from __future__ import annotations

from leadgen_identity.text import word_set

__all__ = ["GIVEN_NAMES"]

_MEN = word_set(
    """
    aaron abdul abdullah abraham adam adrian ahmed alan alasdair albert alec alex alexander alfie alfred ali
    alistair allan allen amir andrew andy angus anthony antonio archibald archie arjun arnold arthur ashley
    barnaby barry ben benedict benjamin bernard bertram bill bob brendan brett brian bruce bryan bryn callum
    calvin cameron carl carlos cecil charles charlie christian christopher clifford clive colin connor craig cyril
    dafydd dale damian damien dan daniel darren dave david dean declan denis dennis derek dermot desmond dominic
    donald douglas duncan dylan eamon ed eddie edgar edmund edward edwin elliot elliott emlyn eric ernest ethan
    euan evan ewan ferdinand fergus finlay francis frank fraser fred freddie frederick gareth gary gavin geoff
    geoffrey george gerald gerard gilbert giles glen glenn glyn godfrey gordon graeme graham grant greg gregory
    guy gwilym hamish harold harry harvey hassan hector henry herbert horace howard hubert hugh hugo humphrey
    hussein huw iain ian ibrahim imran isaac ivan jack jacob jake jamal james jamie jan jason jeff jeffrey jeremy
    jerome jim joe joel john johnny jon jonathan jordan jose joseph josh joshua juan julian justin karim karl
    keith ken kenneth kevin kieran krishna kyle lance laurence lawrence lee leo leon leonard leslie lewis liam
    lionel lloyd louis lucas luke malcolm manuel marc marcus mario mark marko martin martyn matt matthew maurice
    max melvyn michael mick miguel mike miles mohamed mohammad mohammed morgan muhammad murray nathan neil neville
    nicholas nick nigel noah noel norman oliver omar oscar osman owain owen patrick paul pedro percival percy pete
    peter phil philip phillip pierre piotr quentin rahul raj rajesh ralph ramesh ray raymond reggie reginald rhys
    richard rob robert robin roderick rodney roger roland ronald rory ross roy rupert russell ryan sam samuel
    sanjay scott seamus sean sebastian shane shaun sidney simon spencer stanley stefan stephen steve steven
    stewart stuart suresh sydney tariq ted terence terry theo theodore thomas tim timothy toby tom tomasz tony
    trevor tristan victor vijay vincent vivian wallace walter warren wayne wilfred will william winston yusuf
    zachary
    """
)
_WOMEN = word_set(
    """
    abigail ada agnes aisha alexandra alice alison amanda amelia amy andrea angela anita ann anna anne annette
    annie audrey barbara beatrice becky bernadette bertha beryl beth bethan betty brenda bridget camilla carol
    carole caroline catherine cathy celia charlotte cheryl chloe christina christine claire clara clare constance
    cynthia daisy daphne dawn deborah debra deirdre denise diana diane donna doreen doris dorothy edith eileen
    elaine eleanor elizabeth ella ellen elsie emily emma enid erica esther ethel eunice eva eve evelyn farah
    fatima felicity fiona florence frances freya gail georgia georgina geraldine gertrude gillian gladys glenda
    grace gwen gwendolen gwyneth hannah harriet hayley hazel heather heidi helen hilary hilda holly ida imogen
    ingrid irene iris isabel isabella isabelle isla isobel ivy jacqueline jane janet janice jasmine jean jemima
    jennifer jenny jessica jessie jill joan joanna joanne jodie josephine joy joyce judith judy julia julie june
    karen kate katherine kathleen kathryn katie katy kay kelly kerry kim kirsty lara laura lauren lesley lilian
    lily linda lisa lorna lorraine louise lucy lydia lynda lynn lynne mabel madeleine maggie maisie mandy margaret
    margery maria marian marie marilyn marion marjorie martha mary matilda maureen mavis megan melanie melissa mia
    michelle mildred millie miriam moira molly monica muriel nadia nancy naomi natalie natasha nicola nina nora
    norma olive olivia pamela patricia paula pauline penelope phoebe phyllis pippa poppy priscilla priya rachel
    rebecca rhian rhiannon rita rosalind rose rosemary rosie ruby ruth sally samantha sandra sara sarah sharon
    sheila shirley sian sophia sophie stella stephanie sue susan susanna suzanne sybil sylvia tamsin tanya teresa
    tessa theresa tina tracey tracy una ursula valerie vanessa vera veronica victoria violet virginia wendy
    winifred yasmin yvonne zara zoe
    """
)
GIVEN_NAMES = _MEN | _WOMEN
