# ruff: noqa: E501
"""QTI in the shapes of writers that follow the standard in their own way: OLAT, ILIAS, Brightspace and others."""

import pytest
from bank_samples import codes, items_of

from question_bank.formats import Loaded, load
from question_bank.items import plain

QTI_21 = "http://www.imsglobal.org/xsd/imsqti_v2p1"


def old(*items: str) -> Loaded:
    """Read a document of QTI 1.2."""
    return load("x.xml", f"<questestinterop><section>{''.join(items)}</section></questestinterop>".encode())


def old_item(
    conditions: str, *, kind: str = "", many: bool = False, own: str = "", stem: str = "Apa?", more: str = ""
) -> str:
    field = "qti_metadatafield"  # as Brightspace and Respondus spell it
    stated = f"<{field}><fieldlabel>{own or 'qmd_questiontype'}</fieldlabel><fieldentry>{kind}</fieldentry></{field}>"
    labels = "".join(
        f"<response_label ident='{one}'><material><mattext>{text}</mattext></material></response_label>"
        for one, text in (("A", "satu"), ("B", "dua"), *([("C", "")] if more == "blank" else []))
    )
    name = "<material><mattext>kota</mattext></material>" if more == "gap" else ""
    return (
        f"<item ident='i'><itemmetadata><qtimetadata>{stated if kind else ''}</qtimetadata></itemmetadata>"
        f"<presentation><material><mattext>{stem}</mattext></material>"
        f"<response_lid ident='r' rcardinality='{'Multiple' if many else 'Single'}'>{name}"
        f"<render_choice>{labels}</render_choice></response_lid></presentation>"
        f"<resprocessing>{conditions}</resprocessing></item>"
    )


def when(option: str, points: str, more: str = "") -> str:
    return (
        f"<respcondition continue='Yes'><conditionvar><varequal respident='r'>{option}</varequal></conditionvar>"
        f"<setvar varname='SCORE' action='Add'>{points}</setvar>{more}</respcondition>"
    )


def new(body: str, *, before: str = "", after: str = "", correct: str = "B") -> Loaded:
    """Read an item of QTI 2.1 with one choice in its body."""
    value = f"<correctResponse><value>{correct}</value></correctResponse>" if correct else ""
    return load(
        "x.xml",
        f"<assessmentItem xmlns='{QTI_21}' identifier='i'>{before}"
        f"<responseDeclaration identifier='R' cardinality='single' baseType='identifier'>{value}"
        f"</responseDeclaration>{after}<itemBody>{body}</itemBody></assessmentItem>".encode(),
    )


def choices(first: str = "satu", second: str = "dua", more: str = "") -> str:
    return (
        "<choiceInteraction responseIdentifier='R' maxChoices='1'>"
        f"<simpleChoice identifier='A'>{first}</simpleChoice>"
        f"<simpleChoice identifier='B'>{second}</simpleChoice>{more}</choiceInteraction>"
    )


def only(loaded: Loaded) -> tuple[str, list[str], int]:
    assert (codes(loaded.skipped), codes(loaded.errors)) == ([], [])
    (item,) = items_of(loaded)
    return plain(item.stem), [plain(option) for option in item.options], item.key


# QTI 1.2


@pytest.mark.parametrize(
    ("item", "code"),
    [
        (old_item(when("A:correct", "0.5") + when("B:wrong", "0.5"), many=True), "skipped_several_right"),
        (old_item("", kind="KPRIM CHOICE QUESTION", own="QUESTIONTYPE", many=True), "skipped_several_right"),
        (old_item(when("A", "100"), kind="True/False"), "skipped_true_false"),
        (old_item(when("A", "1"), stem="Di [kota] mana?", more="gap"), "skipped_cloze"),
        ("<item ident='i'><itemmetadata><qmd_itemtype>assErrorText</qmd_itemtype></itemmetadata>"
         "<presentation><material><mattext>Cari</mattext></material></presentation></item>", "skipped_kind"),
    ],
)  # fmt: skip
def test_an_old_question_of_another_kind_is_skipped_by_its_name(item: str, code: str) -> None:
    loaded = old(item)
    assert (codes(loaded.skipped), codes(loaded.errors), items_of(loaded)) == ([code], [], [])


def test_an_old_choice_that_lost_its_options_is_an_error() -> None:
    loaded = old(
        "<item ident='i'><itemmetadata><qmd_itemtype>Multiple Choice</qmd_itemtype></itemmetadata>"
        "<presentation><material><mattext>Apa?</mattext></material></presentation></item>"
    )
    assert (codes(loaded.skipped), codes(loaded.errors)) == ([], ["options_few"])


def test_a_gap_that_the_text_does_not_name_is_a_choice() -> None:
    assert only(old(old_item(when("B", "1"), more="gap"))) == ("Apa? kota", ["satu", "dua"], 1)


