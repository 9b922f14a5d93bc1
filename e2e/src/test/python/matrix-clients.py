"""The clients of Python: python3 matrix-clients.py HOUSE=PORT...

Says ready, waits for a line on its input, calls at every house, and tells what a program is told:
saw|CLIENT|HOUSE|WHAT, and end|... when it hears no more of that attempt.
"""
import asyncio
import sys

import websockets
from websockets.version import version

HOUSES = [arg.split("=") for arg in sys.argv[1:] if not arg.startswith("warm=")]


def tell(*what):
    print("|".join(what), flush=True)


def connect(port, client):
    return websockets.connect(f"ws://127.0.0.1:{port}/echo?client={client}", subprotocols=["chat.v1"])


async def talk(socket, client, house):
    tell("saw", client, house, "open")
    await socket.send("hello")
    while True:
        await socket.recv()
        tell("saw", client, house, "echo")


def close(closed):
    frame = closed.rcvd
    said = f'close {frame.code} "{frame.reason}"' if frame else "no close frame"
    return f"{type(closed).__name__}: {said}"


async def once(house, port):
    client = "python-connect"
    try:
        async with connect(port, client) as socket:
            await talk(socket, client, house)
    except websockets.ConnectionClosed as closed:
        tell("end", client, house, close(closed))
    except websockets.InvalidStatusCode as refused:
        after = refused.headers.get("Retry-After")
        tell("end", client, house,
             f"{type(refused).__name__}: {refused}; with the response: {refused.status_code}, Retry-After {after}")
    except Exception as failure:
        tell("end", client, house, f"{type(failure).__name__}: {failure}")


async def for_ever(house, port):
    client = "python-loop"
    async for socket in connect(port, client):
        try:
            await talk(socket, client, house)
        except websockets.ConnectionClosed as closed:
            tell("end", client, house, close(closed))


async def main():
    tell("version", "python-connect", version)
    tell("version", "python-loop", version)
    tell("ready")
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    await asyncio.gather(*(f(house, port) for house, port in HOUSES for f in (once, for_ever)))


asyncio.run(main())
