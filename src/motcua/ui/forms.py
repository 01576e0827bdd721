"""Django forms drawn with the field of the face: `{{ form }}` draws the fields, `<c-errors :form="form" />` the summary."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _

from motcua.lib.actions import Invalid

BOXES = ("checkbox", "radioselect", "checkboxselectmultiple", "dateparts")


class FaceField(BoundField):
    """A field that knows its source (`form.sources[name]`) and where the error summary should lead."""

    @property
    def source(self) -> str:
        return str(getattr(self.form, "sources", {}).get(self.name, ""))

    @property
    def optional(self) -> bool:
        return not self.field.required

    @property
    def anchor(self) -> str:
        return self.id_for_label or f"{self.auto_id}_0"

    @property
    def aria_describedby(self) -> str | None:
        said = [super().aria_describedby, f"{self.auto_id}_source" if self.source else None]
        return " ".join(filter(None, said)) or None

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        widget = widget or self.field.widget
        built = super().build_widget_attrs(attrs, widget)
        if not widget.is_hidden and self.widget_type not in (*BOXES, "file", "clearablefile"):
            built["class"] = f"input {widget.attrs.get('class', '')}".strip()
        return built


class FaceRenderer(TemplatesSetting):
    """settings.FORM_RENDERER: every form on every page looks the same."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"
    bound_field_class = FaceField


class DateParts(forms.MultiWidget):
    """Day, month and year in three boxes: quicker and surer than a calendar for a date one knows by heart."""

    template_name = "ui/widgets/date_parts.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        boxes = {"day": "tiny", "month": "tiny", "year": "short"}
        parts: dict[str, forms.Widget | type[forms.Widget]] = {
            name: forms.TextInput({"inputmode": "numeric", "class": f"input {width}", "autocomplete": "off"})
            for name, width in boxes.items()
        }
        super().__init__(parts, attrs)

    def decompress(self, value: date | None) -> list[int | None]:
        return [value.day, value.month, value.year] if value else [None, None, None]


class DatePartsField(forms.MultiValueField):
    """A date typed in three boxes."""

    widget = DateParts

    def __init__(self, **options: Any) -> None:
        whole = [forms.IntegerField(), forms.IntegerField(), forms.IntegerField()]
        super().__init__(fields=whole, **options)

    def compress(self, data_list: list[int]) -> date | None:
        if not data_list:
            return None
        day, month, year = data_list
        try:
            return date(year, month, day)
        except ValueError as fault:
            raise ValidationError(
                _("There is no day %(day)s/%(month)s/%(year)s"),
                params={"day": day, "month": month, "year": year},
                code="invalid",
            ) from fault


def did(form: forms.BaseForm, act: Callable[[], Any], *, field: str | None = None) -> bool:
    """Whether it could be carried out; if not, the form says what to mend, at the field it is about or else at `field`."""
    try:
        act()
    except Invalid as fault:
        form.add_error(fault.field if fault.field in form.fields else field, str(fault))
        return False
    return True
