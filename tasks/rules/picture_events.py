"""What events about pictures and pins do to a board."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .boards import Board, Picture, Pin


def _picture_add(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    board.pictures[seq] = Picture(
        id=seq, author=actor, image=said["image"], text=said["text"], width=said["width"], height=said["height"]
    )


def _picture_delete(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    board.pictures[said["picture"]].gone = True


def _pin_add(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    board.pins[seq] = Pin(
        id=seq,
        picture=said["picture"],
        number=said["number"],
        author=actor,
        x=said["x"],
        y=said["y"],
        text=said["text"],
    )


def _pin_delete(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    board.pins[said["pin"]].gone = True


HOW = {
    "picture.add": _picture_add,
    "picture.delete": _picture_delete,
    "pin.add": _pin_add,
    "pin.delete": _pin_delete,
}
