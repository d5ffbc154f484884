"""The words the prompt reader knows. Small on purpose: it errs towards quoting the prompt."""

from __future__ import annotations


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


SINGULAR_DETERMINERS = _set("a an this that every each another one")
PLURAL_DETERMINERS = _set(
    """these those two three four five six seven eight nine ten eleven twelve twenty hundred
    hundreds thousand thousands many several few both all dozens some"""
)
POSSESSIVES = _set("my your his her its our their")
DETERMINERS = SINGULAR_DETERMINERS | PLURAL_DETERMINERS | POSSESSIVES | {"the", "no", "any"}
#: Words that say how many; the definite short form drops them.
COUNTS = _set(
    """one two three four five six seven eight nine ten eleven twelve twenty hundred hundreds
    thousand thousands many several few both all dozens some every each another any no"""
)

#: A prompt that begins with one of these has no noun to take up, and is quoted instead.
PRONOUNS = _set(
    """i i’m i’ve i’d i’ll you you’re we we’re he she it it’s they they’re me us him them nobody
    somebody someone anyone everyone everybody nothing something everything anything there here
    myself yourself this’ that’s"""
)
OPENERS = _set("when if because while although since as after before once until unless not to")

PREPOSITIONS = _set(
    """of on in at with without from for to by about under over between inside outside behind
    beside beneath above below near into onto through across against during after before until
    since like than around among beyond along off up down past toward towards within upon as
    despite except via per made that’s"""
)
RELATIVES = _set("who whom whose which that where when why because while if so but or")
#: Adjectives that stand after their noun.
AFTER_NOUN = _set(
    """afraid alone alive asleep awake aware ashamed full empty-handed unable able ready due
    addicted allergic jealous proud tired left lost found made called named known told written
    stuck trapped built born hidden forgotten sold bought caught kept sent spent gone worn held
    again forever tonight today tomorrow yesterday too instead i you we he she they it nobody
    someone everyone never always"""
)
#: Words after which an -ing form is a modifier of what came before, not of what comes next.
ADVERBS = _set("slowly again home alone away back out up down late early never always not only")

#: Nouns in -ing or -ed, which are not participles.
NOT_PARTICIPLES = _set(
    """wedding building morning evening ceiling ring king spring string thing wing painting
    beginning ending feeling meeting clothing lightning sibling darling pudding swing sting sing
    landing earring something nothing bed seed weed shed sled speed need breed hundred kindred
    red wed feed stairwell parking sewing washing drawing recording crossing railing drying"""
)

CONCRETE_MASS = _set(
    """rain snow fog mist sand dust smoke fire water ice wind air sunlight moonlight starlight
    light coffee tea milk bread butter honey salt sugar soup rice wine beer traffic thunder
    lightning mud grass hair money laundry luggage furniture mail news music jazz homework ink
    paper glass gold silver rust moss hail frost weather dark darkness silence sky sea moon sun
    ocean internet future past dawn dusk twilight night wifi"""
)
ABSTRACT = _set(
    """love hate joy grief hope fear anger envy pride shame guilt regret peace war time death
    life sleep luck hunger nostalgia melancholy boredom chaos beauty truth faith trust doubt
    dread courage memory history art poetry magic science math maths homesickness heartbreak
    revenge jealousy patience summer winter autumn spring christmas halloween easter childhood
    adulthood school work breakfast lunch dinner bedtime laughter gossip rage bliss burnout
    justice power youth age health wealth music dance football cricket yoga karma fate destiny
    insomnia travel business small-talk advice research wanderlust serendipity midnight
    noon home heaven hell euphoria anxiety
    depression empathy gravity electricity evolution procrastination bureaucracy"""
)
ABSTRACT_ENDINGS = (
    "ics",
    "ness",
    "ity",
    "tion",
    "sion",
    "ment",
    "ship",
    "hood",
    "ism",
    "ence",
    "ance",
    "dom",
    "phobia",
    "graphy",
    "logy",
    "ure",
)

COUNTABLE = _set(
    """lighthouse umbrella house home city town village street road bridge river lake mountain
    island forest tree flower rose garden park door window key lock clock watch mirror chair
    table bed lamp candle book letter bookshop shop café library school museum hospital church
    station airport train bus car boat ship bicycle plane rocket robot ghost dragon witch wizard
    vampire unicorn monster alien cat dog bird fish horse cow sheep wolf fox bear owl crow spider
    bee moth whale octopus snail mouse king queen knight princess prince pirate man woman boy girl
    child baby mother father grandmother grandfather sister brother uncle aunt friend stranger
    thief spy doctor nurse soldier poet cook chef postman teacher student neighbour neighbor lover
    enemy hero villain detective piano violin guitar drum song poem story film photograph painting
    map compass suitcase coat shoe hat glove ring button spoon knife fork plate cup mug bowl teapot
    kettle fridge oven toaster sandwich cake pie egg apple lemon pear dream nightmare secret
    promise lie kiss name birthday funeral party storm cloud star planet comet shadow shore beach
    desert cave castle tower attic cellar basement kitchen bathroom elevator lift staircase vending
    machine telephone phone radio television computer camera jukebox scarecrow snowman puppet doll
    kite balloon carousel circus wardrobe typewriter volcano glacier waterfall room world mirror
    bench lawn fence gate garage drawer pocket sock trousers sweater wedding vow scar tattoo"""
)
COUNTABLE_ENDINGS = (
    "er",
    "or",
    "ist",
    "ian",
    "ee",
    "house",
    "man",
    "woman",
    "shop",
    "room",
    "ster",
)

