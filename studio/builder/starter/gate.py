"""The safety gate: what the studio does not make, said kindly and with something it can make."""

from __future__ import annotations

from dataclasses import dataclass

from studio.builder.starter import patterns
from studio.builder.starter.wish import Wish
from studio.phrases import Phrase, phrase

KIND_CARD = phrase(
    "This sounds hard, and you matter. Talk to a grown-up you trust today: a parent, a teacher or a doctor. "
    "If you are in danger now, call the emergency number of your country. You are not in trouble."
)


@dataclass(frozen=True)
class Refusal:
    """Hold a polite no: what is said, and wishes that would work."""

    say: Phrase
    guesses: tuple[str, ...] = ()


def _words(*choices: str) -> patterns.Pattern:
    return patterns.lazy("|".join(f"(?:{choice})" for choice in choices))


_I = r"(?:i|im|i'm|ive|i've|me|my)"
_DISTRESS = _words(
    r"\b(?:kill|killing|hurt|hurting|cut|cutting|harm|harming|end) (?:myself|my self|my life|it all)\b",
    rf"\b{_I}\b[\w' ]{{0,24}}\b(?:want|wanna|going|wish|wanted|feel like|ready) (?:to )?(?:i )?(?:was |"
    rf"were |be )?(?:die|dying|dead|disappear forever)\b",
    r"\bdon'?t want to (?:live|be alive|exist|wake up)\b",
    r"\b(?:no reason|not worth) (?:to live|living)\b",
    r"\bself[- ]?harm(?!.{0,30}\b(?:poster|awareness|prevention)\b)",
    r"\bsuicid(?:e|al|io)\b(?! (?:squad|prevention|awareness))",
    r"\b(?:ways|how) to (?:die|starve myself|kill me)\b",
    r"\b(?:everyone|nobody|everybody)[\w' ]{0,20}better off without me\b",
    r"\b(?:he|she|dad|mum|mom|stepdad|uncle|my \w+|someone) (?:hits|beats|touches|hurts|abuses) me\b(?! "
    r"at (?:chess|football|uno|cards))",
    r"\bstarve myself\b|\bstop eating (?:completely|forever)\b|\bhate myself\b",
    r"\bme quiero morir\b|\bquiero (?:morir|suicidarme|matarme)\b|\bno quiero vivir\b|\bhacerme dano\b",
    r"\bje veux mourir\b|\bme suicider\b|\bme faire du mal\b|\bplus envie de vivre\b",
    r"\bich will (?:sterben|nicht mehr leben)\b|\bmich (?:umbringen|ritzen|selbst verletzen)\b",
)
_DANGER = _words(
    r"\b(?:make|build|making|building|buy|get|bake|cook) (?:a |an |some |me )?(?:real |pipe |nail |fire "
    r"?)?(?:bombs?|explosives?|guns?|grenades?|poison|meth|molotov\w*)\b(?! (?:game|quiz|story))",
    r"\bhow (?:to|do i|do you|can i) (?:\w+ )?(?:kill|poison|stab|shoot|strangle) (?:a |my |the |"
    r"some)?(?:person|people|human|someone|somebody|teacher|brother|sister|neighbou?r|dog|cat|him|her|"
    r"them)\b",
    r"\b(?:kill|murder|stab|strangl|tortur|behead)(?:ing|e)? (?:\w+ )?(?:people|persons?|humans?|kids|child|"
    r"children|teachers?|classmates?|girls?|boys?|someone|somebody|everyone|everybody)\b",
    r"\b(?:make|build|write|tell|show)[\w ]{0,30}\bhow to (?:make|build) (?:a )?(?:bomb|gun|weapon|drugs?|poison)\b",
    r"\b(?:buy|sell|get|take|use|find|order) (?:some )?(?:drugs|weed|cocaine|heroin|vapes?|alcohol|beer|"
    r"vodka|cigarettes)\b(?! (?:quiz|facts))",
    r"\b(?:porn\w*|nudes?|naked (?:pictures?|girls?|boys?|people)|sexy|sex (?:game|story|chat|quiz|bot)|"
    r"hentai|strip poker|nsfw)\b",
    r"\b(?:send|share|show) (?:me )?(?:a )?(?:pictures?|photos?) (?:of your|without clothes)\b",
    r"\b(?:shoot|blow) up (?:the|my|a) school\b|\bschool shooting (?:game|simulator)\b",
    r"\bchallenge[\w ]{0,20}\b(?:choke|pass out|stop breathing|not eat)\b|\bchok(?:e|ing) (?:challenge|game)\b",
    r"\b(?:lose|drop) \d+ ?(?:kg|pounds|kilos|lbs) (?:in|by) (?:a|one|two|\d+) (?:day|week)s?\b|"
    r"\b(?:anorexi[ac]|pro[- ]?ana)\b(?!.{0,20}\b(?:quiz|facts|awareness)\b)",
    r"\b(?:fabricar|hacer) una bomba\b|\bfabriquer une bombe\b|\beine bombe bauen\b",
)
_UNKIND = _words(
    r"\b(?:make fun of|bully|bullying (?:app|page|game|bot) (?:for|about)|humiliate|embarrass|insult|mock|"
    r"roast|prank call|get revenge on|spread rumou?rs)\b(?! (?:prevention|awareness|quiz|is|stops|myself))",
    r"\b(?:rank|rate|vote|list|poll)\b[\w ]{0,30}\b(?:ugliest|fattest|hottest|dumbest|stupidest|smelliest|"
    r"most hated|prettiest)\b(?![\w ]{0,12}\b(?:monsters?|dinosaurs?|animals?|fish|sauce|pepper|curry|"
    r"planets?|socks)\b)",
    r"\b(?:ugliest|fattest|hottest|dumbest|stupidest|smelliest|ugly|fat|loser) (?:girls?|boys?|kids?|"
    r"person|people|teacher|classmates?|student)\b",
    r"\bwhy (?:\w+ )?is (?:so )?(?:ugly|fat|stupid|a loser)\b",
    r"\b(?:all )?(?:jews|muslims|gays|blacks|immigrants|girls|boys|foreigners) are (?:bad|stupid|evil|"
    r"dumb|inferior|dirty)\b",
    r"\b(?:racist|nazi|sexist) (?:jokes?|game|chatbot|app|songs?)\b",
)
_PRIVATE = _words(
    r"\b(?:find|tell me|get|show|look up|track|steal|guess|give me|collect|ask for|asks? (?:for|everyone|"
    r"people|kids|them)?|reveal|share|post|leak|publish)\b[\w' ]{0,40}\b(?:home address(?:es)?|"
    r"address(?:es)?(?! book)|phone numbers?|passwords?|location|where (?:\w+ ){1,4}lives?|credit cards?|"
    r"bank details|private photos|messages)\b(?!.{0,30}\b(?:safe|strong|generator|strength|tips|facts)\b)",
    r"\b(?:spy|spying|stalk|eavesdrop|snoop) on\b(?!.{0,20}\b(?:birds?|aliens?|villain|enem))",
    r"\bread (?:my|his|her) \w+'?s? (?:messages|diary|texts|chats)\b",
    r"\bwhere (?:does )?[A-Za-z]+ [A-Za-z]* ?lives?\b.{0,20}\b(?:find|know|quiz|tell)",
    r"\b(?:find|figure|finds) out where\b[\w' ]{0,30}\blives?\b(?! (?:in the (?:wild|sea|ocean)|underwater))",
    r"\btrack(?:s|ing|er)? (?:my |his |her )?(?:girlfriend|boyfriend|sister|brother|friend|ex|classmate|teacher)\b",
    r"\bpretend (?:to be|i am) (?:\w+ ){0,3}(?:bank|police)\b.{0,40}\bpassword|\bfake (?:login|log in|"
    r"instagram|roblox|bank)\b|\bphishing (?:page|site|mail)\b",
)
_CHEAT = _words(
    r"\b(?:do|write|finish|complete|solve|make)\b (?:all )?(?:of )?(?:my|the) (?:\w+ )?(?:homework|essay|"
    r"exam|test paper|assignment|coursework|book report)(?: (?:for|so|and)\b.*| now)?$",
    r"\b(?:cheat|cheating|cheats?)\b(?: sheet)? (?:on|in|for|at) (?:my|the|a|our) (?:\w+ )?(?:test|exam|"
    r"quiz|finals?|homework)\b",
    r"\b(?:answers?|solutions?) (?:to|of|for) (?:my|the|tomorrow'?s|our) (?:\w+ )?(?:exam|test|"
    r"homework)\b(?=.{0,30}\b(?:secret|hidden|during|tomorrow|steal|leak|without)\b|$)",
    r"\b(?:hide|sneak|secret)\b[\w ]{0,24}\b(?:during|in) (?:the|my|an?) (?:exam|test)\b",
    r"\bfake (?:a )?(?:report card|grades|sick note|excuse note|signature|id)\b|\bforge\b[\w' ]{0,20}\bsignature\b",
    r"\bchange my grades?\b",
)
_HACK = _words(
    r"\b(?:hack|hacks|break into|crack|bypass|ddos|get around|get past|unlock|jailbreak)\b[\w' "
    r"]{0,24}\b(?:wi-?fi|school|computer|account|password|phone|roblox|minecraft|fortnite|instagram|"
    r"website|filter|parental|server|network|system|school's|email|teacher'?s?)\b",
    r"\b(?:write|make|build|create) (?:me )?(?:a |an |some )?(?:computer )?(?:virus|malware|keylogger|"
    r"ransomware|trojan|aimbot|cheat engine)\b",
    r"\b(?:free|unlimited) (?:robux|v-?bucks|minecraft account|netflix)\b",
    r"\b(?:download|pirate|stream) (?:\w+ ){0,3}(?:movies?|films?|songs?|games?) (?:for free|illegally|free)\b",
    r"\b(?:turn off|disable|remove) (?:the )?(?:school |parental |safety )?(?:filter|parental controls?|"
    r"kid mode|safety)\b",
    r"\b(?:hackea|hackear|pirater|hacken|hacke)\b",
)
_POLITE = (
    r"^(?:(?:hey|hi|hello|please|can you|could you|can u|will you|i want you to|i need you to|i want|just|"
    r"sprout|ok|now)[ ,]+)*"
)
_IMPOSSIBLE = _words(
    rf"{_POLITE}(?:to )?(?:order|buy|deliver|bring|fetch|get|send|ship)\b (?:me|us|my|for me|a|an|"
    rf"some)\b[\w ]{{0,30}}\b(?:pizzas?|food|burgers?|shoes|phone|bike|robux|toys?|ice cream|laptop|games?|"
    rf"presents?|gifts?|iphone|dog|puppy|money|tickets|sweets|lunch|dinner|playstation|xbox|switch)\b",
    rf"{_POLITE}(?:to )?(?:send|write|text|e-?mail|call|phone|ring|message|whatsapp|facetime)\b (?:and "
    rf"send )?(?:an? |my |the )?(?:(?:e-?mail|text|message|sms|whatsapp)s? to )?(?:my |the |a )?(?:\w+ "
    rf")?(?:mum|mom|dad|mother|father|teacher|friends?|grandma|grandpa|brother|sister|police|president|"
    rf"santa|headteacher|principal|boss|doctor)\b(?! (?:card|a card|letter|a letter|a note|note|a poem))",
    rf"{_POLITE}(?:to )?(?:post|upload|publish|tweet)\b[\w ]{{0,30}}\b(?:instagram|tiktok|youtube|facebook|"
    rf"snapchat|twitter|internet)\b",
    rf"{_POLITE}(?:to )?(?:turn on|turn off|switch on|switch off|open|lock|unlock|charge|fix|clean|repair|"
    rf"start)\b (?:the|my) (?:lights?|tv|television|door|phone|printer|computer|heating|room|car|washing "
    rf"machine|alarm)\b",
    rf"{_POLITE}(?:to )?(?:print|give|make|earn|get|win) (?:me )?(?:real |a million |lots of |some "
    rf")?(?:money|cash|dollars|a million dollars)\b",
    r"\b(?:a |an )?real(?: life)? (?:rocket|car|robot|dragon|dog|cat|pony|house|spaceship|puppy)\b(?! "
    r"?(?:facts|quiz|story|pictures))",
    r"\b(?:time machine) that (?:really|actually) works\b|\bmake me (?:invisible|fly|rich|taller|famous)\b",
    rf"{_POLITE}(?:to )?(?:play|show me|stream|watch|open|search|google|look up|download)\b[\w' "
    rf"]{{0,30}}\b(?:netflix|youtube|spotify|tiktok|the internet|google|fortnite|roblox|minecraft)\b(?! "
    rf"(?:quiz|story|cards|trivia|game))",
    r"\bmultiplayer (?:online|over the internet)\b|\bonline multiplayer\b|\b(?:copy|clone|remake) (?:of "
    r")?(?:all of )?(?:fortnite|gta|call of duty|roblox|youtube|tiktok)\b",
    r"\b(?:predict|tell me|know) (?:the )?(?:lottery|winning) numbers\b|\bwhat will happen tomorrow\b",
    rf"{_POLITE}(?:pideme|pide|comprame|compra|llama a|envia un (?:correo|mensaje))\b",
    rf"{_POLITE}(?:commande|commande-moi|achete|achete-moi|appelle|envoie un (?:mail|message))\b",
    rf"{_POLITE}(?:bestell|bestelle|kauf|kaufe|ruf)\b",
)
_INJECTION = _words(
    r"\b(?:ignore|forget|disregard|override)\b[\w ]{0,24}\b(?:instructions?|rules|prompts?|safety|"
    r"guidelines|everything (?:above|before))\b",
    r"\b(?:system prompt|developer mode|jailbroken|dan mode|you are now (?:dan|an? unrestricted)|no restrictions)\b",
    r"<\s*script\b",
    r"\bdrop table\b|\brm -rf\b|\bos\.system\b|\bsudo\b|\beval\(",
    r"\b(?:reveal|print|show)\b[\w ]{0,16}\b(?:your (?:hidden )?(?:instructions|prompt|secrets?|rules)|"
    r"api keys?|system files)\b",
)
_ABUSE = _words(
    r"\bf+u+c+k\w*|\bsh+i+t+y?\b|\bbitch\w*|\bass ?holes?\b|\bc[u*]nts?\b|\bdickheads?\b|\bbastards?\b|"
    r"\bwankers?\b|\bmotherf\w+|\bfck\b|\bstfu\b|\bkys\b|\bwtf\b|\bpiss off\b|\bnigg\w+|\bfagg?ots?\b|"
    r"\bwhores?\b|\bsluts?\b|\bretards?\b|\bretarded\b",
    r"\byou(?:'re| are|r| re)? (?:so |a |an |such a |really )*(?:stupid|dumb|idiot|useless|trash|garbage|"
    r"moron|ugly|suck|sucks|worst)\b(?!.{0,30}\b(?:quiz|test|game)\b)",
    r"\b(?:i hate you|shut up|you suck|go to hell|screw you)\b",
    r"\b(?:mierda|puta|cabron|gilipollas|pendejo|joder)\b",
    r"\b(?:merde|putain|connard|salope|encule)\b",
    r"\b(?:scheisse?|arschloch|fick\w*|hurensohn|wichser)\b",
)
_PRETEND = patterns.lazy(
    r"\b(?:quiz|trivia|story|tale|adventure|book|poll|survey|chatbot|game|flashcards|questions|facts|"
    r"poster|note|page|checklist|list|timer|diary|journal|calculator|counter|score|wheel|memory|"
    r"cuento|historia|juego|histoire|jeu|geschichte|spiel|pretend|drawing|talk to|draw)\b"
)
_LEARN = patterns.lazy(
    r"\b(?:safety|safe|prevent\w*|awareness|dangers?|history|war|against|stop (?:bullying|hacking)|"
    r"recognise|avoid|protect\w*|stay away|science)\b"
)