def test_respondus_tells_the_key_of_a_question_without_points_by_its_feedback() -> None:
    shown = "<displayfeedback linkrefid='QUE_12_{}'/>".format
    conditions = when("A", "0", shown("AIC") + shown("IC")) + when("B", "0", shown("AC") + shown("C"))
    assert only(old(old_item(conditions)))[2] == 1


def test_a_field_left_empty_is_no_option() -> None:
    loaded = old(old_item(when("B", "1"), more="blank"))
    assert only(loaded) == ("Apa?", ["satu", "dua"], 1)
    assert codes(loaded.warnings) == ["options_blank"]


def test_an_empty_key_is_an_error() -> None:
    assert codes(old(old_item(when("C", "1"), more="blank")).errors) == ["option_empty"]


def test_signs_of_mathematics_in_an_old_file_are_mended() -> None:
    assert only(old(old_item(when("B", "1"), stem="x < 5 & y<br>ya?")))[0] == "x < 5 & y ya?"


# QTI 2


def test_html_in_cdata_is_html_and_a_bare_tag_is_a_text() -> None:
    quoted = "<![CDATA[<p>satu <b>tebal</b></p>]]>"
    assert only(new(f"<![CDATA[<div>Apa?</div>]]>{choices(quoted, '<![CDATA[<br>]]>')}")) == (
        "Apa?", ["satu tebal", "<br>"], 1,
    )  # fmt: skip
    assert only(new(f"<p>Apa?</p>{choices('&lt;p&gt;satu&lt;/p&gt;')}"))[1][0] == "<p>satu</p>"


def test_what_is_written_for_teachers_is_not_shown() -> None:
    told = "<teacherInstructions>Bacakan.</teacherInstructions>"
    reasons = "<choiceRationales><rationale identifier='B'>Benar</rationale></choiceRationales>"
    assert only(new(f"{told}<p>Apa?</p>{choices()}{reasons}"))[0] == "Apa?"


@pytest.mark.parametrize(
    ("body", "template"),
    [
        (f"<p>Apa?</p>{choices()}", "<setCorrectResponse identifier='R'><variable identifier='k'/></setCorrectResponse>"),
        (f"<p>Apa <templateInline identifier='k'>ini</templateInline>?</p>{choices()}", ""),
    ],
)  # fmt: skip
def test_an_item_that_differs_between_candidates_is_skipped(body: str, template: str) -> None:
    loaded = new(body, after=f"<templateProcessing>{template}</templateProcessing>", correct="")
    assert (codes(loaded.skipped), codes(loaded.errors)) == (["skipped_calculated"], [])


def test_a_template_that_nothing_uses_does_no_harm() -> None:
    random = "<setTemplateValue identifier='k'><randomInteger min='1' max='9'/></setTemplateValue>"
    loaded = new(f"<p>Apa?</p>{choices()}", after=f"<templateProcessing>{random}</templateProcessing>")
    assert only(loaded) == ("Apa?", ["satu", "dua"], 1)


def test_canvas_quotes_html_and_states_the_kind_in_items_it_made_of_older_ones() -> None:
    stated = "<instructureMetadata><instructureField name='question_type' value='{}'/></instructureMetadata>".format
    body = f"<div class='html'>Apa &lt;b&gt;itu&lt;/b&gt;?&lt;br&gt;</div>{choices()}"
    assert only(new(body, before=stated("multiple_choice_question")))[0] == "Apa itu?"
    assert codes(new(body, before=stated("true_false_question")).skipped) == ["skipped_true_false"]


def test_a_new_choice_left_empty_is_no_option() -> None:
    loaded = new("<p>Apa?</p>" + choices(more="<simpleChoice identifier='C'/>"))
    assert only(loaded) == ("Apa?", ["satu", "dua"], 1)
    assert codes(loaded.warnings) == ["options_blank"]


def test_feedback_for_every_answer_but_one_comes_after_the_feedback_for_the_right_one() -> None:
    said = "".join(
        f"<modalFeedback outcomeIdentifier='FEEDBACK' showHide='{how}' identifier='B'><p>{text}</p></modalFeedback>"
        for how, text in (("hide", "Coba lagi, baca halaman tiga."), ("show", "Lihat halaman dua."))
    )
    loaded = load(
        "x.xml",
        f"<assessmentItem xmlns='{QTI_21}' identifier='i'><responseDeclaration identifier='R' cardinality='single' "
        "baseType='identifier'><correctResponse><value>B</value></correctResponse></responseDeclaration>"
        f"<itemBody><p>Apa?</p>{choices()}</itemBody>{said}</assessmentItem>".encode(),
    )
    assert plain(loaded.items[0].item.explanation).startswith("Lihat halaman dua.")