PLURALS = _set(
    """people children men women mice feet teeth geese sheep fish police folk twins trousers
    scissors glasses clothes thanks oxen dice lice grandchildren"""
)
#: Singular for all their final s.
NOT_PLURAL = _set(
    """bus gas lens chess news mars venus paris texas christmas physics maths atlas canvas circus
    octopus cactus virus iris tennis boss kiss glass class grass dress press cross loss moss
    mattress princess goddess actress waitress address happiness campus bonus chorus walrus
    genius status census apocalypse oasis crisis basis compass always perhaps species series
    james athens hubris chaos cosmos"""
)

PROPER = _set(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may
    june july august september october november december mars venus jupiter saturn mercury
    neptune uranus pluto earth london paris tokyo berlin rome madrid venice vienna prague dublin
    oslo lisbon athens cairo delhi mumbai moscow beijing chicago boston texas london england
    france spain italy germany japan china india russia canada america africa europe asia
    australia mexico brazil ireland scotland wales poland god christmas halloween easter english
    french spanish german italian japanese chinese russian american british egyptian"""
)
#: Names that are written with a capital wherever they stand ("may" and "march" are not sure).
SURELY_PROPER = PROPER - {"may", "march", "august", "earth", "mercury", "god"}

FEMALE = _set(
    """woman girl mother grandmother mum mom mama grandma gran nana sister daughter aunt wife
    queen princess witch goddess actress waitress bride widow niece nun mermaid ballerina"""
)
MALE = _set(
    """man boy father grandfather dad papa grandpa brother son uncle husband king prince wizard
    god postman milkman waiter groom widower nephew monk fisherman snowman"""
)
PEOPLE = (
    FEMALE
    | MALE
    | _set(
        """person people child children baby friend stranger neighbour neighbor thief spy doctor
        nurse soldier poet cook chef teacher student lover enemy hero villain detective pirate
        knight twin men women boys girls strangers friends sisters brothers lovers thieves twins
        neighbours neighbors children parents parent kids kid grandparents teenager teenagers
        astronaut astronauts sailor sailors librarian librarians clown clowns ex driver drivers
        singer writer painter musician dentist plumber barber butcher baker keeper ghosts ghost
        mothers fathers daughters sons widows enemies soldiers nurses doctors wizards witches"""
    )
)

#: Verbs by their plain form, for finding where a clause's subject ends.
VERBS = _set(
    """accept adopt answer appear apologise apologize argue arrive ask bake become beg begin
    believe bite bloom blow borrow break bring build burn bury buy call care carry catch change
    chase choose clean climb collect come confess cook count crash cross cry dance decide deliver
    develop die dig disappear discover dream drink drive drop eat escape exist fade fail fall
    fear feel fight find fit fly follow forget forgive freeze gather get give glow go grow guard
    happen hate haunt have hear help hide hold howl hum hunt imagine invent invite join keep kill
    kiss knit knock know land laugh lay lead learn leave lend lie like listen live lose love make
    marry meet melt miss move need open outlive paint pass pay play plant pray pretend promise
    purr pull push reach read refuse remember repair return ride ring rise rule run sail save say
    see sell send sew shake share shine show sing sink sit sleep smell smile smoke speak spend
    stand stare start stay steal stop study survive swallow swim take talk taste teach tell think
    throw travel try turn vanish visit vote wait wake walk want wander wash watch wear weep
    whisper win wish work worry write"""
)
IRREGULAR_PASTS = _set(
    """became began bit blew broke brought built burned burnt bought caught chose came dug drank
    drove ate fell felt fought found flew forgot forgave froze got gave went grew had heard hid
    held kept knew laid led left lent lied lost made met outlived paid read rode rang rose ran
    said saw sold sent sewed shook shone showed sang sank sat slept spoke spent stood stole swam
    took taught told thought threw woke wore wept won wrote let put set cut"""
)
#: Verbs of being and of possibility: no relative clause made of them reads well.
AUXILIARIES = _set(
    """is are was were be am isn’t aren’t wasn’t weren’t can can’t could couldn’t will won’t would
    wouldn’t should must might may cannot"""
)

#: Words of other languages that no English prompt holds by chance.
FOREIGN = _set(
    """el los las una del que con por para sobre donde como mi tu su sin muy está cuando porque
    le les des une du dans avec sur pour qui où est aux cette mon der das ein eine und mit von
    im den dem ist nicht wenn auf für um uma dos das com não em onde meu minha il lo gli che per
    di della nel een het van niet ik och att som en det på nie jest się"""
)
ENGLISH = _set(
    """the a an of and with who that my your is are in on at to for i you we it its what why how
    when where if about into from without this"""
)
#: Too plain to stand for a prompt on their own.
PLAIN = (
    DETERMINERS
    | PRONOUNS
    | OPENERS
    | PREPOSITIONS
    | RELATIVES
    | AUXILIARIES
    | ENGLISH
    | _set(
        """do does did don’t doesn’t didn’t have has had just very really please what’s how’s own
        never always ever still even only also much more most get got go going want make let write
        describe imagine tell give poem story haiku say"""
    )
)
