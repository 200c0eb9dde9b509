"""Words that decide what in a name or an address gives somebody away: titles, particles, everyday words, kinds of street."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PARTICLES = _words(
    "de del della di da das do dos du des le la las los el al ul ur van von vom der den dem ter ten te zu bin ibn "
    "bint binti abu umm mac mc o d l ap ab san saint st y e und af av ud"
)
"""Parts of names that are never looked for alone."""

STOP = _words(
    "and or of by the to as in is was are were be been not no known none also called name names named surname nee "
    "formerly maiden previously married family friends mum mother dad father her his him he she they them their its "
    "it at on for with from who this that these those has have had but if so my me we us you your our i a an all any "
    "unknown nickname alias aka jr sr junior senior said says when then than there here what where which while "
    "would can could do does did done might must shall should"
)
"""Words that begin sentences: a name only with a capital inside a sentence."""

VERBS = STOP | _words("may will")
"""Words that follow a name in a sentence: in lower case they are no part of it."""

TITLES = _words("mr mrs ms miss mx dr doctor sir dame lady lord master prof professor rev reverend")

EVERYDAY = STOP | _words(
    "may will mark marks bill rob sue pat nick chase drew art hope grace rose joy faith love dawn may june april august summer "
    "guy frank rich dean ray max will miles page grant lance chance angel baby sunny happy star precious blessing "
    "mercy patience charity honey amber pearl olive violet ivy holly heather rain storm river victor pearl robin wren "
    "white black brown green gray grey young old long short small little best good strong sharp wise day week night "
    "man son child children friend case ward court church hill wood woods field ford bridge banks stone moss marsh "
    "brook lake rivers west east north south king bishop knight cook baker walker parker taylor potter carter mason "
    "price law power savage cross hunt fox wolf bird lamb bull gold silver snow frost winter spring friday monday "
    "english french irish street road lane close park rush speed self sun moon sky early late major minor high low "
    "reading bath deal battle ware rugby sandwich home house school abuse harm police bush hall bell ball pool hand "
    "head heart hands ring wall waters water book paper pen cash bond penny change ash oak birch reed field fields case"
)
"""Words of every day: a name only with a capital, or after a title."""

NEVER_LOWER = STOP | _words(
    "may will can art am pm go day week night man son child children friend case police abuse harm school home house "
    "street road"
)
"""Words that a name looked for harder spells only with a capital: what is left of a text without them says nothing."""

NOT_PLURALS = _words(
    "this has was his its is as us thus yes does goes hers ours theirs less class always across address pass miss mrs "
    "ms loss boss bus gas plus news perhaps besides towards needs"
)
"""Words that look like a short name with an s."""

ACRONYMS = _words(
    "gp pc dc ds di dci sw hv mh dv da ed cp id tv uk us eu ok am pm ni it cs hr cc nfa mr dr ms md pa pr ra sa st la "
    "ta na no so as at is or of in on to by he me we my be do go up if an csc asc yot yos idva isva marac mappa nhs dash "
    "cps spo sio ae bp cv iv un vs ii iii iv ha ho re"
)
"""Capitals that panels write all the time, and so no initials."""

NOBODY = _words(
    "none nil no na nonegiven noneknown notknown unknown tbc notgiven notapplicable nfa asabove nothing"
)
"""Free answers that name nobody."""

GENERIC_PLACES = _words(
    "london unitedkingdom uk greatbritain england scotland wales northernireland nofixedabode nofixedaddress nfa"
)
"""Lines of an address that are never looked for alone."""

_SAME = """
road rd | street st str | avenue ave av | lane ln la | close cl clo | court ct crt | drive dr drv | crescent cres cresc cr
gardens garden gdns gds | terrace terr ter tce | place pl | square sq | house hse ho | grove grv gr | park pk | walk wlk
hill hl | green grn | mount mt | saint st | parade pde | building buildings bldg bldgs | estate est | lodge ldg
view vw | boulevard blvd | heights hts | cottage cottages cott cotts | farm fm | north n | south s | east e | west w
upper upr | lower lwr | great gt | little lt | road rd | and n | second 2nd | first 1st | third 3rd | fourth 4th
way wy | villas vls | rise ri | broadway bdwy | mews mws | station stn | church ch | point pt | flat apartment apt
"""
ALIKE: dict[str, frozenset[str]] = {}
for _line in _SAME.replace("\n", "|").split("|"):
    for _word in _line.split():
        ALIKE[_word] = ALIKE.get(_word, frozenset()) | _words(_line)
"""Word of an address → all the ways to write it."""

STREETS = _words(
    "road rd street st avenue ave av lane ln close cl court ct drive dr crescent cres gardens gdns terrace terr place pl "
    "square sq house hse grove park pk walk hill green mount parade buildings estate lodge view boulevard heights cottage "
    "farm way villas rise broadway mews row yard wharf high main station church north south east west old new the"
)
"""Words of an address that many addresses have: a line of only these is looked for with a capital."""

BUILDINGS = (
    STREETS
    | frozenset(ALIKE)
    | _words(
        "villa hall manor centre center project unit refuge hostel hotel inn tower towers mansion mansions chambers barn hut "
        "grange priory abbey rectory vicarage flats apartments block quay dock docks pier bridge gate gates path lanes "
        "alley passage arcade approach avenue bypass circus common copse croft corner dell dene dale embankment end "
        "esplanade field fields glade glen green heath hollow link loop meadow meadows orchards oval parkway precinct "
        "promenade ridge ring rows side slope spinney strand terraces track turn vale valley village walks wood woods "
        "temporary emergency council housing association address currently staying living friend friends sister brother "
        "mother father parents aunt cousin women womens men mens aid residential care nursing guest "
        "supported accommodation scheme shelter homes home ymca ywca ward hospital safe crisis night lodgings lodging b"
    )
)
"""Words that the name of a building or a street shares with many: what is left of the name points to it."""

REFUGES = _words(
    "refuge refuges hostel hotel shelter centre center project home homes women womens aid residential care nursing guest "
    "supported accommodation scheme unit the inn ymca ward hospital"
)
"""Words for a place where somebody stays: the rest of its name gives it away just as well."""

SCHOOL = _words(
    "school schools primary secondary junior juniors infant infants academy college nursery preschool pre grammar community "
    "comprehensive sixth form church of england ce cofe c rc roman catholic the and for girls boys special trust centre "
    "voluntary aided controlled free foundation high lower upper middle"
)
SURGERY = _words(
    "surgery medical centre center practice health clinic the group family gp gps doctor doctors dr partnership partners "
    "and of primary care"
)
SHORT_FOR = _words(
    "school primary secondary academy college nursery infants juniors preschool surgery practice clinic medical"
)
"""What people call a school or a surgery by, after the first word of its name."""

_HEARD = """
mohamed muhammad mohammed mohammad muhammed mohamad muhamad mohamud mahomed mohd | ahmed ahmad ahmet | fatima fatimah fatema
hussein hussain husain hossain hussien | aisha ayesha aysha aicha | abdullah abdallah abdulla | ibrahim ebrahim
yusuf yousef yousuf youssef | hassan hasan | catherine katherine kathryn katharine catharine | stephen steven | sara sarah
"""
HEARD: dict[str, frozenset[str]] = {
    word: _words(line) for line in _HEARD.replace("\n", "|").split("|") for word in line.split()
}
"""Name → names written down for the same sound or from the same script."""
