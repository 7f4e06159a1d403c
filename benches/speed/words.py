"""A municipality made up from a seed, as folders of the import format: the same seed and size give the same bytes.

Each intervention has four evaluations of five criteria with ten measurements each. Most are shares of 20 to 200 people, so
that disclosure control seldom has anything to hide; every fifth criterion is a mean.
"""
import csv
import itertools
import random
from datetime import date, timedelta

FORVALTNINGER = {
    "BIF": "Beskæftigelses- og Integrationsforvaltningen", "BUF": "Børne- og Ungdomsforvaltningen",
    "KFF": "Kultur- og Fritidsforvaltningen", "SOF": "Socialforvaltningen",
    "SUF": "Sundheds- og Omsorgsforvaltningen",
}
WHAT = (
    "Lektiehjælp", "Fritidsjob", "Mentorordning", "Åben rådgivning", "Familiesamtaler", "Gadeplansarbejde", "Aftenklub",
    "Sommerskole", "Idrætstilbud", "Musikværksted", "Jobtræning", "Ungepatrulje", "Forældrekursus", "Samtaleforløb",
    "Øvelokaler", "Brobygning", "Netværksgrupper", "Ældrecafé", "Efterværn", "Byhaver",
)
FOR_WHOM = (
    "børn", "unge", "unge mænd", "unge kvinder", "familier", "enlige forældre", "ældre", "ledige", "skoleelever", "nytilflyttede",
    "hjemløse", "pårørende", "søskende", "udskolingselever",
)
WHERE = (
    "Amager Øst", "Amager Vest", "Bispebjerg", "Brønshøj", "Christianshavn", "Emdrup", "Husum", "Indre By", "Kgs. Enghave",
    "Nordhavn", "Nordvest", "Sundby", "Sydhavnen", "Tingbjerg", "Utterslev", "Valby", "Vanløse", "Vesterbro", "Ydre Nørrebro",
    "Østerbro",
)
THEMES = ("Trivsel", "Tryghed", "Fremmøde", "Fastholdelse", "Fællesskab", "Sundhed", "Uddannelse", "Beskæftigelse")
SHARES = (
    ("Skolefravær", "Andel med over 10 pct. fravær", "DOWN"), ("Venskaber", "Andel med mindst én nær ven", "UP"),
    ("Tryghed", "Andel, der er trygge i deres kvarter", "UP"), ("Kriminalitet", "Andel, der er sigtet inden for et år", "DOWN"),
    ("Beskæftigelse", "Andel i job eller uddannelse", "UP"), ("Søvn", "Andel, der sover dårligt", "DOWN"),
    ("Fritid", "Andel med en fast fritidsaktivitet", "UP"), ("Gæld", "Andel med gæld i restance", "DOWN"),
)
MEAN = ("Trivsel", "Trivsel på WHO-5", "UP")

# Before, during, after and later, as often as people are asked in a course of a year.
MOMENTS = (
    ("BEFORE", None), ("BEFORE", ("START", -6, -4)), ("BEFORE", ("START", -3, -1)), ("DURING", ("START", 0, 3)),
    ("DURING", ("START", 4, 8)), ("AFTER", None), ("AFTER", ("END", 0, 2)), ("FOLLOW_UP", ("END", 3, 5)),
    ("FOLLOW_UP", ("END", 6, 8)), ("FOLLOW_UP", ("END", 12, 14)),
)
EVALUATIONS, CRITERIA = 4, 5
MEASUREMENTS = EVALUATIONS * CRITERIA * len(MOMENTS)

COLUMNS = {
    "forvaltninger": "code,name",
    "reporting_years": "year,status",
    "interventions": "slug,name,since,parent",
    "intervention_years": "intervention,year,status,lead,partners,principles,citywide,districts,in_package,external_partners,"
                          "problem,method,activities,anonymous,remarks",
    "evaluations": "slug,intervention,title,period_start,period_end,status,round_year,round_theme",
    "success_criteria": "evaluation,number,dimension,indicator,direction,basis,threshold,unit,pairing,success_categories",
    "measurements": "evaluation,criterion,wave,months_anchor,months_from,months_to,group,group_name,comparability,"
                    "period_start,period_end,population,source,numerator,denominator,categories,mean,sd,n,median,minimum,maximum,count,"
                    "exposure,absence,absence_reason,note",
}
LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "é": "e", " ": "-", ".": None})


def register(folder, seed, interventions):
    """The folder with all interventions, and their slugs."""
    chance = random.Random(f"register {seed}")
    names = list(itertools.product(WHAT, FOR_WHOM, WHERE))
    chosen = [f"{what} for {whom} i {where}" for what, whom, where in chance.sample(names, interventions)]
    slugs = [name.lower().translate(LETTERS) for name in chosen]
    write(folder, "forvaltninger", FORVALTNINGER.items())
    write(folder, "reporting_years", [(2024, "OPEN")])
    write(folder, "interventions", ((slug, name, chance.randint(1995, 2023), None) for slug, name in zip(slugs, chosen)))
    codes = list(FORVALTNINGER)
    write(folder, "intervention_years", (
        (slug, 2024, "DRAFT", codes[at % len(codes)], None, None, "true", None, None, None, None, None, None, "false", None)
        for at, slug in enumerate(slugs)))
    return slugs


def evaluations(folder, seed, slugs):
    """The folder with all that lies below these interventions."""
    rows = {"evaluations": [], "success_criteria": [], "measurements": []}
    for slug in slugs:
        chance = random.Random(f"{seed} {slug}")
        for number, theme in enumerate(chance.sample(THEMES, EVALUATIONS), 1):
            evaluation = f"{slug}-{number}"
            start = date(2021, 1, 1) + timedelta(days=chance.randint(0, 1000))
            title, status = f"{theme} {start.year}", "REGISTERED"
            rows["evaluations"].append((evaluation, slug, title, start, days(start, 364), status, None, None))
            kinds = [*chance.sample(SHARES, CRITERIA - 1), MEAN]
            chance.shuffle(kinds)
            for at, kind in enumerate(kinds, 1):
                criterion(rows, chance, evaluation, at, kind, start)
    for name, lines in rows.items():
        write(folder, name, lines)


def criterion(rows, chance, evaluation, number, kind, start):
    is_mean = kind is MEAN
    unit, basis = ("MEAN", "ABSOLUTE_CHANGE") if is_mean else ("SHARE", "RELATIVE_CHANGE")
    threshold = chance.randint(5, 15) if is_mean else chance.randint(10, 50) / 100
    rows["success_criteria"].append((evaluation, number, *kind, basis, threshold, unit, "INDEPENDENT", None))
    level = chance.uniform(35, 55) if is_mean else chance.uniform(0.25, 0.7)
    people = chance.randint(40, 200)
    for step, (wave, months) in enumerate(MOMENTS):
        of = max(20, people - 4 * step - chance.randint(0, 4))
        if is_mean:
            value = (None, None, None, round(level + step + chance.uniform(-2, 2), 1), round(chance.uniform(12, 22), 1), of)
        else:
            drift = (0.02 if kind[2] == "UP" else -0.02) * step
            value = (round(of * min(0.9, max(0.1, level + drift))), of, None, None, None, None)
        taken = days(start, 30 * step)
        rows["measurements"].append((
            evaluation, number, wave, *(months or (None,) * 3), "PARTICIPANTS", None, None, taken, days(taken, 29), None, None,
            *value, *(None,) * 8))


def days(start, count):
    return start + timedelta(days=count)


def write(folder, name, rows):
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / f"{name}.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS[name].split(","))
        writer.writerows(rows)
