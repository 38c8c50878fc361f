"""The dashboard on paper, and on the narrowest screen with the letters spread: nothing over anything else, nothing aside."""

import pytest

pytestmark = pytest.mark.browser
A4 = {"width": 688, "height": 1017}  # between its margins, in CSS pixels
# WCAG 1.4.12.
SPREAD = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }");
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""


def test_the_table_of_a_form_is_printed_without_what_chooses_its_rows(open_as):
    page = open_as("responsable")
    page.set_viewport_size(A4)
    page.goto("/tableau-de-bord/")
    page.emulate_media(media="print")

    table = page.locator("form table")
    assert table.is_visible()
    assert not any(each.is_visible() for each in table.get_by_role("checkbox", include_hidden=True).all())
    assert not page.locator("form button").first.is_visible()
    head, *_, foot = ([cell.is_visible() for cell in row.locator("th, td").all()] for row in table.locator("tr").all())
    assert head == foot == [False, *[True] * (len(head) - 1)]


def test_no_sheet_is_as_tall_as_its_row_on_paper(open_as):
    """A height of the whole row is not cut by the foot of a page: what follows is printed over it."""
    page = open_as("responsable")
    page.set_viewport_size(A4)
    page.goto("/tableau-de-bord/")
    page.emulate_media(media="print")

    heights = page.locator(".row .pl-sheet").evaluate_all(
        "all => all.map(each => each.computedStyleMap().get('height').toString())"
    )
    assert len(heights) > 2
    assert {*heights} == {"auto"}


def test_nothing_goes_aside_on_a_narrow_screen_with_spread_letters(open_as):
    page = open_as("responsable")
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto("/tableau-de-bord/")
    page.evaluate(SPREAD)

    assert page.evaluate("document.documentElement.scrollWidth") == 320
