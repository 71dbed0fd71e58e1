"""Who is let through while a store's files are handled, and who waits."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from gapmap.stores.turnstile import EVERYONE, StoreBusy, Turnstile


def in_thread(work: Callable[[], Any]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_readers_go_on_while_writers_are_held() -> None:
    turnstile, order = Turnstile(), []

    def write() -> None:
        with turnstile.passing("writing"):
            order.append("written")

    def read() -> None:
        with turnstile.passing("reading"):
            order.append("read")

    with turnstile.held("writing"):
        writer = in_thread(write)
        in_thread(read).join()
        order.append("let in")
    writer.join()
    assert order == ["read", "let in", "written"]


def test_who_is_inside_leaves_first() -> None:
    turnstile, order = Turnstile(), []
    inside, leave = threading.Event(), threading.Event()

    def read() -> None:
        with turnstile.passing("reading"):
            inside.set()
            leave.wait(10)
            with turnstile.passing("reading"):  # again, although it is held meanwhile
                order.append("left")

    def hold() -> None:
        with turnstile.held(*EVERYONE):
            order.append("held")

    reader = in_thread(read)
    inside.wait(10)
    holder = in_thread(hold)
    while not turnstile._held:
        pass
    leave.set()
    reader.join()
    holder.join()
    assert order == ["left", "held"]


def test_the_holder_passes() -> None:
    turnstile = Turnstile(patience=0.01)
    with turnstile.held(*EVERYONE), turnstile.passing("reading"), turnstile.passing("writing"):
        pass
    with turnstile.passing("reading"):
        pass


def raised_in_thread(work: Callable[[], Any]) -> list[str]:
    said: list[str] = []

    def attempt() -> None:
        try:
            work()
        except StoreBusy as busy:
            said.append(str(busy))

    in_thread(attempt).join()
    return said


def test_nobody_waits_for_ever() -> None:
    turnstile = Turnstile(patience=0.05)

    def pass_through() -> None:
        with turnstile.passing("reading"):
            pass

    def hold() -> None:
        with turnstile.held("writing"):
            pass

    with turnstile.held(*EVERYONE):
        assert raised_in_thread(pass_through) == [
            "the store is being copied or replaced; try again in a minute"
        ]
        assert len(raised_in_thread(hold)) == 1
    with turnstile.passing("writing"):
        assert raised_in_thread(hold) == [
            "others are still at work in the store; nothing was changed"
        ]
    assert raised_in_thread(hold) == []
    assert raised_in_thread(pass_through) == []


def test_a_fault_inside_lets_the_others_in() -> None:
    turnstile = Turnstile(patience=0.05)
    for hold in (turnstile.held(*EVERYONE), turnstile.passing("writing")):
        with pytest.raises(KeyError), hold:
            raise KeyError
    with turnstile.held(*EVERYONE):
        pass
