"""Tags for page authors: {% form_token %}, {% field form.name %}, {% fields form %}, {% icon "download" %}, moment."""

from datetime import datetime
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.middleware.csrf import get_token
from django.template import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

NO_BREAK = "\N{NO-BREAK SPACE}"

_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxInput, "form-check-input"),
    (forms.Select, "form-select"),
)


@register.simple_tag(takes_context=True)
def form_token(context: Context) -> SafeString:
    """The hidden fields that every form needs: the CSRF token, and the LEA that the page was shown for."""
    request = context["request"]
    token = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request))
    at = getattr(request, "at", None)
    return token + format_html('<input type="hidden" name="lea" value="{}">', at.lea.pk) if at else token


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of icons.svg (build.mjs lists them); decoration unless it has a label."""
    use = format_html('<use href="{}#{}"></use>', static("web/icons.svg"), name)
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}">{}</svg>', label, use)
    return format_html('<svg class="icon" aria-hidden="true">{}</svg>', use)


@register.filter
def moment(time: datetime | None) -> str:
    """Date and time in the LEA's zone, with the zone, in a <time> element; a dash for none.

    In a narrow column the line breaks between date and time, and nowhere else.
    """
    if time is None:
        return "–"
    local = timezone.localtime(time)
    day, hour = (date_format(local, form).replace(" ", NO_BREAK) for form in ("M j, Y,", "g:i A T"))
    return format_html('<time datetime="{}">{} {}</time>', local.isoformat(timespec="seconds"), day, hour)


@register.inclusion_tag("web/partials/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """One field of a form with label, help text and errors, tied together for assistive technology.

    What may stay blank says so, but for what must be filled in later (aria-required), and in forms that set
    `says_optional` to False.
    """
    kind = _kind(bound.field.widget)
    needed = bound.field.required or "aria-required" in bound.field.widget.attrs
    shown = {"choices": bound.subwidgets} if kind == "choices" else {"control": control(bound)}
    optional = not needed and getattr(bound.form, "says_optional", True)
    return {"field": bound, "kind": kind, "optional": optional, **shown}


@register.inclusion_tag("web/partials/fields.html")
def fields(form: forms.BaseForm) -> dict[str, Any]:
    """All fields of a form, after the errors that belong to none."""
    return {"form": form}


def control(bound: BoundField) -> SafeString:
    """The field's own element, in our look and pointing to its help text and errors.

    Without the placeholders of django-allauth: they only repeat the label, and look as if something were filled in.
    """
    widget = bound.field.widget
    widget.attrs.pop("placeholder", None)
    css = next((css for kind, css in _CLASSES if isinstance(widget, kind)), "form-control")
    attrs: dict[str, str | bool] = {"class": css + (" is-invalid" if bound.errors else "")}
    described = [f"{bound.auto_id}_help"] if bound.help_text else []
    if bound.errors:
        described.append(f"{bound.auto_id}_error")
        attrs["aria-invalid"] = "true"
    if described:
        attrs["aria-describedby"] = " ".join(described)
    return bound.as_widget(attrs=attrs)


def _kind(widget: forms.Widget) -> str:
    """How field.html arranges it: hidden, checkbox, choices (one label each), group (one legend) or plain."""
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        widget.attrs["class"] = "form-check-input"
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    return "group" if widget.use_fieldset else "plain"
