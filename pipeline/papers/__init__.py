"""The papers of a pack as blocks: the referral itself, the cover sheet, the agenda."""
