"""A WebSocket server that knows nothing of Vestibule: it listens where HOST and PORT say, once it is ready."""

import asyncio
import os
import signal

from websockets import serve


async def echo(websocket):
    async for message in websocket:
        await websocket.send(message)


async def main():
    await asyncio.sleep(float(os.environ.get("STARTUP_SECONDS", "3")))  # models, caches, connections
    stop = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set_result, None)
    async with serve(echo, os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8081"))):
        await stop


asyncio.run(main())
