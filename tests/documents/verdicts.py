"""What the examination is to say of each file of the reference data: a change of any line is looked at by a person.

State, pages, pages that have a picture, what the file could do by itself. Files the form refuses at once are « refused ».
"""

from dataclasses import dataclass

from documents.enums import FileState


@dataclass(frozen=True)
class Expected:
    state: FileState | None
    pages: int | None = None
    active: frozenset[str] = frozenset()
    problem: str = ""

    def __str__(self) -> str:
        """The line of the report."""
        if self.state is None:
            return "refused by the form"
        said = [str(self.state), *([f"{self.pages} p."] if self.pages else []), *sorted(self.active)]
        return " · ".join([*said, self.problem] if self.problem else said)


def clean(pages: int = 1, active: str = "") -> Expected:
    return Expected(FileState.CLEAN, pages, frozenset(active.split()))


NEEDS_PASSWORD = Expected(FileState.UNREADABLE, problem="mot de passe")
DAMAGED = Expected(FileState.UNREADABLE, problem="abîmé")
NO_PAGE = Expected(FileState.UNREADABLE, problem="aucune page")
REFUSED = Expected(None)
JS, JS_FORM, FORM, ATTACHMENT, ATTACHMENT_FORM = "javascript", "form javascript", "form", "attachment", "attachment form"

