"""The list of the user's own models: a table on a wide page, and two lines for each on a telephone."""

from collections.abc import Sequence
from html import escape

from fmnist.contenders.own import OwnModel
from fmnist.views import own as view

_STYLE = r"""<style>
.own { max-height: 27rem; overflow-y: auto; font-size: .875rem; line-height: 1.35 }
.own table { width: 100%; border-collapse: collapse }
.own :is(th, td) { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; overflow-wrap: anywhere }
.own th { font-weight: 600; opacity: .75; white-space: nowrap }
.own tr { border-bottom: 1px solid rgba(127, 127, 127, .25) }
.own td:first-child { font-weight: 600 }
.own :is(.number, .size) { white-space: nowrap; font-variant-numeric: tabular-nums }
.own .tag { display: inline-block; border: 1px solid rgba(127, 127, 127, .5); border-radius: .5rem;
  padding: 0 .4rem; margin: 0 .25rem .15rem 0 }
@media (max-width: 767px) {
  .own thead { display: none }
  .own tr { display: block; padding-block: .45rem }
  .own td { display: inline; padding: 0 }
  .own td:first-child { display: block }
  .own td:empty { display: none }
  .own td:not(:first-child, :nth-child(2), .tags)::before { content: "\00a0· " }
  .own .tags { display: block; padding-top: .2rem }
}
</style>"""
_HEAD = ("Model", "Kind", "Test accuracy", "On disk", "Weights", "State", "Tags")


def rows_html(models: Sequence[OwnModel]) -> str:
    """Return the list as HTML; all text is escaped."""
    head = "".join(f"<th scope=col>{title}</th>" for title in _HEAD)
    body = "".join(map(_row, models))
    region = '<div class="own" tabindex="0" role="region" aria-label="Your models">'
    return f"{_STYLE}{region}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def _row(model: OwnModel) -> str:
    shown = view.describe(model)
    tags = "".join(f'<span class="tag">{escape(tag)}</span>' for tag in shown.tags)
    cells = (
        ("", shown.title),
        ("", shown.kind),
        ("number", shown.accuracy),
        ("size", shown.size),
        ("", shown.weights),
        ("", shown.state),
    )
    told = "".join(f'<td class="{name}">{escape(text)}</td>' for name, text in cells)
    return f'<tr>{told}<td class="tags">{tags}</td></tr>'