def check(wish: Wish) -> Refusal | None:
    """Return why a wish is not made, or None when it may be.

    Distress comes first and has a fixed answer. Pretending (a story, a quiz) makes the impossible
    possible and history tellable, but never the dangerous, the unkind or the private.
    """
    text = wish.plain.replace("ß", "ss")
    if _DISTRESS.search(text):
        return Refusal(KIND_CARD)
    pretend, learning = bool(_PRETEND.search(text)), bool(_LEARN.search(text))
    for pattern, excused, refusal in _RULES:
        if pattern.search(text) and not (
            ("pretend" in excused and pretend) or ("learn" in excused and learning)
        ):
            return refusal
    return None


_RULES: tuple[tuple[patterns.Pattern, tuple[str, ...], Refusal], ...] = (
    (
        _DANGER,
        ("learn",),
        Refusal(
            phrase("I do not make that: somebody could get hurt. I can make a quiz about staying safe."),
            ("a quiz about staying safe online", "a checklist for a safe bike ride"),
        ),
    ),
    (
        _UNKIND,
        ("learn",),
        Refusal(
            phrase(
                "I do not make things that hurt somebody. I can make a wheel with kind ideas for your class."
            ),
            ("a wheel with kind ideas: share, help, listen", "a thank you note for a friend"),
        ),
    ),
    (
        _PRIVATE,
        ("learn",),
        Refusal(
            phrase(
                "I do not look for or collect private things about people. I can make a quiz about "
                "keeping secrets safe."
            ),
            ("a quiz about staying safe online", "a wheel that picks a food"),
        ),
    ),
    (
        _HACK,
        ("pretend", "learn"),
        Refusal(
            phrase("I do not break into things. I can make a checklist for a detective club."),
            ("a checklist for a detective club", "a quiz about computers"),
        ),
    ),
    (
        _CHEAT,
        ("learn",),
        Refusal(
            phrase(
                "I do not do the work for you, but I can help you to learn it. Try cards or a quiz on the subject."
            ),
            ("flashcards for my test", "a study timer with breaks"),
        ),
    ),
    (
        _INJECTION,
        (),
        Refusal(
            phrase("I only make small apps, and I keep to that. Tell me what you want to make."),
            ("a quiz about planets", "a wheel that picks a name"),
        ),
    ),
    (
        _ABUSE,
        (),
        Refusal(
            phrase("I leave out words that hurt. Tell me what you want to make, and I will help."),
            ("a quiz about animals", "a wheel that picks a game"),
        ),
    ),
    (
        _IMPOSSIBLE,
        ("pretend",),
        Refusal(
            phrase(
                "I cannot do that: I make small apps that play on this computer. I can make one about it."
            ),
            ("a checklist for a party", "a note with a message"),
        ),
    ),
)
