"""What a project file and an exported page carry. Never written by a model."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from studio.blueprints.base import FirstVersion, Model, many, shaped, slot, switch, text
from studio.blueprints.blueprint import Blueprint


class Origin(Model):
    """Tell where the words at a place of the blueprint come from, and whether somebody checked them."""

    from_: Annotated[str, Field(alias="from"), shaped("^(typed|facts:[a-z0-9-]{1,60}|model:.{1,160})$")]
    checked: Annotated[bool, switch("Checked")]


class Credit(Model):
    """Name a project that this one began from."""

    id: Annotated[str, text(64)]
    title: Annotated[str, text(60)]
    by: Annotated[str, text(60, least=0)]


class Asset(Model):
    """Hold one picture or sound of the maker."""

    mime: Literal["image/png", "image/jpeg", "image/webp", "audio/wav", "audio/ogg"]
    sha256: Annotated[str, shaped("^[0-9a-f]{64}$")]
    data: Annotated[
        str, Field(strict=True, max_length=700_000, json_schema_extra={"contentEncoding": "base64"})
    ]


class ProjectDocument(Model):
    """Hold a whole project: the blueprint, and what hangs on it."""

    format: Literal["sprout-project"]
    version: Annotated[Literal[1], FirstVersion()]
    id: Annotated[str, shaped("^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]
    title: Annotated[str, text(60, "Name")]
    kind: Annotated[Literal["blueprint", "code"], slot("Kind")]
    blueprint: Blueprint | None
    html: Annotated[str, text(2_000_000, least=0)] | None
    prompts: Annotated[tuple[Annotated[str, text(4000, least=0)], ...], many(None, 200)]
    block_ids: Annotated[tuple[Annotated[str, shaped("^[a-z0-9]{8}$")], ...], many(None, 6)]
    locks: Annotated[tuple[Annotated[str, text(200)], ...], many(None, 100)]
    origins: Annotated[Mapping[str, Origin], many(None, 400)]
    credits: Annotated[tuple[Credit, ...], many(None, 20)]
    assets: Annotated[Mapping[str, Asset], many(None, 60)]
    models: Annotated[Mapping[str, Mapping[str, Any]], many(None, 4)]
    made_with: Annotated[str, text(80)]
