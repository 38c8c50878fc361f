"""What an export holds, and in which format."""

from __future__ import annotations

from django import forms

from workflows.exports.columns import COLUMNS, Column, Group, chosen
from workflows.exports.models import FileFormat


class ExportForm(forms.Form):
    """Écran « Exporter » : des colonnes, un format."""

    columns = forms.MultipleChoiceField(
        label="Colonnes",
        choices=[(column.key, column.header) for column in COLUMNS],
        error_messages={"required": "Choisissez au moins une colonne."},
    )
    format = forms.ChoiceField(label="Format", choices=FileFormat.choices, widget=forms.RadioSelect)

    def groups(self) -> list[tuple[str, list[tuple[Column, bool]]]]:
        """The columns as the page shows them, by theme, and whether each is ticked."""
        ticked = set(self["columns"].value() or ())
        return [
            (str(group.label), [(column, column.key in ticked) for column in COLUMNS if column.group == group]) for group in Group
        ]

    def clean_columns(self) -> list[Column]:
        return chosen(self.cleaned_data["columns"])

    def clean_format(self) -> FileFormat:
        return FileFormat(self.cleaned_data["format"])
