"""Offences that may bring the sex offender notification requirement, and sentences and disposals, as lists to choose from.

The offences are those of Thames Valley MAPPA local working requirements 2008, appendix I; what follows from each is in
pipeline/protocol/schedule_3.csv, under the same keys. SOA is the Sexual Offences Act, IWC the Indecency with Children
Act, PCA the Protection of Children Act, CJA the Criminal Justice Act, CEMA the Customs and Excise Management Act.
"""

from forms.answers import Choice

SCHEDULE_3: tuple[Choice, ...] = (
    Choice("usi_under_13", "Unlawful sexual intercourse with a girl under 13 (SOA 1956 s. 5)"),
    Choice("usi_13_to_16", "Unlawful sexual intercourse with a girl between 13 and 16 (SOA 1956 s. 6)"),
    Choice("incest_by_man", "Incest by a man (SOA 1956 s. 10)"),
    Choice("buggery", "Buggery (SOA 1956 s. 12)"),
    Choice("indecency_between_men", "Indecency between men (SOA 1956 s. 13)"),
    Choice("indecent_assault_on_woman", "Indecent assault on a woman (SOA 1956 s. 14)"),
    Choice("indecent_assault_on_man", "Indecent assault on a man (SOA 1956 s. 15)"),
    Choice("indecency_with_child", "Indecency with a child (IWC 1960 s. 1)"),
    Choice(
        "prostitution_of_girl_under_16",
        "Causing prostitution of, intercourse with, or assault on, a girl under 16 (SOA 1956 s. 28)",
    ),
    Choice("assault_to_commit_buggery", "Assault with intent to commit buggery (SOA 1956 s. 16)"),
    Choice(
        "making_indecent_photographs", "Taking, making or distributing indecent photographs (PCA 1978 s. 1)"
    ),
    Choice(
        "possessing_indecent_photographs",
        "Possessing indecent photographs of a child under 16 (CJA 1988 s. 160)",
    ),
    Choice("importing_indecent_photographs", "Importing indecent photographs (CEMA 1979 s. 170)"),
    Choice("rape", "Rape (SOA 1956 s. 1; SOA 2003 s. 1)"),
    Choice("rape_child_under_13", "Rape of a child under 13 (SOA 2003 s. 5)"),
    Choice("assault_by_penetration", "Assault by penetration (SOA 2003 s. 2)"),
    Choice("assault_by_penetration_child", "Assault by penetration of a child (SOA 2003 s. 6)"),
    Choice("sexual_assault", "Sexual assault (SOA 2003 s. 3)"),
    Choice("sexual_activity_without_consent", "Causing sexual activity without consent (SOA 2003 s. 4)"),
    Choice(
        "sexual_activity_child_under_13",
        "Causing or inciting a child under 13 to engage in sexual activity (SOA 2003 s. 8)",
    ),
    Choice("sexual_assault_child_under_13", "Sexual assault on a child under 13 (SOA 2003 s. 7)"),
    Choice("child_sex_offence_by_adult", "Child sex offence committed by an adult (SOA 2003 s. 9-12)"),
    Choice("child_sex_offence_by_young", "Child sex offence committed by a person under 18 (SOA 2003 s. 13)"),
    Choice("arranging_child_sex_offence", "Arranging a child sex offence (SOA 2003 s. 14)"),
    Choice("meeting_child_after_grooming", "Meeting a child following sexual grooming (SOA 2003 s. 15)"),
    Choice("abuse_of_trust", "Abuse of a position of trust (SOA 2003 s. 16-19)"),
    Choice("familial_child_sex_offence", "Familial child sex offence (SOA 2003 s. 25-26)"),
    Choice(
        "mental_disorder_offence", "Sexual offence against a person with a mental disorder (SOA 2003 s. 30-37)"
    ),
    Choice("care_worker_offence", "Care worker offence (SOA 2003 s. 38-41)"),
    Choice("paying_for_child", "Paying for sexual services of a child under 16 (SOA 2003 s. 47)"),
    Choice(
        "inciting_child_prostitution", "Causing or inciting child prostitution or pornography (SOA 2003 s. 48)"
    ),
    Choice(
        "controlling_child_prostitution", "Controlling a child in prostitution or pornography (SOA 2003 s. 49)"
    ),
    Choice(
        "arranging_child_prostitution",
        "Arranging or facilitating child prostitution or pornography (SOA 2003 s. 50)",
    ),
    Choice("administering_substance", "Administering a substance with intent (SOA 2003 s. 61)"),
    Choice(
        "offence_with_sexual_intent",
        "Committing an offence with intent to commit a sex offence (SOA 2003 s. 62)",
    ),
    Choice("trespass_with_sexual_intent", "Trespass with intent to commit a sex offence (SOA 2003 s. 63)"),
    Choice("sex_with_adult_relative", "Sex with an adult relative (SOA 2003 s. 64-65)"),
    Choice("exposure", "Exposure (SOA 2003 s. 66)"),
    Choice("voyeurism", "Voyeurism (SOA 2003 s. 67)"),
    Choice("intercourse_with_animal", "Intercourse with an animal (SOA 2003 s. 69)"),
    Choice("penetration_of_corpse", "Sexual penetration of a corpse (SOA 2003 s. 70)"),
)
"""Every offence of both charts in printed order. Acts up to 1988 are for what was done before 1 May 2004."""

DISPOSALS: tuple[Choice, ...] = (
    Choice("immediate_custody", "Imprisonment, to be served"),
    Choice("indeterminate_custody", "Life, or custody without a fixed end for public protection"),
    Choice("suspended_custody", "Suspended sentence"),
    Choice("youth_custody", "Detention in a young offender institution, or other detention of a young person"),
    Choice("detention_training_order", "Detention and training order"),
    Choice("community_order", "Community order"),
    Choice("community_order_unpaid_work", "Community order with unpaid work"),
    Choice("community_rehabilitation_order", "Community rehabilitation order (probation)"),
    Choice("community_punishment_order", "Community punishment order (community service)"),
    Choice("community_punishment_rehabilitation_order", "Community punishment and rehabilitation order"),
    Choice("youth_community_order", "Youth rehabilitation order, or supervision order"),
    Choice("hospital_order", "Hospital order"),
    Choice("guardianship_order", "Guardianship order"),
    Choice("insanity_or_disability", "Not guilty by reason of insanity, or found to be under a disability"),
    Choice("fine", "Fine"),
    Choice("conditional_discharge", "Conditional discharge"),
    Choice("absolute_discharge", "Absolute discharge"),
    Choice("caution", "Caution"),
    Choice("reprimand_or_warning", "Reprimand or final warning"),
    Choice("other", "Other sentence or disposal"),
)
"""What a court or the police may have decided; lengths are asked for beside it, in months."""
