"""What a rule looks for in texts that people write as they like."""

import pytest

from reporter.case.free_text import is_lobular, is_neoadjuvant


@pytest.mark.requirement("S1")
@pytest.mark.parametrize(
    ("intent", "meant"),
    [
        ("neoadjuvant", True),
        (" Neo-Adjuvant ", True),
        ("neo adjuvant", True),
        ("neoadjuvant chemotherapy", True),
        ("neoadjuvante Chemotherapie", True),
        ("präoperativ", True),
        ("preoperative systemic therapy", True),
        ("neoadjuvant, not palliative", True),
        ("neoadjuvant, then adjuvant", True),
        ("postoperative", False),
        ("post-operative radiation", False),
        ("adjuvant", False),
        ("adjuvante Therapie", False),
        ("palliative", False),
        ("not neoadjuvant", False),
        ("nicht neoadjuvant", False),
        ("not neoadjuvant but palliative", False),
        ("neoadjuvant or palliative", None),
        ("curative", None),
        ("not palliative", None),
        ("primary systemic therapy", None),
    ],
)
def test_only_an_intent_that_is_named_says_yes_or_no(intent: str, meant: bool | None) -> None:
    assert is_neoadjuvant(intent) is meant


@pytest.mark.requirement("S33")
@pytest.mark.parametrize(
    ("histology", "lobular"),
    [
        ("invasive lobular carcinoma", True),
        ("invasiv-lobuläres Karzinom", True),
        ("lobulär", True),
        ("ILC, grade 2", True),
        ("mixed ductal and lobular", True),
        ("no special type with lobular features", True),
        ("no ductal in situ component; lobular", True),
        ("invasive ductal carcinoma", False),
        ("no lobular component", False),
        ("non-lobular", False),
        ("kein invasiv-lobuläres Karzinom", False),
        ("kein lobuläres Karzinom", False),
        ("silicone", False),
    ],
)
def test_lobular_cancer_is_found_in_the_words_of_a_pathologist(histology: str, lobular: bool) -> None:
    assert is_lobular(histology) is lobular