VERDICTS = {
    "pdf/pdfjs/160F-2019.pdf": clean(1, JS_FORM),
    "pdf/pdfjs/ArabicCIDTrueType.pdf": clean(),
    "pdf/pdfjs/PDFBOX-4352-0.pdf": clean(),
    "pdf/pdfjs/Pages-tree-refs.pdf": clean(2),
    "pdf/pdfjs/REDHAT-1531897-0.pdf": DAMAGED,
    "pdf/pdfjs/annotation-button-widget.pdf": clean(1, "attachment form javascript"),
    "pdf/pdfjs/annotation-choice-widget.pdf": clean(1, "attachment form javascript"),
    "pdf/pdfjs/annotation-fileattachment.pdf": clean(1, ATTACHMENT_FORM),
    "pdf/pdfjs/annotation-text-widget.pdf": clean(1, "attachment form javascript"),
    "pdf/pdfjs/annotation_hidden_noview.pdf": clean(1, JS_FORM),
    "pdf/pdfjs/attachment.pdf": clean(1, ATTACHMENT),
    "pdf/pdfjs/auth-event-ef-open.pdf": clean(1, ATTACHMENT),
    "pdf/pdfjs/autoprint.pdf": clean(1, JS),
    "pdf/pdfjs/bigboundingbox.pdf": clean(),
    "pdf/pdfjs/bomb_giant.pdf": clean(),
    "pdf/pdfjs/boundingBox_invalid.pdf": clean(3),
    "pdf/pdfjs/bug1011159.pdf": clean(),
    "pdf/pdfjs/bug1020226.pdf": DAMAGED,
    "pdf/pdfjs/bug1250079.pdf": DAMAGED,
    "pdf/pdfjs/bug1606566.pdf": REFUSED,
    "pdf/pdfjs/bug1782186.pdf": NEEDS_PASSWORD,
    "pdf/pdfjs/bug1782564.pdf": clean(1, JS_FORM),
    "pdf/pdfjs/bug1811510.pdf": clean(1, JS_FORM),
    "pdf/pdfjs/bug1811668_reduced.pdf": clean(),
    "pdf/pdfjs/bug1844576.pdf": clean(1, JS_FORM),
    "pdf/pdfjs/bug1937438_af_from_latex.pdf": clean(1, ATTACHMENT),
    "pdf/pdfjs/bug1937438_mml_from_latex.pdf": clean(1, ATTACHMENT),
    "pdf/pdfjs/bug1980958.pdf": DAMAGED,
    "pdf/pdfjs/bug2009627.pdf": clean(1, ATTACHMENT),
    "pdf/pdfjs/bug2025674.pdf": clean(1, ATTACHMENT),
    "pdf/pdfjs/bug854315.pdf": clean(1, FORM),
    "pdf/pdfjs/dates.pdf": clean(1, JS_FORM),
    "pdf/pdfjs/doc_actions.pdf": clean(3, JS_FORM),
    "pdf/pdfjs/empty#hash.pdf": clean(),
    "pdf/pdfjs/empty.pdf": clean(),
    "pdf/pdfjs/empty_protected.pdf": clean(),
    "pdf/pdfjs/encrypted-attachment.pdf": clean(1, ATTACHMENT),
    "pdf/pdfjs/evaljs.pdf": clean(2, JS_FORM),
    "pdf/pdfjs/extractPages_null_in_array.pdf": clean(),
    "pdf/pdfjs/file_url_link.pdf": clean(),
    "pdf/pdfjs/form_two_pages.pdf": clean(2, FORM),
    "pdf/pdfjs/franz.pdf": clean(),
    "pdf/pdfjs/french_diacritics.pdf": clean(),
    "pdf/pdfjs/german-umlaut-r.pdf": clean(),
    "pdf/pdfjs/helloworld-bad.pdf": clean(),
    "pdf/pdfjs/issue10665_reduced.pdf": clean(1, JS),
    "pdf/pdfjs/issue12706.pdf": clean(1, JS_FORM),
    "pdf/pdfjs/issue15053.pdf": clean(1, JS_FORM),
    "pdf/pdfjs/issue15590.pdf": clean(1, JS),
    "pdf/pdfjs/issue15893_reduced.pdf": NEEDS_PASSWORD,
    "pdf/pdfjs/issue16091.pdf": clean(),
    "pdf/pdfjs/issue17056.pdf": clean(1, ATTACHMENT),
    "pdf/pdfjs/issue17215.pdf": clean(),
    "pdf/pdfjs/issue17846.pdf": clean(1, "launch"),
    "pdf/pdfjs/issue17998.pdf": clean(1, JS_FORM),
    "pdf/pdfjs/issue18030.pdf": clean(1, ATTACHMENT),
    "pdf/pdfjs/issue18305.pdf": clean(2, JS_FORM),
    "pdf/pdfjs/issue18986.pdf": clean(),
    "pdf/pdfjs/issue19484_1.pdf": NO_PAGE,
    "pdf/pdfjs/issue19484_2.pdf": NO_PAGE,
    "pdf/pdfjs/issue19800.pdf": clean(),
    "pdf/pdfjs/issue20489.pdf": clean(1, JS),
    "pdf/pdfjs/issue21579.pdf": NEEDS_PASSWORD,
    "pdf/pdfjs/issue3371.pdf": NEEDS_PASSWORD,
    "pdf/pdfjs/issue4573.pdf": clean(),
    "pdf/pdfjs/issue6010_1.pdf": NEEDS_PASSWORD,
    "pdf/pdfjs/issue6010_2.pdf": NEEDS_PASSWORD,
    "pdf/pdfjs/issue6069.pdf": clean(),
    "pdf/pdfjs/issue6106.pdf": clean(1, JS),
    "pdf/pdfjs/issue7665.pdf": clean(),
    "pdf/pdfjs/issue8844.pdf": clean(1, ATTACHMENT),
    "pdf/pdfjs/issue9105_other.pdf": DAMAGED,
    "pdf/pdfjs/issue9972-1.pdf": clean(1, FORM),
    "pdf/pdfjs/issue9972-2.pdf": clean(1, FORM),
    "pdf/pdfjs/issue9972-3.pdf": clean(1, FORM),
    "pdf/pdfjs/multimedia_annotations.pdf": clean(1, ATTACHMENT),
    "pdf/pdfjs/opt_demo.pdf": clean(1, JS_FORM),
    "pdf/pdfjs/poppler-395-0-fuzzed.pdf": NO_PAGE,
    "pdf/pdfjs/poppler-742-0-fuzzed.pdf": DAMAGED,
    "pdf/pdfjs/poppler-85140-0.pdf": clean(),
    "pdf/pdfjs/poppler-937-0-fuzzed.pdf": clean(),
    "pdf/pdfjs/pr6531_1.pdf": NEEDS_PASSWORD,
    "pdf/pdfjs/pr6531_2.pdf": NEEDS_PASSWORD,
    "pdf/pdfjs/print_protection.pdf": NEEDS_PASSWORD,
    "pdf/pdfjs/saslprep-r6.pdf": NEEDS_PASSWORD,
    "pdf/pdfjs/secHandler.pdf": clean(1, FORM),
    "pdf/pdfjs/signed_verified.pdf": clean(1, FORM),
    "pdf/pdfjs/text_field_own_canvas_calc.pdf": clean(3, JS_FORM),
    "pdf/py-pdf/001-trivial__minimal-document.pdf": clean(),
    "pdf/py-pdf/002-trivial-libre-office-writer__002-trivial-libre-office-writer.pdf": clean(),
    "pdf/py-pdf/003-pdflatex-image__pdflatex-image.pdf": clean(),
    "pdf/py-pdf/004-pdflatex-4-pages__pdflatex-4-pages.pdf": clean(4),
    "pdf/py-pdf/005-libreoffice-writer-password__libreoffice-writer-password.pdf": NEEDS_PASSWORD,
    "pdf/py-pdf/006-pdflatex-outline__pdflatex-outline.pdf": clean(4),
    "pdf/py-pdf/007-imagemagick-images__imagemagick-ASCII85Decode.pdf": clean(),
    "pdf/py-pdf/007-imagemagick-images__imagemagick-CCITTFaxDecode.pdf": clean(),
    "pdf/py-pdf/007-imagemagick-images__imagemagick-images.pdf": clean(6),
    "pdf/py-pdf/007-imagemagick-images__imagemagick-lzw.pdf": clean(),
    "pdf/py-pdf/008-reportlab-inline-image__inline-image.pdf": clean(),
    "pdf/py-pdf/010-pdflatex-forms__pdflatex-forms.pdf": clean(1, FORM),
    "pdf/py-pdf/011-google-doc-document__google-doc-document.pdf": clean(),
    "pdf/py-pdf/012-libreoffice-form__libreoffice-form.pdf": clean(1, FORM),
    "pdf/py-pdf/013-reportlab-overlay__reportlab-overlay.pdf": clean(1, FORM),
    "pdf/py-pdf/014-outlines__mistitled_outlines_example.pdf": clean(4),
    "pdf/py-pdf/015-arabic__habibi-oneline-cmap.pdf": clean(),
    "pdf/py-pdf/015-arabic__habibi-rotated.pdf": clean(4),
    "pdf/py-pdf/015-arabic__habibi.pdf": clean(),
    "pdf/py-pdf/016-libre-office-link__libre-office-link.pdf": clean(),
    "pdf/py-pdf/019-grayscale-image__grayscale-image.pdf": clean(),
    "pdf/py-pdf/020-xmp__output_with_metadata_pymupdf.pdf": clean(),
    "pdf/py-pdf/021-pdfa__crazyones-pdfa.pdf": clean(),
    "pdf/py-pdf/022-pdfkit__pdfkit.pdf": clean(),
    "pdf/py-pdf/023-cmyk-image__cmyk-image.pdf": clean(),
    "pdf/py-pdf/024-annotations__annotated_pdf.pdf": clean(),
    "pdf/py-pdf/025-attachment__with-attachment.pdf": clean(1, ATTACHMENT),
    "pdf/py-pdf/026-latex-multicolumn__multicolumn.pdf": clean(3),
    "images/gps/jpg__gps__DSCN0010.jpg": clean(),
    "images/gps/jpg__gps__DSCN0012.jpg": clean(),
    "images/orientation/jpg__orientation__landscape_1.jpg": clean(),
    "images/orientation/jpg__orientation__landscape_2.jpg": clean(),
    "images/orientation/jpg__orientation__landscape_3.jpg": clean(),
    "images/orientation/jpg__orientation__landscape_4.jpg": clean(),
    "images/orientation/jpg__orientation__landscape_5.jpg": clean(),
    "images/orientation/jpg__orientation__landscape_6.jpg": clean(),
    "images/orientation/jpg__orientation__landscape_7.jpg": clean(),
    "images/orientation/jpg__orientation__landscape_8.jpg": clean(),
    "images/orientation/jpg__orientation__portrait_1.jpg": clean(),
    "images/orientation/jpg__orientation__portrait_2.jpg": clean(),
    "images/orientation/jpg__orientation__portrait_3.jpg": clean(),
    "images/orientation/jpg__orientation__portrait_4.jpg": clean(),
    "images/orientation/jpg__orientation__portrait_5.jpg": clean(),
    "images/orientation/jpg__orientation__portrait_6.jpg": clean(),
    "images/orientation/jpg__orientation__portrait_7.jpg": clean(),
    "images/orientation/jpg__orientation__portrait_8.jpg": clean(),
    "images/phone/heic__IMG_5195.HEIC": clean(),
    "images/phone/heic__mobile__iphone_13_pro_max.HEIC": clean(),
    "images/phone/tests__files__sample.heic": clean(),
    "images/phone/tests__files__sample.jpg": clean(),
    "images/phone/tests__files__sample.pdf": clean(4),
    "images/phone/tests__files__sample.png": clean(),
}
