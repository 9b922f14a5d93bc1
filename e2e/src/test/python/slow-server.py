# Echoes, on HOST and PORT, after so many seconds in which it does not listen: argument 1.
import asyncio
import os
import sys
import time

import websockets


async def echo(websocket):
    async for message in websocket:
        await websocket.send(message)


async def main():
    time.sleep(float(sys.argv[1]))
    host = os.environ.get("HOST", "127.0.0.1")
    began = time.time_ns() // 1_000_000
    async with websockets.serve(echo, host, int(os.environ.get("PORT", "0"))) as server:
        port = server.sockets[0].getsockname()[1]
        print(f"server: port {port} pid {os.getpid()} listens since {began}", flush=True)
        await asyncio.Future()


asyncio.run(main())
