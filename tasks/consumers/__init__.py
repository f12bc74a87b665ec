"""Sockets of tasks."""

from .rooms import RoomConsumer

__all__ = ["RoomConsumer"]
