"""Who rendered an injection, and what kind of provider that is."""

from __future__ import annotations

from typing import NamedTuple

from loops import Claim, Provider, ServiceLine
from scrubber.context import Context
from scrubber.tables import Row


class Renderer(NamedTuple):
    """The rendering provider of a line, its row of table taxonomy_scope; `billing`: it is 2010AA itself."""

    provider: Provider
    scope: Row
    billing: bool


def renderer(claim: Claim, ctx: Context, line: ServiceLine) -> Renderer | None:
    """Who rendered the line, where its taxonomy is one that the table judges."""
    provider = claim.rendering(line)
    if provider is None or not provider.taxonomy:
        return None
    scope = ctx.find("taxonomy_scope", provider.taxonomy[:4].upper(), line)
    return Renderer(provider, scope, provider is claim.billing) if scope is not None else None
