"""What the browser itself does for every page: it copies the address, and keeps one step back for each action."""

from fmnist.ui.component import register_component

_tools = register_component(__file__, isolate_styles=False)


def show_copy_link() -> None:
    """Show a button that copies the page's address with all choices."""
    _tools(key="copy_link")
